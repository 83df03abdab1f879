"""`POST /api/v1/operations`: what happened with customers, sent by another system. Answers 200 only after the records are on the disk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from huiyin.server.collect.sources.rest.services import BodyRefused, parsed
from huiyin.server.understand.operations.api_feeds import router as feeds
from huiyin.server.understand.operations.services import MOST, RecordsRefused, api_feed, records_keep
from huiyin.server.web.problem_documents import problem
from huiyin.server.web.rights import needs

router = Router(tags=["operations"])
router.add_router("", feeds)

_FIELDS: dict[str, Any] = {name: {"type": "string"} for name in ("id", "customer_id", "order_id", "product", "region", "store", "segment", "status")}
_FIELDS |= {
    "kind": {"type": "string", "enum": ["order", "ticket", "usage", "churn", "revenue"]},
    "occurred_at": {"type": "string", "description": "ISO 8601"},
    "amount": {"type": "number"},
    "attributes": {"type": "object", "additionalProperties": {"type": "string"}},
}
RECORD: dict[str, Any] = {"type": "object", "properties": _FIELDS, "required": ["occurred_at"], "additionalProperties": True}
_LIST = {"type": "array", "items": RECORD, "maxItems": MOST}
_BODY = {"oneOf": [_LIST, {"type": "object", "properties": {"records": _LIST}, "required": ["records"]}]}
_PROBLEM = {"description": "problem document", "content": {"application/problem+json": {"schema": {"type": "object"}}}}
_KEPT = {"type": "object", "properties": {"kept": {"type": "integer"}}}
_DESCRIBED = {
    "parameters": [{"in": "query", "name": "feed", "schema": {"type": "string"}, "description": "key of an API feed; the default one if unsaid"}],
    "requestBody": {"required": True, "content": {"application/json": {"schema": _BODY}}},
    "responses": {
        "200": {"description": "kept for good", "content": {"application/json": {"schema": _KEPT}}},
        **{str(one): _PROBLEM for one in (400, 401, 403, 404, 413, 422)},
    },
}


@router.post("/operations", url_name="operations", openapi_extra=_DESCRIBED)
@needs("operations.manage")
def post_operations(request: HttpRequest) -> HttpResponse:
    """Send up to 5,000 records, all or nothing. The same id again replaces the record."""
    try:
        kept = records_keep(api_feed(request.GET.get("feed", "")), parsed(request.body))
    except BodyRefused as error:
        return problem(error.status, error.code, error.message_zh, error.message_en, **error.more)
    except RecordsRefused as error:
        more = {} if error.index is None else {"index": error.index}
        return problem(404 if error.code == "no_such_feed" else 422, error.code, error.message_zh, error.message_en, **more)
    return JsonResponse({"kept": kept})
