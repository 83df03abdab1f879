"""Reading audit rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.audit.services import FIRST, seal_of


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What the reader of the audit screen asks for."""

    actor: int | None = None
    kind: str = ""
    words: str = ""
    since: date | None = None
    until: date | None = None


def entries(asked: EntryFilter) -> Any:
    """The rows that match, newest first."""
    rows = AuditEntry.objects.select_related("actor")
    if asked.actor:
        rows = rows.filter(actor_id=asked.actor)
    if asked.kind:
        rows = rows.filter(verb__startswith=f"{asked.kind}.")
    if asked.words:
        rows = rows.filter(
            Q(object_name__icontains=asked.words) | Q(object_id=asked.words) | Q(actor_name__icontains=asked.words) | Q(request_id=asked.words)
        )
    if asked.since:
        rows = rows.filter(at__gte=_start_of(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=_start_of(date.fromordinal(asked.until.toordinal() + 1)))
    return rows


def kinds() -> list[str]:
    """The kinds of change that occur, the part of the verb before the dot."""
    return sorted({verb.split(".")[0] for verb in AuditEntry.objects.order_by().values_list("verb", flat=True).distinct()})


def first_broken() -> AuditEntry | None:
    """The oldest row whose seal does not fit, or None: the history is as it was written.

    A removed row shows as a break at the row after it. Rows cut off at the end show only against a copy of the last seal kept elsewhere.
    """
    previous = FIRST
    for entry in _oldest_first():
        if entry.previous != previous or entry.seal != seal_of(entry):
            return entry
        previous = entry.seal
    return None


def _oldest_first() -> Iterator[AuditEntry]:
    yield from AuditEntry.objects.order_by("id").iterator(chunk_size=1000)


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
