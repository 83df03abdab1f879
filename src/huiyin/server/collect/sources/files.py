"""What the screens and the interface show and hand out alike: records of a preview, rejects as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from huiyin.server.collect.feedback.selectors import rejected_rows
from huiyin.server.collect.sources.models import Source
from huiyin.server.web.taking import csv_file, dated

_SHOWN = 400


def preview_shown(record: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields of a record that hold something, shortened."""
    return [(name, str(value)[:_SHOWN]) for name, value in record.items() if value not in (None, "", [], {})]


def rejects_file(source: Source) -> StreamingHttpResponse:
    """What could not be used as CSV, to mend and hand in again."""
    return csv_file(_table(source), dated(f"rejects-{source.key}", "csv"))


def _table(source: Source) -> Iterator[list[Any]]:
    yield ["id", "received_at", "place", "reason", "detail"]
    for row in rejected_rows(source.pk).iterator(chunk_size=1000):
        yield [row.pk, timezone.localtime(row.received_at).isoformat(), row.place, row.reason, row.detail]
