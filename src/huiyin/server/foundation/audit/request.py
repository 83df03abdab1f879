"""What is known of the request being served, for audit rows and logs, without handing it through every call."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from huiyin.server.foundation.asking import one_request


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change came from."""

    ip: str = ""
    request_id: str = ""


_origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - frozen


def current_origin() -> Origin:
    """The request being served by this thread, or an empty origin for jobs and commands."""
    return _origin.get()


class RequestMiddleware:
    """Gives each request an id, which the answer carries too, so that a person can report it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serves the request under its id."""
        origin = Origin(client_ip(request), secrets.token_hex(8))
        request.request_id = origin.request_id
        before = _origin.set(origin)
        try:
            with one_request():
                response = self.get_response(request)
        finally:
            _origin.reset(before)
        response.headers["X-Request-Id"] = origin.request_id
        return response


def client_ip(request: HttpRequest) -> str:
    """The address of the client; behind trusted proxies, the one that the outermost of them saw."""
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    if count and len(forwarded) >= count:
        return str(forwarded[-count])[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
