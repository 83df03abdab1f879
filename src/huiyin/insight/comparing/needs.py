"""Two needs side by side: how many times more people speak of one than of the other.

With n_a, n_b customers who voice a need and n_ab who voice both, out of the same N customers,

  ratio = n_a ÷ n_b,    var(ln ratio) = 1/n_a + 1/n_b − 2·n_ab/(n_a·n_b)

(delta method; those who voice both make the two counts rise and fall together). For n_a or n_b = 0 half a case is added to
each (Haldane 1956). Assumes customers independent of each other. Says nothing of those who kept silent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import wilson

_Z = float(stats.norm.ppf(0.975))


@dataclass(frozen=True, slots=True)
class Need:
    """One side."""

    customers: int
    voices: int
    rate: Estimate
    """Customers per 1,000 of all customers heard."""
    intensity: float | None
    """Mean over these customers of the strongest thing each said, 0..1."""
    complaints: int
    """Customers who complain of it."""
    wishes: int
    """Customers who wish or need something of it."""
    weeks: tuple[tuple[str, int], ...]
    """(Monday, voices)."""
    segments: tuple[tuple[str, int], ...]
    """(segment, customers), largest first."""


@dataclass(frozen=True, slots=True)
class TwoNeeds:
    """Two needs and the ratio of the first to the second."""

    first: Need
    second: Need
    both: int
    """Customers who voice both."""
    ratio: Estimate
    p_value: float
    """Two-sided test of a ratio of 1 (exact McNemar test on the customers who voice only one)."""


def two_needs(store: Voices, first: Filter, second: Filter, where: Filter | None = None) -> TwoNeeds:
    """Compare what two filters select, within a third."""
    base = where or Filter()
    population = int(store.query("SELECT count(DISTINCT unit) AS n FROM voice", where=base)["n"][0].as_py())
    one, other = (_need(store, base & chosen, population) for chosen in (first, second))
    both = _both(store, base, first, second)
    ratio = overlapping_ratio(one.customers, other.customers, both)
    only_first, only_second = one.customers - both, other.customers - both
    different = only_first + only_second
    p_value = float(stats.binomtest(only_first, different, 0.5).pvalue) if different else 1.0
    return TwoNeeds(one, other, both, ratio, p_value)


def overlapping_ratio(first: int, second: int, both: int) -> Estimate:
    """first ÷ second with its 95 % interval, for counts out of the same people of whom `both` are counted twice.

    >>> found = overlapping_ratio(300, 100, 40)
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (3.0, 2.45, 3.67)
    """
    a, b = float(first), float(second)
    if not first and not second:
        return Estimate(None, None, None, 0)
    if not first or not second:
        a, b = a + 0.5, b + 0.5
    ratio = a / b
    spread = math.sqrt(max(1 / a + 1 / b - 2 * both / (a * b), 0.0))
    return Estimate(ratio, ratio * math.exp(-_Z * spread), ratio * math.exp(_Z * spread), first + second - both)


def _need(store: Voices, where: Filter, population: int) -> Need:
    row = store.query(
        "WITH person AS (SELECT unit, max(intensity) AS strongest, "
        "max(CASE WHEN intent = 'complaint' OR polarity = -1 THEN 1 ELSE 0 END) AS complains, "
        "max(CASE WHEN intent IN ('wish', 'need') THEN 1 ELSE 0 END) AS wishes FROM opinion GROUP BY unit) "
        "SELECT count(*) AS customers, avg(strongest) AS intensity, sum(complains) AS complaints, sum(wishes) AS wishes FROM person",
        where=where,
    ).to_pylist()[0]
    speaking = "feedback_id IN (SELECT feedback_id FROM opinion)"
    weeks = store.query(
        f"SELECT week, count(*) AS n FROM voice WHERE {speaking} AND week IS NOT NULL GROUP BY week ORDER BY week", where=where
    ).to_pylist()
    segments = store.query(
        f"SELECT segment, count(DISTINCT unit) AS n FROM voice WHERE {speaking} AND segment IS NOT NULL GROUP BY segment ORDER BY n DESC, segment",
        where=where,
    ).to_pylist()
    voices = int(store.query("SELECT count(DISTINCT feedback_id) AS n FROM opinion", where=where)["n"][0].as_py())
    return Need(
        customers=int(row["customers"]),
        voices=voices,
        rate=wilson(int(row["customers"]), population, 1000.0),
        intensity=row["intensity"],
        complaints=int(row["complaints"] or 0),
        wishes=int(row["wishes"] or 0),
        weeks=tuple((one["week"].isoformat(), int(one["n"])) for one in weeks),
        segments=tuple((one["segment"], int(one["n"])) for one in segments),
    )


def _both(store: Voices, base: Filter, first: Filter, second: Filter) -> int:
    """Customers that both select. The units of the smaller side travel, those of the larger are asked."""
    units = store.query("SELECT DISTINCT unit FROM opinion", where=base & first)
    sql = "SELECT count(DISTINCT o.unit) AS n FROM opinion o JOIN spoke s ON o.unit = s.unit"
    return int(store.query(sql, where=replace(base & second), tables={"spoke": units})["n"][0].as_py())
