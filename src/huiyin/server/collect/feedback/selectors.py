"""Reads of the inbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from huiyin.server.collect.feedback.models import Inbox

_LAGS = 500


def waiting_rows(most: int) -> list[Inbox]:
    """Rows that wait to be read, with their sources: single ones before those of long runs, each the oldest first."""
    return list(Inbox.objects.filter(state=Inbox.State.NEW).select_related("source").order_by("bulk", "id")[:most])


def waiting_count() -> int:
    """How many rows wait."""
    return Inbox.objects.filter(state=Inbox.State.NEW).count()


def rejected_rows(source_id: int) -> QuerySet[Inbox]:
    """Rows of a source that could not be used, the latest first."""
    return Inbox.objects.filter(source_id=source_id, state=Inbox.State.REJECTED).order_by("-id")


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What a source brought: counts by state, of the last day, and when the last came."""

    total: int = 0
    new: int = 0
    done: int = 0
    rejected: int = 0
    day: int = 0
    last: datetime | None = None


def arrivals(sources: Sequence[int]) -> dict[int, Arrivals]:
    """What each source brought."""
    since = timezone.now() - timedelta(days=1)
    rows = (
        Inbox.objects.filter(source_id__in=sources)
        .values("source_id")
        .annotate(
            total=Count("id"),
            new=Count("id", filter=Q(state=Inbox.State.NEW)),
            done=Count("id", filter=Q(state=Inbox.State.DONE)),
            rejected=Count("id", filter=Q(state=Inbox.State.REJECTED)),
            day=Count("id", filter=Q(received_at__gte=since)),
            last=Max("received_at"),
        )
    )
    return {row.pop("source_id"): Arrivals(**row) for row in rows}


def lags(source_id: int) -> list[float]:
    """Seconds from received to readable of the latest rows of a source, sorted."""
    rows = Inbox.objects.filter(source_id=source_id, done_at__isnull=False).order_by("-done_at")[:_LAGS]
    return sorted(max(0.0, (done - received).total_seconds()) for received, done in rows.values_list("received_at", "done_at"))


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value below which that share of an ordered sample lies (nearest rank); None of nothing.

    >>> quantile([1.0, 2.0, 3.0, 4.0], 0.5)
    2.0
    """
    if not ordered:
        return None
    return ordered[min(len(ordered) - 1, max(0, int(len(ordered) * share + 0.999999) - 1))]
