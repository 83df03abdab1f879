"""What moves the score, or makes customers leave: how much of the outcome each complaint explains, with ties told as ties.

The unit is the customer; d_a = 1 when he ever complained of aspect a (within the filter).

Score (his mean points): least squares x = α + Σ β_a d_a. Importance is Shapley's share of R² (LMG: Lindeman, Merenda & Gold 1980; Grömping,
The American Statistician 2007): the gain of R² by aspect a averaged over orders of entry, read off Cholesky factors of the correlation
matrix (its last row squared); all orders up to 6 aspects, 64 and their reversals beyond.

Churn (left or stayed): logistic regression. Importance is the logistic relative weight of Tonidandel & LeBreton (Organizational Research Methods
2010): ε_a = Σ_k Λ_ak² b_k², b the standardised coefficients on the orthonormal counterpart Z = P Qᵀ of X = P Δ Qᵀ, Λ = Q Δ Qᵀ.
McFadden's pseudo R² says how much is explained at all.

Importances are shares of what is explained and sum to 1. Intervals: bootstrap of customers (512 buckets) on the signed root, whose
distribution is near normal where that of a share piles up at 0. Collinearity: variance inflation and the condition number of the scaled
columns (Belsley, Kuh & Welsch 1980). Association, not cause: moods and other reasons that go with a complaint are in its share.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices
from huiyin.insight.driver_weights import Weights, logistic_weights, shapley_weights
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import wilson
from huiyin.insight.metrics import measure, points_sql
from huiyin.insight.patterns import OTHER, Patterns, leading_aspects, mask_sql, unpacked
from huiyin.insight.scoring import Kind

Floats = NDArray[np.float64]
MINIMUM_CUSTOMERS = 100
MINIMUM_COMPLAINING = 20
MINIMUM_LEFT = 30
_INFLATION = 5.0
_CONDITION = 30.0
_SURE = 0.95
Quadrant = Literal["fix", "keep", "watch", "rest", "unsure"]
"""important & poor, important & good, unimportant & poor, unimportant & good; unsure where an interval holds the line."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One aspect's part. `aspect` is empty for all other complaints together."""

    aspect: str
    customers: int
    importance: Estimate
    """Share 0..1 of what is explained."""
    effect: Estimate
    """Points lost by those who complain, others equal (score); odds ratio of leaving (churn)."""
    inflation: float
    """Variance inflation factor; 1 is independent of the others."""
    performance: Estimate
    """Share 0..1 of opinions about it that are positive (neutral ones left out)."""
    quadrant: Quadrant
    tied_with: tuple[str, ...]
    """Aspects whose importance cannot be told apart from this one's."""


@dataclass(frozen=True, slots=True)
class Drivers:
    """Drivers by importance, the row of others last."""

    outcome: Literal["nps", "csat", "ces", "mean", "churn"]
    drivers: tuple[Driver, ...]
    explained: Estimate
    """R², or McFadden's pseudo R² of churn."""
    customers: int
    left: int | None
    condition: float
    collinear: bool
    """Some inflation above 5 or a condition number above 30: shares of those aspects are not to be told apart."""
    importance_line: float
    performance_line: float | None
    head: tuple[str, ...]
    """The number-one driver, with those tied with it; empty when no driver is above chance."""
    reason: Literal["too_few_customers", "too_few_left", "no_complaints", "refused"] | None


def score_drivers(store: Voices, kind: Kind, where: Filter | None = None, aspects: tuple[str, ...] | None = None, most: int = 12) -> Drivers:
    """What moves NPS, CSAT, CES or a mean score."""
    main = measure(store, kind, where)
    if main.reason:
        return _nothing(kind, "too_few_customers" if main.reason == "too_few" else "refused", main.value.n)
    chosen = aspects or leading_aspects(store, where, most, MINIMUM_COMPLAINING)
    points, condition = points_sql(kind, main.scale_max)
    said, values = mask_sql(chosen, "unit")
    table = store.query(
        f"WITH said AS ({said}), scored AS (SELECT unit, avg({points}) AS x FROM voice WHERE {condition} GROUP BY unit) "
        "SELECT CAST(scored.unit % 512 AS INTEGER) AS bucket, coalesce(mask, 0) AS mask, count(*) AS n, sum(x) AS total, sum(x * x) AS square "
        "FROM scored LEFT JOIN said ON scored.unit = said.unit GROUP BY 1, 2 ORDER BY 1, 2",
        [*values, main.question],
        where,
    )
    patterns = _thinned(_patterns(table, chosen))
    if len(patterns) < MINIMUM_CUSTOMERS or not patterns.aspects:
        return _nothing(kind, "no_complaints" if len(patterns) >= MINIMUM_CUSTOMERS else "too_few_customers", len(patterns))
    return _told(store, where, kind, patterns, shapley_weights(patterns), None)


def churn_drivers(store: Voices, customers: pa.Table, where: Filter | None = None, aspects: tuple[str, ...] | None = None, most: int = 12) -> Drivers:
    """What goes with leaving. `customers` has the columns customer_id and churned (true or false); only those who spoke take part.

    Raises:
        ValueError: a table without these columns, or a customer named twice.
    """
    known = _outcomes(customers)
    chosen = aspects or leading_aspects(store, where, most, MINIMUM_COMPLAINING)
    said, values = mask_sql(chosen, "unit")
    table = store.query(
        f"WITH said AS ({said}), spoke AS (SELECT customer_id, max(unit) AS unit FROM voice WHERE customer_id IS NOT NULL GROUP BY customer_id) "
        "SELECT CAST(spoke.unit % 512 AS INTEGER) AS bucket, coalesce(mask, 0) AS mask, count(*) AS n, sum(x) AS total, sum(x) AS square "
        "FROM spoke JOIN outcome ON spoke.customer_id = outcome.customer_id LEFT JOIN said ON spoke.unit = said.unit GROUP BY 1, 2 ORDER BY 1, 2",
        values,
        where,
        tables={"outcome": known},
    )
    patterns = _thinned(_patterns(table, chosen))
    left = int(patterns.total.sum())
    if len(patterns) < MINIMUM_CUSTOMERS or min(left, len(patterns) - left) < MINIMUM_LEFT:
        few = len(patterns) < MINIMUM_CUSTOMERS
        return replace(_nothing("churn", "too_few_customers" if few else "too_few_left", len(patterns)), left=left)
    if not patterns.aspects:
        return replace(_nothing("churn", "no_complaints", len(patterns)), left=left)
    return _told(store, where, "churn", patterns, logistic_weights(patterns), left)


def _outcomes(customers: pa.Table) -> pa.Table:
    if not {"customer_id", "churned"} <= set(customers.column_names):
        raise ValueError(f"customers: columns customer_id and churned are needed, found {', '.join(customers.column_names)}")
    ids = customers["customer_id"].cast(pa.string())
    if len(ids.unique()) != len(ids):
        raise ValueError("customers: customer_id stands there twice; give one row for each customer")
    known = pa.table({"customer_id": ids, "x": customers["churned"].cast(pa.bool_()).cast(pa.int8()).cast(pa.float64())})
    return known.drop_null()


def _patterns(table: pa.Table, chosen: tuple[str, ...]) -> Patterns:
    mask = table["mask"].to_numpy(zero_copy_only=False).astype(np.int64)
    count, total, square = (table[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in ("n", "total", "square"))
    bucket = table["bucket"].to_numpy(zero_copy_only=False).astype(np.int64)
    return Patterns(bucket, unpacked(mask, len(chosen) + 1), count, total, square, (*chosen, OTHER))


def _thinned(patterns: Patterns) -> Patterns:
    """Without columns too rare to be judged among the customers with an outcome: their complaints go with the others'."""
    counts = patterns.complains.T @ patterns.count
    kept = np.flatnonzero(counts[:-1] >= MINIMUM_COMPLAINING)
    rest = np.delete(patterns.complains, kept, axis=1).max(axis=1) if len(patterns.count) else np.zeros(0)
    columns, names = patterns.complains[:, kept], tuple(patterns.aspects[at] for at in kept)
    if float(rest @ patterns.count) >= MINIMUM_COMPLAINING:
        columns, names = np.column_stack([columns, rest]), (*names, OTHER)
    return replace(patterns, complains=columns, aspects=names)


def _told(
    store: Voices,
    where: Filter | None,
    outcome: Literal["nps", "csat", "ces", "mean", "churn"],
    patterns: Patterns,
    weights: Weights,
    left: int | None,
) -> Drivers:
    counts = (patterns.complains.T @ patterns.count).astype(int)
    performance, line = _performance(store, where, patterns.aspects)
    share = 1.0 / len(patterns.aspects)
    ties = weights.ties(_SURE)
    drivers = []
    for at, aspect in enumerate(patterns.aspects):
        importance = Estimate(*weights.importance(at), int(counts[at]))
        effect = Estimate(*weights.effect(at, churn=outcome == "churn"), int(counts[at]))
        shown = performance.get(aspect, Estimate(None, None, None, 0))
        tied = tuple(patterns.aspects[other] for other in ties[at])
        quadrant = _quadrant(importance, share, shown, line)
        drivers.append(Driver(aspect, int(counts[at]), importance, effect, float(weights.inflation[at]), shown, quadrant, tied))
    drivers.sort(key=lambda one: (one.aspect == OTHER, -(one.importance.value or 0.0), one.aspect))
    collinear = bool(weights.inflation.max() > _INFLATION or weights.condition > _CONDITION)
    head = _head(drivers, patterns.aspects, weights, churn=outcome == "churn")
    explained = Estimate(*weights.explained(), len(patterns))
    return Drivers(outcome, tuple(drivers), explained, len(patterns), left, weights.condition, collinear, share, line, head, None)


def _head(drivers: list[Driver], aspects: tuple[str, ...], weights: Weights, churn: bool) -> tuple[str, ...]:
    """The most important aspect that hurts by more than chance (Bonferroni over the aspects), and those tied with it."""
    hurting = -1.0 if not churn else 1.0
    proven = {
        name for at, name in enumerate(aspects) if name != OTHER and weights.p_value(at) * len(aspects) < 0.05 and weights.slope[0, at] * hurting > 0
    }
    first = next((one for one in drivers if one.aspect in proven), None)
    return () if first is None else (first.aspect, *(other for other in first.tied_with if other in proven))


def _quadrant(importance: Estimate, share: float, performance: Estimate, line: float | None) -> Quadrant:
    """Importance against an equal share, performance against that of all aspects."""
    if performance.value is None or line is None or importance.low is None or importance.high is None:
        return "unsure"
    if importance.low <= share <= importance.high or (performance.low or 0.0) <= line <= (performance.high or 0.0):
        return "unsure"
    poor = performance.value < line
    if importance.low > share:
        return "fix" if poor else "keep"
    return "watch" if poor else "rest"


def _performance(store: Voices, where: Filter | None, aspects: tuple[str, ...]) -> tuple[dict[str, Estimate], float | None]:
    table = store.query(
        "SELECT aspect, sum(CASE WHEN polarity = 1 THEN 1 ELSE 0 END) AS good, count(*) AS n "
        "FROM opinion WHERE polarity <> 0 AND aspect IS NOT NULL GROUP BY aspect ORDER BY aspect",
        (),
        where,
    )
    rows = {str(row["aspect"]): (int(row["good"]), int(row["n"])) for row in table.to_pylist()}
    good, total = (sum(row[part] for row in rows.values()) for part in (0, 1))
    return {name: wilson(*rows[name]) for name in aspects if name in rows}, good / total if total else None


def _nothing(
    outcome: Literal["nps", "csat", "ces", "mean", "churn"],
    reason: Literal["too_few_customers", "too_few_left", "no_complaints", "refused"],
    customers: int,
) -> Drivers:
    return Drivers(outcome, (), Estimate(None, None, None, customers), customers, None, 0.0, False, 0.0, None, (), reason)
