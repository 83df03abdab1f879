"""Long lists over the REST interface, newest first, a part at a time."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet


def part_of(rows: QuerySet[Any], before: int, size: int) -> dict[str, Any]:
    """`items` and the `before` of the part that follows (`next`; None at the end), so that what comes in meanwhile moves nothing."""
    found = list(rows.filter(pk__lt=before)[: size + 1])
    return {"items": found[:size], "next": found[size - 1].pk if len(found) > size else None}
