"""`/api/v1/audit`: who changed what, for whoever keeps records elsewhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema

from huiyin.server.foundation.audit.files import audit_file
from huiyin.server.foundation.audit.selectors import EntryFilter, entries
from huiyin.server.web.parts import part_of
from huiyin.server.web.rights import needs

router = Router(tags=["audit"])
prefix = "/audit"
_MOST = 2**62
_FIRST, _LAST = date(1970, 1, 2), date(9998, 12, 31)


class EntryOut(Schema):
    """One change, sealed over the one before it."""

    id: int
    at: datetime
    actor_name: str
    key_name: str
    verb: str
    object_type: str
    object_id: str
    object_name: str
    before: Any
    after: Any
    ip: str
    request_id: str
    seal: str


class EntryPage(Schema):
    """A part of the record, newest first; `next` is the `before` of the part that follows, null at the end."""

    items: list[EntryOut]
    next: int | None


class Asked(Schema):
    """What of the record; `kind` is the part of the verb before the dot."""

    actor: int | None = Query(None, ge=1, le=_MOST)
    kind: str = Query("", max_length=40)
    words: str = Query("", max_length=100)
    since: date | None = Query(None, ge=_FIRST, le=_LAST)
    until: date | None = Query(None, ge=_FIRST, le=_LAST)

    @property
    def filter(self) -> EntryFilter:
        """As the selectors take it."""
        return EntryFilter(self.actor, self.kind, self.words, self.since, self.until)


@router.get("", response=EntryPage, url_name="audit")
@needs("audit.read")
def listed(request: HttpRequest, asked: Query[Asked], before: int = Query(_MOST, ge=1, le=_MOST), size: int = Query(100, ge=1, le=500)) -> Any:
    """Changes, newest first; `before` is the id of the last one seen."""
    return part_of(entries(asked.filter), before, size)


@router.get("/export", url_name="audit_export", openapi_extra={"responses": {"200": {"content": {"text/csv": {}}}}})
@needs("audit.export")
def export(request: HttpRequest, asked: Query[Asked]) -> StreamingHttpResponse:
    """The same as CSV; taking it is recorded."""
    return audit_file(request, asked.filter)
