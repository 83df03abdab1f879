"""The record of changes as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from huiyin.server.foundation.audit.selectors import EntryFilter, entries
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.writing import state_write
from huiyin.server.web.taking import csv_file, dated


def audit_file(request: HttpRequest, asked: EntryFilter) -> StreamingHttpResponse:
    """The rows that match as CSV; taking it is itself recorded."""
    with state_write():
        record("audit.exported", "", actor=request.user, object_type="audit", object_name=request.GET.urlencode() or "—")
    return csv_file(_table(asked), dated("audit", "csv"))


def _table(asked: EntryFilter) -> Iterator[list[Any]]:
    yield ["id", "at", "actor", "key", "verb", "object_type", "object_id", "object_name", "before", "after", "ip", "request_id", "seal"]
    for one in entries(asked).iterator(chunk_size=1000):
        yield [
            one.pk,
            timezone.localtime(one.at).isoformat(),
            one.actor_name,
            one.key_name,
            one.verb,
            one.object_type,
            one.object_id,
            one.object_name,
            json.dumps(one.before, ensure_ascii=False) if one.before is not None else "",
            json.dumps(one.after, ensure_ascii=False) if one.after is not None else "",
            one.ip,
            one.request_id,
            one.seal,
        ]
