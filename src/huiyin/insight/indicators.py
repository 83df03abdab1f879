"""Shares and counts of voices, customers and opinions with their uncertainty, and their change against another filter.

Share of voices or opinions: the mean of 0 and 100 over them, its error that of customers (linearised over 512 buckets) and its interval
Wilson's score at the effective number, as a CSAT in `scoring`, for who speaks often says the same often. Share of customers: Wilson's score
interval; two of them differ by Newcombe's method 10 and Fisher's exact test, as in `comparing.groups`.

A count has no error of its own; whether it rose is told by the ratio of counts a day, widened by the Pearson dispersion of the days around
their own period's mean (quasi-Poisson, see `intervals.rate_ratio`). Seven days of either side are the least that tells of dispersion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices
from huiyin.insight.comparing.groups import difference_of_shares
from huiyin.insight.findings import Estimate, Verdict
from huiyin.insight.intervals import rate_ratio, wilson
from huiyin.insight.scoring import Answers, Linear, contrast, interval, linear

Unit = Literal["voices", "customers", "opinions"]
LEAST = 8
"""Voices, customers or opinions below which no share is shown."""
LEAST_DAYS = 7
BUCKETS = 512
_LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Share:
    """A share 0..1 and what it rests on: `part` of `value.n`."""

    value: Estimate
    part: int


@dataclass(frozen=True, slots=True)
class Shift:
    """after − before of a share (0..1), or after ÷ before of a count; the verdict is that of the test, `unknown` where none can be made."""

    change: Estimate
    p_value: float | None
    verdict: Verdict


_NONE = Shift(Estimate(None, None, None, 0), None, "unknown")
_COUNTED: dict[Unit, tuple[str, str]] = {
    "voices": ("voice", "count(*)"),
    "customers": ("voice", "count(DISTINCT unit)"),
    "opinions": ("opinion", "count(*)"),
}


def count(store: Voices, unit: Unit, where: Filter | None = None) -> int:
    """How many voices, customers or opinions lie within a filter."""
    table, counted = _COUNTED[unit]
    return int(store.query(f"SELECT {counted} AS n FROM {table}", where=where)["n"][0].as_py() or 0)


def share(store: Voices, unit: Unit, part: Filter, whole: Filter, least: int = LEAST) -> Share:
    """The share of `whole` that lies within `part`, which has to be the narrower one. No value below `least` of the whole."""
    if unit == "customers":
        inside, all_of_them = count(store, unit, part), count(store, unit, whole)
        return Share(wilson(inside, all_of_them) if all_of_them >= least else Estimate(None, None, None, all_of_them), inside)
    return share_of(unit, _buckets(store, unit, part), _buckets(store, unit, whole), least)


def share_of(unit: Unit, inside: NDArray[np.int64], whole: NDArray[np.int64], least: int = LEAST) -> Share:
    """The same from counts by bucket of customers, (512,) each."""
    part, total = int(inside.sum()), int(whole.sum())
    if unit == "customers":
        return Share(wilson(part, total) if total >= least else Estimate(None, None, None, total), part)
    one = _linear(inside, whole)
    if one is None or total < least:
        return Share(Estimate(None, None, None, total), part)
    low, high = interval("csat", one)
    return Share(Estimate(one.value / 100, low / 100, high / 100, total), part)


def share_shift(store: Voices, unit: Unit, before: tuple[Filter, Filter], after: tuple[Filter, Filter], least: int = LEAST) -> Shift:
    """The change of a share between two (part, whole)."""
    if unit == "customers":
        counts = [(count(store, unit, part), count(store, unit, whole)) for part, whole in (before, after)]
        if min(total for _, total in counts) < least:
            return _NONE
        change, p_value = difference_of_shares(*counts[1], *counts[0])
        return Shift(change, p_value, _verdict(change.value, p_value))
    counted = [(_buckets(store, unit, part), _buckets(store, unit, whole)) for part, whole in (before, after)]
    (one, n), (other, m) = ((_linear(*side), int(side[1].sum())) for side in counted)
    if one is None or other is None or min(n, m) < least:
        return _NONE
    moved, p_value = contrast("csat", one, other)
    value, low, high = ((edge or 0.0) / 100 for edge in (moved.value, moved.low, moved.high))
    change = Estimate(value, low, high, moved.n)
    return Shift(change, p_value, _verdict(change.value, p_value))


def count_shift(store: Voices, unit: Unit, before: Filter, after: Filter) -> Shift:
    """The ratio of two counts a day. Both filters need a first and a last day."""
    days = [_daily(store, unit, one) for one in (before, after)]
    return ratio_of_days(*days)


def ratio_of_days(before: NDArray[np.float64], after: NDArray[np.float64]) -> Shift:
    """after ÷ before from counts a day (D,), (E,).

    >>> same = ratio_of_days(np.array([4.0, 6, 5, 5, 4, 6, 5, 5]), np.array([5.0, 5, 6, 4, 5, 6, 5, 4]))
    >>> same.verdict, ratio_of_days(np.full(14, 3.0), np.full(14, 9.0)).verdict
    ('flat', 'up')
    """
    if min(len(before), len(after)) < LEAST_DAYS or before.sum() + after.sum() < LEAST:
        return _NONE
    spread = [float((((one - one.mean()) ** 2) / max(one.mean(), 1e-9)).sum()) for one in (before, after) if one.sum()]
    freedom = sum(len(one) - 1 for one in (before, after) if one.sum())
    value, low, high = rate_ratio(float(after.sum()), len(after), float(before.sum()), len(before), max(1.0, sum(spread) / freedom))
    verdict: Verdict = "up" if low > 1 else "down" if high < 1 else "flat"
    return Shift(Estimate(value, low, high, int(before.sum() + after.sum())), None, verdict)


def _verdict(value: float | None, p_value: float) -> Verdict:
    return "flat" if not p_value <= _LEVEL else "up" if (value or 0.0) > 0 else "down"


def _linear(inside: NDArray[np.int64], whole: NDArray[np.int64]) -> Linear | None:
    """The share in percent, linearised over customers, from counts by bucket; None of nothing."""
    if not whole.any():
        return None
    bucket = np.tile(np.arange(BUCKETS), 2)
    score = np.repeat([1.0, 0.0], BUCKETS)
    counts = np.concatenate([inside, whole - inside])
    kept = counts > 0
    rows_of = Answers(bucket[kept], np.zeros(int(kept.sum()), np.int64), score[kept], counts[kept])
    return linear(rows_of, 100.0 * rows_of.score)


def _buckets(store: Voices, unit: Unit, where: Filter) -> NDArray[np.int64]:
    """Voices or opinions by bucket of customers."""
    sql = f"SELECT CAST(unit % {BUCKETS} AS INTEGER) AS bucket, count(*) AS n FROM {_COUNTED[unit][0]} GROUP BY 1"
    rows, counts = store.query(sql, where=where), np.zeros(BUCKETS, np.int64)
    counts[rows["bucket"].to_numpy().astype(np.int64)] = rows["n"].to_numpy().astype(np.int64)
    return counts


def _daily(store: Voices, unit: Unit, where: Filter) -> NDArray[np.float64]:
    """Counts of every day of the filter, days without any too."""
    if where.since is None or where.until is None:
        raise ValueError("a count is compared over periods with a first and a last day")
    table, counted = _COUNTED[unit]
    rows = store.query(f"SELECT day, {counted} AS n FROM {table} WHERE day IS NOT NULL GROUP BY day", where=where).to_pylist()
    found: dict[date, int] = {row["day"]: int(row["n"]) for row in rows}
    length = (where.until - where.since).days + 1
    return np.array([found.get(where.since + timedelta(days=at), 0) for at in range(length)], dtype=np.float64)


def churned(store: Voices, cohort: Filter, days: int = 90) -> Share | None:
    """Of the known customers who spoke within `cohort`, those who left in the `days` from their first voice in it; None without churn data.

    The cohort has to be old enough that the days are over: then nobody counts as staying who was only watched for a week.
    """
    if not store.query("SELECT count(*) AS n FROM happening WHERE kind = 'churn'")["n"][0].as_py():
        return None
    spoke = store.query("SELECT customer_id, min(day) AS first_day FROM voice WHERE customer_id IS NOT NULL GROUP BY customer_id", where=cohort)
    gone = store.query(
        "SELECT count(DISTINCT s.customer_id) AS n FROM spoke s JOIN happening h ON s.customer_id = h.customer_id "
        "WHERE h.kind = 'churn' AND date_diff('day', s.first_day, h.day) BETWEEN 0 AND ?",
        [days],
        tables={"spoke": spoke},
    )["n"][0].as_py()
    total = spoke.num_rows
    return Share(wilson(int(gone), total) if total >= LEAST else Estimate(None, None, None, total), int(gone))


@dataclass(frozen=True, slots=True)
class Mood:
    """Opinions of one aspect and of those below it, by side."""

    aspect: str
    negative: int
    neutral: int
    positive: int

    @property
    def opinions(self) -> int:
        """All of them."""
        return self.negative + self.neutral + self.positive


def moods(store: Voices, where: Filter | None = None, most: int = 10) -> tuple[Mood, ...]:
    """The aspects most spoken of, by opinions, and how they were spoken of."""
    rows = store.query("SELECT aspect, polarity, count(*) AS n FROM opinion WHERE aspect IS NOT NULL GROUP BY aspect, polarity", where=where)
    counts: dict[str, dict[int, int]] = {}
    for row in rows.to_pylist():
        counts.setdefault(row["aspect"], {})[int(row["polarity"])] = int(row["n"])
    named = sorted(counts, key=lambda one: (-sum(counts[one].values()), one))[:most]
    below = {one: [sides for path, sides in counts.items() if path == one or path.startswith(one + "/")] for one in named}
    return tuple(Mood(one, *(sum(sides.get(side, 0) for sides in below[one]) for side in (-1, 0, 1))) for one in named)


def opinion_shifts(store: Voices, before: Filter, after: Filter, aspects: Sequence[str]) -> tuple[Shift, ...]:
    """`count_shift` of the opinions of each aspect, from one pass over both periods; `before` ends the day before `after` begins."""
    if before.since is None or before.until is None or after.since is None or after.until is None:
        raise ValueError("a count is compared over periods with a first and a last day")
    first, start, length = before.since, (after.since - before.since).days, (after.until - before.since).days + 1
    both = replace(after, since=first) & Filter(aspect=tuple(aspects))
    rows = store.query("SELECT aspect, day, count(*) AS n FROM opinion WHERE day IS NOT NULL GROUP BY aspect, day", where=both).to_pylist()
    found = []
    for one in aspects:
        days = np.zeros(length)
        for row in rows:
            if row["aspect"] == one or row["aspect"].startswith(one + "/"):
                days[(row["day"] - first).days] += row["n"]
        found.append(ratio_of_days(days[:start], days[start:]))
    return tuple(found)
