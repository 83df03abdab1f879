"""Own and competitor, or any two groups, aspect by aspect: what each talks about, and how content each is with it.

  attention_ga = customers of group g who speak of aspect a ÷ customers of g who speak of anything           (Wilson interval)
  content_ga   = mean over these customers of their mean polarity of a, −1..1                                 (t interval)

Differences carry the interval of two independent samples (Newcombe 1998, method 10, for shares; Welch for means); over
aspects false discoveries are controlled. A customer who speaks of both groups counts in each. Limits: groups of different sources
differ by who writes there, which no test here takes out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import false_discovery, wilson

MINIMUM = 8
"""Customers a group needs on an aspect before its contentment is told."""
_LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Side:
    """One group on one aspect."""

    customers: int
    attention: Estimate
    content: Estimate


@dataclass(frozen=True, slots=True)
class Gap:
    """One aspect in two groups. A verdict is `first`, `second`, or `not_shown`: who talks more of it, who is more content."""

    aspect: str
    first: Side
    second: Side
    attention: Estimate
    """Difference of shares, first − second."""
    attention_q: float
    attention_verdict: str
    content: Estimate
    """Difference of mean polarity, first − second; None in it below the minimum."""
    content_q: float | None
    content_verdict: str


def by_aspect(store: Voices, first: Filter, second: Filter, where: Filter | None = None) -> tuple[Gap, ...]:
    """Two groups compared over all aspects, the largest common attention first."""
    base = where or Filter()
    (total_a, rows_a), (total_b, rows_b) = (_group(store, base & chosen) for chosen in (first, second))
    aspects = sorted({*rows_a, *rows_b}, key=lambda one: (-(rows_a.get(one, _NONE)[0] + rows_b.get(one, _NONE)[0]), one))
    gaps = [_gap(aspect, rows_a.get(aspect, _NONE), total_a, rows_b.get(aspect, _NONE), total_b) for aspect in aspects]
    attention_q = false_discovery(np.array([one[2] for one in gaps])) if gaps else np.zeros(0)
    content_q = false_discovery(np.array([one[4] for one in gaps])) if gaps else np.zeros(0)
    return tuple(
        Gap(
            aspect, *sides, share, float(q_share), _verdict(share, q_share), mean, None if np.isnan(q_mean) else float(q_mean), _verdict(mean, q_mean)
        )
        for aspect, (sides, share, _, mean, _), q_share, q_mean in zip(aspects, gaps, attention_q, content_q, strict=True)
    )


_Row = tuple[int, float, float]
_NONE: _Row = (0, 0.0, 0.0)


def _group(store: Voices, where: Filter) -> tuple[int, dict[str, _Row]]:
    """Customers of a group who hold any opinion, and per aspect their number, sum and sum of squares of mean polarity."""
    total = int(store.query("SELECT count(DISTINCT unit) AS n FROM opinion", where=where)["n"][0].as_py())
    rows = store.query(
        "WITH person AS (SELECT aspect, unit, avg(CAST(polarity AS DOUBLE)) AS content FROM opinion WHERE aspect IS NOT NULL GROUP BY aspect, unit) "
        "SELECT aspect, count(*) AS n, sum(content) AS total, sum(content * content) AS squares FROM person GROUP BY aspect ORDER BY aspect",
        where=where,
    ).to_pylist()
    return total, {row["aspect"]: (int(row["n"]), float(row["total"]), float(row["squares"])) for row in rows}


def _gap(aspect: str, a: _Row, total_a: int, b: _Row, total_b: int) -> tuple[tuple[Side, Side], Estimate, float, Estimate, float]:
    sides = Side(a[0], wilson(a[0], total_a), _mean(a)), Side(b[0], wilson(b[0], total_b), _mean(b))
    share, share_p = difference_of_shares(a[0], total_a, b[0], total_b)
    mean, mean_p = _difference_of_means(a, b)
    return sides, share, share_p, mean, mean_p


def difference_of_shares(count_a: int, total_a: int, count_b: int, total_b: int) -> tuple[Estimate, float]:
    """a − b with its 95 % interval and two-sided p-value (Fisher's exact test).

    >>> found, p = difference_of_shares(56, 70, 48, 80)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.2, 0.052, 0.334)
    """
    if not total_a or not total_b:
        return Estimate(None, None, None, total_a + total_b), float("nan")
    one, other = wilson(count_a, total_a), wilson(count_b, total_b)
    assert one.value is not None
    assert one.low is not None
    assert one.high is not None
    assert other.value is not None
    assert other.low is not None
    assert other.high is not None
    value = one.value - other.value
    low = value - math.hypot(one.value - one.low, other.high - other.value)
    high = value + math.hypot(one.high - one.value, other.value - other.low)
    p_value = float(stats.fisher_exact([[count_a, total_a - count_a], [count_b, total_b - count_b]]).pvalue)
    return Estimate(value, low, high, total_a + total_b), p_value


def _mean(row: _Row) -> Estimate:
    n, total, squares = row
    if n < MINIMUM:
        return Estimate(None, None, None, n)
    value, spread = total / n, _variance(row)
    half = float(stats.t.ppf(0.975, n - 1)) * math.sqrt(spread / n)
    return Estimate(value, max(-1.0, value - half), min(1.0, value + half), n)


def _variance(row: _Row) -> float:
    n, total, squares = row
    return max((squares - total * total / n) / (n - 1), 0.0)


def _difference_of_means(a: _Row, b: _Row) -> tuple[Estimate, float]:
    n = a[0] + b[0]
    if min(a[0], b[0]) < MINIMUM:
        return Estimate(None, None, None, n), float("nan")
    value = a[1] / a[0] - b[1] / b[0]
    parts = _variance(a) / a[0], _variance(b) / b[0]
    error = math.sqrt(sum(parts))
    if error == 0:
        return Estimate(value, value, value, n), 1.0 if value == 0 else 0.0
    freedom = sum(parts) ** 2 / sum(part**2 / (row[0] - 1) for part, row in zip(parts, (a, b), strict=True) if part > 0)
    half = float(stats.t.ppf(0.975, freedom)) * error
    return Estimate(value, value - half, value + half, n), float(2 * stats.t.sf(abs(value) / error, freedom))


def _verdict(difference: Estimate, q_value: float) -> str:
    if difference.value is None or np.isnan(q_value) or q_value > _LEVEL:
        return "not_shown"
    return "first" if difference.value > 0 else "second"
