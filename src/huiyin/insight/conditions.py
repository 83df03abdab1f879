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
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import false_discovery

Floats = NDArray[np.float64]

COLUMN_FACETS = ("product", "brand", "region", "store", "channel", "segment", "touchpoint", "language")
SAID = "conditions."
MINIMUM_VOICES = 30
MINIMUM_CUSTOMERS = 5
_LEVEL = 0.05
_SAMPLE = 20_000
_MOST_VALUES = 400
_BANDS = 5
_Z = float(stats.norm.ppf(0.975))
_NUMBER = re.compile(r"\s*[-+]?\d+(\.\d+)?\s*")


@dataclass(frozen=True, slots=True)
class Facet:
    """A dimension to look under: a column of the feedback, a free attribute, or a condition that opinions name; numbers are cut at `edges` into
    bands.

    The name of a condition is `conditions.season`: a feedback may have an attribute `season` of its own.
    """

    name: str
    kind: Literal["column", "attribute", "condition"]
    edges: tuple[float, ...] = ()
    """Upper bounds, inclusive, of all bands but the last; empty for words."""

    @property
    def key(self) -> str:
        """Under which its values stand in a map of the facts."""
        return self.name.removeprefix(SAID) if self.kind == "condition" else self.name


@dataclass(frozen=True, slots=True)
class Condition:
    """One value of one facet. `n` of the estimates are the voices behind them."""

    facet: str
    value: str
    """The value, or for a band `low–high` of the numbers in it."""
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
    """Per value v of one facet: Σ a, Σ n, Σ a², Σ a·n, Σ n² over its customers, and the customers with a complaint; (V,) each."""

    values: tuple[str, ...]
    a: Floats
    n: Floats
    aa: Floats
    an: Floats
    nn: Floats
    customers: Floats


def conditions(
    store: Voices, aspect: str, where: Filter | None = None, *, facets: Sequence[Facet] | None = None, level: float = _LEVEL
) -> Conditions:
    """Values of every facet under which complaints of `aspect` (whole subtree) are more frequent than elsewhere.

    `where` narrows both the complaints and what they are compared with; it should name no aspect or polarity.
    """
    chosen, skipped = (tuple(facets), []) if facets is not None else all_facets(store, where)
    read: list[tuple[Facet, Sums, int, int]] = []
    for facet in chosen:
        sums, unassigned = _sums(store, aspect, where, facet)
        if len(sums.values) < 2:
            skipped.append((facet.name, "one value"))
            continue
        read.append((facet, sums, unassigned, int(sums.a.sum()) + unassigned))
    judged = [lifts(sums) for _, sums, _, _ in read]
    p_values = np.concatenate([one[-1] for one in judged]) if judged else np.zeros(0)
    q_values = false_discovery(p_values)
    tables, first = [], 0
    for (facet, sums, unassigned, total), numbers in zip(read, judged, strict=True):
        q = q_values[first : first + len(sums.values)]
        first += len(sums.values)
        rows = [_condition(facet, sums, numbers, q, at, level) for at in range(len(sums.values))]
        order = sorted(rows, key=lambda row: (math.inf if math.isnan(row.p_value) else row.p_value, row.value))
        tables.append(FacetTable(facet, tuple(order), unassigned, total))
    found = sorted((row for table in tables for row in table.rows if row.verdict == "more"), key=lambda row: (row.p_value, row.facet, row.value))
    return Conditions(aspect, tuple(found), tuple(tables), int(np.isfinite(p_values).sum()), tuple(skipped))


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
    if math.isnan(lift):
        nothing = Estimate(None, None, None, voices)
        rest = Estimate(None, None, None, int(sums.n.sum()) - voices)
        return Condition(facet.name, sums.values[at], voices, complaining, customers, nothing, rest, nothing, share, math.nan, math.nan, "too few")
    rate = complaining / voices
    elsewhere = int(sums.n.sum()) - voices
    rest_a = int(sums.a.sum()) - complaining
    ratio = Estimate(math.exp(lift), math.exp(lift - _Z * error), math.exp(lift + _Z * error), voices)
    sure = q_values[at] <= level and (ratio.low > 1 or ratio.high < 1)  # type: ignore[operator]
    verdict: Literal["more", "less", "not shown"] = ("more" if lift > 0 else "less") if sure else "not shown"
    return Condition(
        facet.name,
        sums.values[at],
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


def all_facets(store: Voices, where: Filter | None = None) -> tuple[tuple[Facet, ...], list[tuple[str, str]]]:
    """Every column and attribute worth asking, from a sample fixed by hash: words of few values, and numbers in five bands."""
    columns = ", ".join(COLUMN_FACETS)
    table = store.query(f"SELECT {columns}, attributes FROM voice ORDER BY unit, feedback_id LIMIT ?", [_SAMPLE], where)
    facets: list[Facet] = []
    skipped: list[tuple[str, str]] = []
    for name in COLUMN_FACETS:
        _add_facet(Facet(name, "column"), [one for one in table[name].to_pylist() if one], facets, skipped)
    said = store.query("SELECT conditions FROM opinion ORDER BY unit, feedback_id, mention_no LIMIT ?", [_SAMPLE], where)
    for key, values in _by_key(table["attributes"]):
        _add_facet(Facet(key, "attribute"), values, facets, skipped)
    for key, values in _by_key(said["conditions"]):
        _add_facet(Facet(SAID + key, "condition"), values, facets, skipped)
    return tuple(facets), skipped


def _by_key(maps: pa.ChunkedArray) -> list[tuple[str, list[str]]]:
    """The keys of a column of maps with the values that stand under them, by key."""
    found: dict[str, list[str]] = {}
    for pairs in maps.to_pylist():
        for key, value in pairs or ():
            if value:
                found.setdefault(key, []).append(value)
    return sorted(found.items())


def _add_facet(facet: Facet, values: list[str], facets: list[Facet], skipped: list[tuple[str, str]]) -> None:
    """Decide between words, bands and nothing by what a sample holds."""
    distinct = set(values)
    if not distinct:
        return
    if len(distinct) == 1:
        skipped.append((facet.name, "one value"))
        return
    if facet.kind != "column" and len(distinct) > 12:
        numbers = [float(value) for value in values if _NUMBER.fullmatch(value)]
        if len(numbers) >= 0.9 * len(values):
            edges = np.unique(np.quantile(np.array(numbers), np.arange(1, _BANDS) / _BANDS))
            facets.append(Facet(facet.name, facet.kind, tuple(float(edge) for edge in edges)))
            return
    if len(distinct) > _MOST_VALUES or (len(values) >= 100 and len(distinct) > 0.5 * len(values)):
        skipped.append((facet.name, "too many values"))
        return
    facets.append(facet)


def _sums(store: Voices, aspect: str, where: Filter | None, facet: Facet) -> tuple[Sums, int]:
    """Sums over customers of each value, and the complaining voices without one."""
    if facet.kind == "column" and facet.name not in COLUMN_FACETS:
        raise ValueError(f"facet {facet.name!r}: no column of the feedback")
    rows, values = _rows(facet, aspect)
    value = "CASE WHEN raw = '' THEN NULL ELSE raw END"
    if facet.edges:
        cuts = " ".join(f"WHEN x <= CAST(? AS DOUBLE) THEN {at}" for at in range(len(facet.edges)))
        value = f"CASE WHEN x IS NULL THEN NULL {cuts} ELSE {len(facet.edges)} END"
        rows += ", numbers AS (SELECT unit, TRY_CAST(raw AS DOUBLE) AS x, hit FROM said)"
    table = store.query(
        f"WITH {rows}, marked AS (SELECT unit, CAST({value} AS VARCHAR) AS value, hit FROM {'numbers' if facet.edges else 'said'}), "
        "pairs AS (SELECT value, unit, CAST(sum(hit) AS DOUBLE) AS a, CAST(count(*) AS DOUBLE) AS n FROM marked GROUP BY value, unit) "
        "SELECT value, sum(a) AS a, sum(n) AS n, sum(a * a) AS aa, sum(a * n) AS an, sum(n * n) AS nn, "
        "CAST(sum(CASE WHEN a > 0 THEN 1 ELSE 0 END) AS DOUBLE) AS customers FROM pairs GROUP BY value ORDER BY value",
        [*values, *facet.edges],
        where,
    )
    names = table["value"].to_pylist()
    unassigned = sum(int(count) for name, count in zip(names, table["a"].to_pylist(), strict=True) if name is None)
    known = table.filter(pa.array([name is not None for name in names], pa.bool_()))
    numbers = [known[part].to_numpy().astype(np.float64) for part in ("a", "n", "aa", "an", "nn", "customers")]
    labels = known["value"].to_pylist()
    if facet.edges:
        labels = [_band(facet.edges, int(label)) for label in labels]
    return Sums(tuple(labels), *numbers), unassigned


def _rows(facet: Facet, aspect: str) -> tuple[str, list[object]]:
    """SQL of the table `said`, with its parameters: the raw value of each voice (of a condition, each value that its opinions name) and
    whether it complains of the aspect, under that condition where it is one.
    """
    complains = "polarity = -1 AND (aspect = ? OR starts_with(aspect, ?))"
    if facet.kind == "condition":
        return (
            f"each AS (SELECT unit, feedback_id, conditions[?] AS raw, CASE WHEN {complains} THEN 1 ELSE 0 END AS hit FROM opinion), "
            "said AS (SELECT unit, raw, max(hit) AS hit FROM each GROUP BY unit, feedback_id, raw)"
        ), [facet.key, aspect, aspect + "/"]
    raw, values = (f"v.{facet.name}", []) if facet.kind == "column" else ("v.attributes[?]", [facet.name])
    return (
        f"hits AS (SELECT DISTINCT feedback_id FROM opinion WHERE {complains}), "
        f"said AS (SELECT v.unit, {raw} AS raw, CASE WHEN h.feedback_id IS NULL THEN 0 ELSE 1 END AS hit "
        "FROM voice v LEFT JOIN hits h ON v.feedback_id = h.feedback_id)"
    ), [aspect, aspect + "/", *values]


def _band(edges: tuple[float, ...], at: int) -> str:
    """`≤20`, `20–40`, `>80`.

    >>> [_band((20.0, 40.5), at) for at in range(3)]
    ['≤20', '20–40.5', '>40.5']
    """
    if at == 0:
        return f"≤{edges[0]:g}"
    return f">{edges[-1]:g}" if at == len(edges) else f"{edges[at - 1]:g}–{edges[at]:g}"
