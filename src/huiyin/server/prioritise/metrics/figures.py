"""The one place that makes a number: its value, its interval, what stands behind it, its change against the period before.

Whoever shows, sends or writes a number asks here, so that it is the same everywhere. `where` is narrowed by the caller to the rows
that the person may see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.utils.translation import gettext as _

from huiyin.facts import Filter
from huiyin.insight import indicators, metrics
from huiyin.insight.comparing.groups import difference_of_shares
from huiyin.insight.findings import Estimate, Verdict
from huiyin.insight.indicators import Unit
from huiyin.server.prioritise.metrics.catalogue import DIMENSIONS, METRICS, REASONS, Metric
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import reckoned

Grain = Literal["day", "week", "month"]
CHURN_DAYS = 90
_MOST = 62
"""Points of a line."""
_LISTED = 12
"""Values of a breakdown."""


@dataclass(frozen=True, slots=True)
class Mark:
    """So many voices, customers or opinions, and the filter that opens exactly them."""

    count: int
    unit: Unit
    where: Filter


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the catalogue over a filter. Shares and their changes are scaled as they are shown."""

    metric: Metric
    where: Filter
    value: Estimate
    behind: Mark
    """What `value.n` counts."""
    part: Mark | None = None
    """Of a share: those inside it."""
    reason: str = ""
    """Why nothing is shown, a key of `REASONS`; empty where something is."""
    top: float | None = None
    """Top of the scale of a score."""
    before: Estimate | None = None
    before_where: Filter | None = None
    change: Estimate | None = None
    """Difference in the metric's own unit; of a count the ratio after ÷ before."""
    verdict: Verdict = "unknown"
    at: datetime | None = None

    @property
    def why_hidden(self) -> str:
        """The reason in words."""
        return str(REASONS[self.reason]) % {"n": self.value.n} if self.reason else ""

    @property
    def good(self) -> bool | None:
        """Whether a proven change is for the better; None where none is proven or neither is."""
        if self.verdict not in ("up", "down") or not self.metric.direction:
            return None
        return (self.verdict == "up") == (self.metric.direction > 0)

    @property
    def unit(self) -> str:
        """What is written behind the value."""
        if self.metric.kind in ("ces", "mean") and self.top:
            return f"/ {self.top:g}"
        return str(self.metric.unit)


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a line."""

    start: date
    end: date
    figure: Figure


@dataclass(frozen=True, slots=True)
class Piece:
    """One value of a breakdown; `value` is empty where it is not stated."""

    value: str
    figure: Figure


def figure(metric_key: str, where: Filter, compare: bool = False) -> Figure:
    """A metric over a filter; `compare` adds the change against as many days before (a filter without both days has none).

    Raises:
        KeyError: there is no such metric.
    """
    metric = METRICS[metric_key]
    found = reckoned(("figure", metric.key, where.to_query(), compare), lambda: _made(metric, where, compare))
    return replace(found.value, at=found.at)


def series(metric_key: str, where: Filter, grain: Grain = "week") -> tuple[Point, ...]:
    """The metric period by period, each the same number that `figure` gives for its days; the last `_MOST` periods at most."""
    metric, asked = METRICS[metric_key], where.to_query()

    def make() -> tuple[Point, ...]:
        found = []
        for start, end in _periods(where, grain, whole=metric.way == "count"):
            here = replace(where, since=start, until=end)
            found.append(Point(start, end, _made(metric, here, compare=False)))
        return tuple(found)

    return reckoned(("series", metric.key, asked, grain), make).value


def broken_down(metric_key: str, where: Filter, dimension: str, most: int = _LISTED) -> tuple[Piece, ...]:
    """The metric for each of the commonest values of a dimension, those with the most voices first.

    Raises:
        ValueError: the metric is not broken down by that.
    """
    metric = METRICS[metric_key]

    def make() -> tuple[Piece, ...]:
        return tuple(Piece(value, _made(metric, _narrowed(where, dimension, value), compare=False)) for value in values_of(where, dimension, most))

    return reckoned(("broken down", metric.key, where.to_query(), dimension, most), make).value


def values_of(where: Filter, dimension: str, most: int = _LISTED) -> list[str]:
    """The commonest values of a dimension within a filter; `""` stands for voices that do not state it."""
    if dimension not in DIMENSIONS:
        raise ValueError(f"dimension: {dimension!r}")
    return reckoned(("values", where.to_query(), dimension, most), lambda: _values(where, dimension, most)).value


def _values(where: Filter, dimension: str, most: int) -> list[str]:
    named = "opinion", "aspect IS NOT NULL", "count(DISTINCT feedback_id)"
    table, condition, counted = named if dimension == "aspect" else ("voice", "TRUE", "count(*)")
    rows = facts_store().query(
        f"SELECT coalesce({dimension}, '') AS value, {counted} AS n FROM {table} WHERE {condition} GROUP BY 1 ORDER BY n DESC, value LIMIT ?",
        [most],
        where,
    )
    found: list[str] = rows["value"].to_pylist()
    # A dimension that nobody states has nothing to tell.
    return [] if found == [""] else found


def before_of(where: Filter) -> Filter | None:
    """As many days right before; None where the filter has no first or no last day."""
    if where.since is None or where.until is None or where.until < where.since:
        return None
    days = (where.until - where.since).days + 1
    return replace(where, since=where.since - timedelta(days=days), until=where.since - timedelta(days=1))


def covered_before(where: Filter) -> Filter | None:
    """The period before, if the facts reach back to its first day: a count is not compared with days nobody listened on."""
    earlier = before_of(where)
    known = extent(Filter()) if earlier else None
    return earlier if earlier and earlier.since and known and known[0] <= earlier.since else None


def _narrowed(where: Filter, dimension: str, value: str) -> Filter:
    parts: dict[str, Any] = {dimension: (value,)}
    return where & Filter(**parts)


def _made(metric: Metric, where: Filter, compare: bool) -> Figure:
    found = _MAKERS[metric.way](metric, where)
    asked_before = covered_before if metric.way == "count" else before_of
    earlier = asked_before(where) if compare else None
    if earlier is None:
        return found
    past = _MAKERS[metric.way](metric, earlier)
    found = replace(found, before=past.value, before_where=earlier)
    if found.reason or past.reason:
        return found
    change, verdict = _CHANGES[metric.way](metric, earlier, where, past, found)
    return replace(found, change=_scaled(change, metric.scale), verdict=verdict)


def _scaled(one: Estimate, scale: float) -> Estimate:
    value, low, high = (None if edge is None else edge * scale for edge in (one.value, one.low, one.high))
    return Estimate(value, low, high, one.n)


# --- scores


def _score(metric: Metric, where: Filter) -> Figure:
    assert metric.kind is not None
    # A rating of no named metric is a metric of its own: stars of a shop are not averaged with recommendations.
    asked = where & Filter(metric=("",)) if metric.kind == "mean" else where
    main = metrics.measure(facts_store(), metric.kind, asked, minimum=metric.minimum)
    answers = asked & Filter(scored=True) & (Filter(metric=(metric.kind,)) if metric.kind != "mean" else Filter())
    if main.reason not in ("broken_series", "no_answers") and main.left_out:
        question = {"question": (main.question,)}
        answers = answers & Filter(scale=(main.scale_max or 0.0,), attributes=question)
    return Figure(metric, where, main.value, Mark(main.value.n, "voices", answers), reason=main.reason or "", top=main.scale_max)


def _score_change(metric: Metric, before: Filter, after: Filter, past: Figure, now: Figure) -> tuple[Estimate, Verdict]:
    assert metric.kind is not None
    narrow = Filter(metric=("",)) if metric.kind == "mean" else Filter()
    found = metrics.difference(facts_store(), metric.kind, before & narrow, after & narrow, minimum=metric.minimum)
    return found.difference, found.verdict


# --- shares


def sides(metric: Metric, where: Filter) -> tuple[Filter, Filter]:
    """(part, whole) of a share. What a filter asks of opinions narrows the part only, unless opinions are what is counted."""
    whole = where
    if not metric.of_opinions:
        whole = replace(where, aspect=(), polarity=(), intent=(), urgency=(), emotion=(), effort=())
    return where & metric.part, whole & metric.whole


def _share(metric: Metric, where: Filter) -> Figure:
    part, whole = sides(metric, where)
    return share_figure(metric, where, indicators.share(facts_store(), metric.counted, part, whole, metric.minimum))


def share_figure(metric: Metric, where: Filter, found: indicators.Share) -> Figure:
    """The figure of a share that was counted."""
    part, whole = sides(metric, where)
    reason = "" if found.value.value is not None else "too_few" if found.value.n else "nothing"
    marks = Mark(found.value.n, metric.counted, whole), Mark(found.part, metric.counted, part)
    return Figure(metric, where, _scaled(found.value, metric.scale), *marks, reason=reason)


def _share_change(metric: Metric, before: Filter, after: Filter, past: Figure, now: Figure) -> tuple[Estimate, Verdict]:
    found = indicators.share_shift(facts_store(), metric.counted, sides(metric, before), sides(metric, after), metric.minimum)
    return found.change, found.verdict


# --- counts


def _count(metric: Metric, where: Filter) -> Figure:
    return count_figure(metric, where, indicators.count(facts_store(), metric.counted, where & metric.part))


def count_figure(metric: Metric, where: Filter, n: int) -> Figure:
    """The figure of a count."""
    return Figure(metric, where, Estimate(float(n), None, None, n), Mark(n, metric.counted, where & metric.part))


def _count_change(metric: Metric, before: Filter, after: Filter, past: Figure, now: Figure) -> tuple[Estimate, Verdict]:
    found = indicators.count_shift(facts_store(), metric.counted, before & metric.part, after & metric.part)
    return found.change, found.verdict


# --- churn


def cohort_of(where: Filter) -> Filter:
    """The known customers whose 90 days ended in the period."""
    days = timedelta(days=CHURN_DAYS)
    shifted = replace(where, since=where.since - days if where.since else None, until=where.until - days if where.until else None)
    return shifted & Filter(named=True)


def _churn(metric: Metric, where: Filter) -> Figure:
    cohort = cohort_of(where)
    found = indicators.churned(facts_store(), cohort, CHURN_DAYS)
    if found is None:
        n = indicators.count(facts_store(), "customers", cohort)
        return Figure(metric, where, Estimate(None, None, None, n), Mark(n, "customers", cohort), reason="no_operations")
    reason = "" if found.value.value is not None else "too_few"
    return Figure(metric, where, _scaled(found.value, metric.scale), Mark(found.value.n, "customers", cohort), reason=reason)


def _churn_change(metric: Metric, before: Filter, after: Filter, past: Figure, now: Figure) -> tuple[Estimate, Verdict]:
    counts = [round((one.value.value or 0.0) / metric.scale * one.value.n) for one in (now, past)]
    change, p_value = difference_of_shares(counts[0], now.value.n, counts[1], past.value.n)
    return change, "flat" if p_value > 0.05 else "up" if (change.value or 0.0) > 0 else "down"


_MAKERS: dict[str, Callable[[Metric, Filter], Figure]] = {"score": _score, "share": _share, "count": _count, "churn": _churn}
_CHANGES: dict[str, Callable[[Metric, Filter, Filter, Figure, Figure], tuple[Estimate, Verdict]]] = {
    "score": _score_change,
    "share": _share_change,
    "count": _count_change,
    "churn": _churn_change,
}


# --- periods


def extent(where: Filter) -> tuple[date, date] | None:
    """First and last day with a voice within a filter."""

    def read() -> tuple[date, date] | None:
        row = facts_store().query("SELECT min(day) AS first, max(day) AS last FROM voice WHERE day IS NOT NULL", where=where).to_pylist()[0]
        return None if row["first"] is None else (row["first"], row["last"])

    return reckoned(("extent", where.to_query()), read).value


def _periods(where: Filter, grain: Grain, whole: bool) -> list[tuple[date, date]]:
    """The periods that the filter reaches, cut at its first and last day; only `whole` ones where things are counted."""
    known = extent(where)
    if known is None:
        return []
    first, last = where.since or known[0], where.until or known[1]
    found = []
    start = _start_of(first, grain)
    while start <= last:
        following = _next(start, grain)
        end = following - timedelta(days=1)
        if not whole or (start >= first and end <= last):
            found.append((max(start, first), min(end, last)))
        start = following
    return found[-_MOST:]


def _start_of(day: date, grain: Grain) -> date:
    return {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}[grain]


def _next(start: date, grain: Grain) -> date:
    if grain == "month":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    return start + timedelta(days=7 if grain == "week" else 1)


def verdict_words(one: Figure) -> str:
    """The word of the chip: what the test says of the change, never the sign of the number alone."""
    if one.change is None or one.verdict == "unknown":
        return _("比不了")
    if one.verdict == "flat":
        return _("无明显变化")
    if one.good is None:
        return _("确有上升") if one.verdict == "up" else _("确有下降")
    if one.good:
        return _("确有改善")
    return _("确有上升") if one.verdict == "up" else _("确有下降")


def contrast(metric_key: str, first: Filter, second: Filter) -> tuple[Estimate, Verdict]:
    """second − first of a score or share with interval and verdict; nothing for what is only counted."""
    metric = METRICS[metric_key]

    def make() -> tuple[Estimate, Verdict]:
        one, other = _MAKERS[metric.way](metric, first), _MAKERS[metric.way](metric, second)
        if metric.way == "count" or one.reason or other.reason:
            return Estimate(None, None, None, 0), "unknown"
        change, verdict = _CHANGES[metric.way](metric, first, second, one, other)
        return _scaled(change, metric.scale), verdict

    return reckoned(("contrast", metric.key, first.to_query(), second.to_query()), make).value
