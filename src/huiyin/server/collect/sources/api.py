"""`POST /api/v1/feedback` and `/feedback/batch`. Answers 201 or 200 only after the records are committed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from huiyin.server.collect.feedback.models import feedback_id
from huiyin.server.collect.feedback.records import FIELDS, NUMBER_FIELDS
from huiyin.server.collect.feedback.services import Receipt
from huiyin.server.collect.sources.api_sources import router as sources
from huiyin.server.collect.sources.rest.services import MOST, BodyRefused, parsed, source_named, take_many, take_one
from huiyin.server.web.problem_documents import problem
from huiyin.server.web.rights import needs

router = Router(tags=["feedback"])
router.add_router("", sources)


def _field(name: str) -> dict[str, Any]:
    if name == "attributes":
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if name == "occurred_at":
        return {"oneOf": [{"type": "string"}, {"type": "number"}], "description": "ISO 8601, or seconds or milliseconds since 1970"}
    return {"type": "number"} if name in NUMBER_FIELDS else {"type": "boolean"} if name == "invited" else {"type": "string"}


RECORD: dict[str, Any] = {
    "type": "object",
    "properties": {name: _field(name) for name in FIELDS},
    "anyOf": [{"required": ["text"]}, {"required": ["title"]}],
    "additionalProperties": True,
    "description": "text or title is needed; unknown fields are kept as attributes",
}
_RECEIPT = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "external_id": {"type": "string"},
        "status": {"type": "string", "enum": ["created", "same", "changed"]},
    },
    "required": ["id", "external_id", "status"],
}
_PROBLEM = {"description": "problem document", "content": {"application/problem+json": {"schema": {"type": "object"}}}}
_PARAMETERS = [
    {"in": "query", "name": "source", "schema": {"type": "string"}, "description": "key of a REST source; the default one if unsaid"},
    {"in": "header", "name": "Idempotency-Key", "schema": {"type": "string"}, "description": "makes records without an id recognisable"},
]


def _described(body: dict[str, Any], answer: dict[str, Any], statuses: tuple[int, ...]) -> dict[str, Any]:
    answers = {str(one): {"description": "kept for good", "content": {"application/json": {"schema": answer}}} for one in statuses}
    return {
        "parameters": _PARAMETERS,
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": answers | {str(one): _PROBLEM for one in (400, 401, 403, 404, 409, 413, 422)},
    }


@router.post("/feedback", url_name="feedback", openapi_extra=_described(RECORD, _RECEIPT, (201, 200)))
@needs("voices.send")
def post_one(request: HttpRequest) -> HttpResponse:
    """Send one record. 201: kept; 200: it was here already."""
    try:
        source = source_named(request.GET.get("source", ""))
        receipt = take_one(source, parsed(request.body), request.headers.get("Idempotency-Key", ""))
    except BodyRefused as error:
        return problem(error.status, error.code, error.message_zh, error.message_en, **error.more)
    return JsonResponse(_told(receipt), status=201 if receipt.status == "created" else 200)


_LIST = {"type": "array", "items": RECORD, "maxItems": MOST}
_MANY = {"oneOf": [_LIST, {"type": "object", "properties": {"records": _LIST}, "required": ["records"]}]}
_RECEIPTS = {"type": "object", "properties": {"receipts": {"type": "array", "items": _RECEIPT}, "created": {"type": "integer"}}}


@router.post("/feedback/batch", url_name="feedback_batch", openapi_extra=_described(_MANY, _RECEIPTS, (200,)))
@needs("voices.send")
def post_many(request: HttpRequest) -> HttpResponse:
    """Send up to 5,000 records, all or nothing."""
    try:
        source = source_named(request.GET.get("source", ""))
        receipts = take_many(source, parsed(request.body), request.headers.get("Idempotency-Key", ""))
    except BodyRefused as error:
        return problem(error.status, error.code, error.message_zh, error.message_en, **error.more)
    created = sum(one.status == "created" for one in receipts)
    return JsonResponse({"created": created, "receipts": [_told(one) for one in receipts]})


def _told(receipt: Receipt) -> dict[str, str]:
    return {"id": feedback_id(receipt.number), "external_id": receipt.external_id, "status": receipt.status}
