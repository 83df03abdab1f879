"""Every error of `/api/v1/` as a problem document (RFC 9457): a stable code, one line in both languages, never a traceback."""

from __future__ import annotations

import logging
import math
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from huiyin.facts import FactsError
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.web.problem_documents import problem

_LOG = logging.getLogger(__name__)
_TOLD: dict[int, tuple[str, str, str]] = {
    400: ("bad_request", "请求读不懂", "The request cannot be read"),
    401: ("not_signed_in", "需要有效的接口密钥", "A valid API key is needed"),
    403: ("not_allowed", "没有这个权限", "This is not allowed"),
    404: ("not_found", "没有这一项", "There is no such thing"),
    409: ("conflict", "与现在的状态冲突", "This conflicts with the present state"),
    422: ("not_valid", "有字段不对", "Some fields are not right"),
}


_DOCUMENT = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "title_en": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
    "required": ["type", "title", "status", "code"],
}
_STATUSES = (400, 401, 403, 404, 409, 413, 422, 429, 503)


def refusable(operation: dict[str, Any]) -> None:
    """Write into an operation of the schema how it may be refused, where it does not say so itself."""
    answers = operation.setdefault("responses", {})
    for status in _STATUSES:
        if status not in answers and str(status) not in answers:
            answers[str(status)] = {"description": "problem document", "content": {"application/problem+json": {"schema": _DOCUMENT}}}


def refuse(api: NinjaAPI) -> None:
    """Teach an API to say its errors so."""
    api.add_exception_handler(PermissionDenied, lambda request, error: _plain(403, right=str(error)) if str(error) else _plain(403))
    api.add_exception_handler(AuthenticationError, lambda request, error: _plain(401))
    api.add_exception_handler(Http404, lambda request, error: _plain(404))
    api.add_exception_handler(Throttled, _throttled)
    api.add_exception_handler(ValidationError, _not_valid)
    api.add_exception_handler(HttpError, _said)
    api.add_exception_handler(Refused, lambda request, error: problem(422, "refused", str(error), "The change was not made; the title says why."))
    api.add_exception_handler(FactsError, _no_facts)


def _plain(status: int, **more: Any) -> HttpResponse:
    code, zh, en = _TOLD[status]
    return problem(status, code, zh, en, **more)


def _said(request: HttpRequest, error: Any) -> HttpResponse:
    code, zh, en = _TOLD.get(error.status_code, ("refused", "不能这样做", "This cannot be done"))
    return problem(error.status_code, code, zh, en, detail=str(error))


def _not_valid(request: HttpRequest, error: Any) -> HttpResponse:
    """Which fields, and why; never what was sent."""
    wrong = [{"field": ".".join(str(part) for part in one.get("loc", ())), "reason": str(one.get("msg", ""))} for one in error.errors]
    code, zh, en = _TOLD[422]
    return problem(422, code, zh, en, errors=wrong)


def _throttled(request: HttpRequest, error: Any) -> HttpResponse:
    wait = max(math.ceil(error.wait or 1), 1)
    response = problem(429, "too_many_requests", f"太频繁，{wait} 秒后再来", f"Too many requests; come back in {wait} seconds", retry_after=wait)
    response.headers["Retry-After"] = str(wait)
    return response


def _no_facts(request: HttpRequest, error: Any) -> HttpResponse:
    _LOG.warning("an answer needed the facts: %s", error)
    return problem(503, "facts_closed", "数据仓暂时不能读", "The facts cannot be read at the moment")
