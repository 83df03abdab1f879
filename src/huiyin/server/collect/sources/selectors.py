"""Reads of sources: the ingest monitor and the source page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from huiyin.server.collect.feedback.selectors import Arrivals, arrivals, lags, quantile
from huiyin.server.collect.sources.adapters import adapters
from huiyin.server.collect.sources.models import Source, SourceRun

_IN_TROUBLE, _REMEMBERED = "sources.in_trouble", 15


@dataclass(frozen=True, slots=True)
class Line:
    """One source of the monitor. Lags are seconds from received to readable, of the latest five hundred voices."""

    source: Source
    kind_name: str
    arrivals: Arrivals
    p50: float | None
    p95: float | None
    silent: timedelta | None
    """How long nothing came, where that is longer than the source allows."""
    failed: bool
    """Whether the last run failed."""

    @property
    def trouble(self) -> bool:
        """Whether somebody should look."""
        return self.source.enabled and (self.silent is not None or self.failed)


def monitor() -> list[Line]:
    """Every source; those in trouble first, then by name."""
    last_state = SourceRun.objects.filter(source=OuterRef("pk")).order_by("-id").values("state")[:1]
    sources = list(Source.objects.annotate(last_state=Subquery(last_state)))
    came = arrivals([one.pk for one in sources])
    lines = [_line(one, came.get(one.pk, Arrivals())) for one in sources]
    return sorted(lines, key=lambda line: (not line.trouble, not line.source.enabled, line.source.name, line.source.pk))


def _line(source: Source, came: Arrivals) -> Line:
    ordered = lags(source.pk)
    failed = getattr(source, "last_state", None) == SourceRun.State.FAILED
    kind = adapters().get(source.kind)
    name = str(kind.name) if kind else source.kind
    return Line(source, name, came, quantile(ordered, 0.5), quantile(ordered, 0.95), _silent(source, came.last), failed)


def _silent(source: Source, last: datetime | None) -> timedelta | None:
    if not source.stale_after_hours or not source.enabled:
        return None
    quiet = timezone.now() - (last or source.created_at)
    return quiet if quiet > timedelta(hours=source.stale_after_hours) else None


def line_of(source: Source) -> Line:
    """The monitor's line of one source."""
    last = SourceRun.objects.filter(source=source).order_by("-id").values_list("state", flat=True).first()
    source.last_state = last
    return _line(source, arrivals([source.pk]).get(source.pk, Arrivals()))


def runs_of(source: Source, most: int = 20) -> list[SourceRun]:
    """The latest runs, without drafts of the upload wizard."""
    return [run for run in SourceRun.objects.filter(source=source).select_related("job").order_by("-id")[:most] if not run.options.get("draft")]


def upload_sources() -> QuerySet[Source]:
    """Sources that files can be handed in to."""
    return Source.objects.filter(kind="upload", enabled=True).order_by("name")


def in_trouble() -> int:
    """How many sources somebody should look at; for the side bar, at most some seconds old, for every page asks it."""
    return int(cache.get_or_set(_IN_TROUBLE, lambda: sum(line.trouble for line in monitor()), _REMEMBERED))
