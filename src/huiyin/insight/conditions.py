"""The conditions of a problem: under which product, speed, mileage, weather, version or store it happens more often than elsewhere.

    lift(value) = rate of complaints among voices with the value ÷ rate among voices with another known value

A rate is Σ_u a_u / Σ_u n_u over customers u (a_u complaining of n_u voices); its variance is that of a ratio of sums over customers,
Σ_u (a_u − p n_u)² / (Σ_u n_u)² (Cochran, "Sampling Techniques", 1977, §6.3), so a customer who speaks ten times does not count for ten. The
interval of the lift is that of the log risk ratio (Katz, Baptista, Azen & Pike, Biometrics 1978) with this variance, and half a case added
where a side is empty. False discoveries are controlled over all values of all facets asked at once (Benjamini & Hochberg, 1995).
Limits: facets are looked at one by one; two that go together (a model and its model year) both show. Lift is association, not cause.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.facets import Facet, Floats, Spread, Survey, survey
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import false_discovery

MINIMUM_VOICES = 30
MINIMUM_CUSTOMERS = 5
_LEVEL = 0.05
_Z = float(stats.norm.ppf(0.975))


@dataclass(frozen=True, slots=True)
class Condition:
    """One value of one facet. `n` of the estimates are the voices behind them."""

    facet: str
    value: str
    """The value, or for a band `low–high` of the numbers in it."""
    under: Filter
    """The voices, of a condition that opinions name the opinions, with this value."""
    voices: int
    complaining: int
    customers: int
    """Customers who complained under this value."""
    rate: Estimate
    """Complaining share of its voices, 0..1."""
    elsewhere: Estimate
    """The same under all other known values."""
    lift: Estimate
    share: float
    """Of the problem's voices with a known value, the fraction under this one."""
    p_value: float
    q_value: float
    verdict: Literal["more", "less", "not shown", "too few"]


@dataclass(frozen=True, slots=True)
class FacetTable:
    """All values of one facet and what carries none."""

    facet: Facet
    rows: tuple[Condition, ...]
    """Strongest evidence first."""
    unassigned: int
    """Complaining voices that carry no value of this facet."""
    total: int
    """Complaining voices in all."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What was found and everything that was looked at."""

    aspect: str
    found: tuple[Condition, ...]
    """Values under which it happens more often, surest first."""
    facets: tuple[FacetTable, ...]
    tested: int
    skipped: tuple[tuple[str, str], ...]
    """(facet, why): "too many values" for identifiers, "one value"."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Per value v of a facet, as the facts tell it: Σ a, Σ n, Σ a², Σ a·n, Σ n² over its customers, and those with a complaint; (V,) each."""

    values: tuple[str, ...]
    a: Floats
    n: Floats
    aa: Floats
    an: Floats
    nn: Floats
    customers: Floats


def conditions(
    store: Voices,
    aspect: str,
    where: Filter | None = None,
    *,
    facets: Sequence[Facet] | None = None,
    surveyed: Survey | None = None,
    level: float = _LEVEL,
) -> Conditions:
    """Values of every facet under which complaints of `aspect` (whole subtree) are more frequent than elsewhere.

    `where` narrows both the complaints and what they are compared with; it should name no aspect or polarity. `surveyed` is a survey of the
    same voices, made anew where none is given; a complaint of a value that it does not know yet is one without a value.
    """
    known = surveyed or survey(store, where, facets)
    read = _complaints(store, aspect, where, known.spreads)
    judged = [lifts(sums) for sums, _ in read]
    p_values = np.concatenate([one[-1] for one in judged]) if judged else np.zeros(0)
    q_values = false_discovery(p_values)
    tables, first = [], 0
    for spread, (sums, unassigned), numbers in zip(known.spreads, read, judged, strict=True):
        q = q_values[first : first + len(sums.values)]
        first += len(sums.values)
        rows = [_condition(spread.facet, sums, numbers, q, at, level) for at in range(len(sums.values))]
        order = sorted(rows, key=lambda row: (math.inf if math.isnan(row.p_value) else row.p_value, row.value))
        tables.append(FacetTable(spread.facet, tuple(order), unassigned, int(sums.a.sum()) + unassigned))
    found = sorted((row for table in tables for row in table.rows if row.verdict == "more"), key=lambda row: (row.p_value, row.facet, row.value))
    return Conditions(aspect, tuple(found), tuple(tables), int(np.isfinite(p_values).sum()), known.skipped)


def _complaints(store: Voices, aspect: str, where: Filter | None, spreads: Sequence[Spread]) -> list[tuple[Sums, int]]:
    """Of each facet the sums over customers, and the complaining voices without a value.

    Whoever never complained of the aspect adds to Σn and Σn² alone, which the survey knows; so only the voices of the others are read, once.
    """
    said: dict[str, list[Facet]] = {}
    for one in spreads:
        said.setdefault(one.facet.table, []).append(one.facet)
    tables = {name: _told(store, aspect, where, name, facets) for name, facets in said.items()}
    return [_joined(store, one, *tables[one.facet.table]) for one in spreads]


def _told(store: Voices, aspect: str, where: Filter | None, rows: str, facets: list[Facet]) -> tuple[pa.Table, dict[str, str]]:
    """What customers with a complaint of the aspect said: a row a voice, or an opinion, with `hit` and the raw value of each facet; and the
    column of each facet by its name.
    """
    complains = "polarity = -1 AND (aspect = ? OR starts_with(aspect, ?))"
    columns = {facet.name: f"raw{at}" for at, facet in enumerate(facets)}
    raws = [(f"{facet.raw[0]} AS {columns[facet.name]}", facet.raw[1]) for facet in facets]
    hit = "feedback_id IN (SELECT feedback_id FROM hits)" if rows == "voice" else complains
    about: list[object] = [aspect, aspect + "/"]
    table = store.query(
        f"WITH hits AS (SELECT DISTINCT unit, feedback_id FROM opinion WHERE {complains}) "
        f"SELECT unit, feedback_id, CASE WHEN {hit} THEN 1 ELSE 0 END AS hit, {', '.join(sql for sql, _ in raws)} "
        f"FROM {rows} WHERE unit IN (SELECT unit FROM hits)",
        [*about, *(about if rows == "opinion" else []), *(one for _, named in raws for one in named)],
        where,
    )
    return table, columns


def _joined(store: Voices, spread: Spread, told: pa.Table, columns: dict[str, str]) -> tuple[Sums, int]:
    facet = spread.facet
    value, cut = facet.value
    table = store.query(
        f"WITH said AS (SELECT unit, feedback_id, hit, {columns[facet.name]} AS raw FROM told), "
        f"each AS (SELECT unit, feedback_id, CAST({value} AS VARCHAR) AS value, hit FROM said), "
        # Opinions of one voice may name the same condition, or two numbers of one band: it counts once.
        "marked AS (SELECT unit, value, max(hit) AS hit FROM each GROUP BY unit, feedback_id, value), "
        "pairs AS (SELECT value, unit, CAST(sum(hit) AS DOUBLE) AS a, CAST(count(*) AS DOUBLE) AS n FROM marked GROUP BY value, unit) "
        "SELECT value, sum(a) AS a, sum(n) AS n, sum(a * a) AS aa, sum(a * n) AS an, "
        "CAST(sum(CASE WHEN a > 0 THEN 1 ELSE 0 END) AS DOUBLE) AS customers FROM pairs GROUP BY value ORDER BY value",
        cut,
        tables={"told": told},
    )
    place = {name: at for at, name in enumerate(spread.values)}
    at = np.array([place.get(name, -1) for name in table["value"].to_pylist()], np.int64)
    sums = {part: _placed(table[part].to_numpy().astype(np.float64), at, len(place)) for part in ("a", "n", "aa", "an", "customers")}
    unassigned = int(table["a"].to_numpy()[at < 0].sum())
    # A survey made a moment ago may know a voice less than complain now.
    n = np.maximum(spread.n, sums["n"])
    return Sums(spread.values, sums["a"], n, sums["aa"], sums["an"], np.maximum(spread.nn, sums["n"]), sums["customers"]), unassigned


def _placed(numbers: Floats, at: NDArray[np.int64], length: int) -> Floats:
    """The numbers of a query at their places; 0 where it had none."""
    out = np.zeros(length)
    out[at[at >= 0]] = numbers[at >= 0]
    return out


def lifts(sums: Sums) -> tuple[Floats, Floats, Floats, Floats]:
    """(log lift, its standard error, rate elsewhere, two-sided p) of each value against all others; NaN below the minimum counts.

    The p-value is that of the difference of the two rates under their pooled rate (a score test, with the customers' variance).
    """
    rest = Sums(sums.values, *(part.sum() - part for part in (sums.a, sums.n, sums.aa, sums.an, sums.nn, sums.customers)))
    # n at least 30 on both sides, and five customers expected or seen: else nothing is told.
    pooled = sums.a.sum() / max(sums.n.sum(), 1.0)
    enough = (sums.n >= MINIMUM_VOICES) & (rest.n >= MINIMUM_VOICES) & (np.maximum(sums.customers, pooled * sums.n) >= MINIMUM_CUSTOMERS)
    rate, other = _rate(sums), _rate(rest)
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = np.log(rate / other)
        error = np.sqrt(_variance(sums, rate) / rate**2 + _variance(rest, other) / other**2)
        same = np.full_like(rate, pooled)
        z = (sums.a / sums.n - rest.a / rest.n) / np.sqrt(_variance(sums, same) + _variance(rest, same))
        p_value = 2 * stats.norm.sf(np.abs(z))
    return tuple(np.where(enough, part, np.nan) for part in (lift, error, other, p_value))  # type: ignore[return-value]


def _rate(sums: Sums) -> Floats:
    """Complaining share, half a case added where none or all complain."""
    empty = (sums.a == 0) | (sums.a == sums.n)
    return np.asarray(np.where(empty, (sums.a + 0.5) / (sums.n + 1), sums.a / np.maximum(sums.n, 1)))


def _variance(sums: Sums, rate: Floats) -> Floats:
    """Variance of Σa/Σn for this rate, over customers; not below the binomial one."""
    between = (sums.aa - 2 * rate * sums.an + rate**2 * sums.nn) / np.maximum(sums.n, 1) ** 2
    return np.asarray(np.maximum(between, rate * (1 - rate) / np.maximum(sums.n, 1)))


def _condition(facet: Facet, sums: Sums, numbers: tuple[Floats, Floats, Floats, Floats], q_values: Floats, at: int, level: float) -> Condition:
    lift, error, other, p_value = (float(part[at]) for part in numbers)
    voices, complaining, customers = int(sums.n[at]), int(sums.a[at]), int(sums.customers[at])
    share = complaining / max(float(sums.a.sum()), 1.0)
    named = facet.name, facet.label(sums.values[at]), facet.under(sums.values[at])
    if math.isnan(lift):
        nothing = Estimate(None, None, None, voices)
        rest = Estimate(None, None, None, int(sums.n.sum()) - voices)
        return Condition(*named, voices, complaining, customers, nothing, rest, nothing, share, math.nan, math.nan, "too few")
    rate = complaining / voices
    elsewhere = int(sums.n.sum()) - voices
    rest_a = int(sums.a.sum()) - complaining
    ratio = Estimate(math.exp(lift), math.exp(lift - _Z * error), math.exp(lift + _Z * error), voices)
    sure = q_values[at] <= level and (ratio.low > 1 or ratio.high < 1)  # type: ignore[operator]
    verdict: Literal["more", "less", "not shown"] = ("more" if lift > 0 else "less") if sure else "not shown"
    return Condition(
        *named,
        voices,
        complaining,
        customers,
        _logit_interval(rate, float(_variance(sums, _rate(sums))[at]), voices),
        _logit_interval(rest_a / elsewhere, other * (1 - other) / elsewhere, elsewhere),
        ratio,
        share,
        p_value,
        float(q_values[at]),
        verdict,
    )


def _logit_interval(rate: float, variance: float, n: int) -> Estimate:
    """95 % interval of a rate on the logit scale, which keeps it inside 0..1."""
    inside = min(max(rate, 0.5 / (n + 1)), 1 - 0.5 / (n + 1))
    centre, half = math.log(inside / (1 - inside)), _Z * math.sqrt(variance) / (inside * (1 - inside))
    return Estimate(rate, 1 / (1 + math.exp(half - centre)), 1 / (1 + math.exp(-half - centre)), n)
