"""Why a problem ranks where it does, and what would change the order.

The score is a product, so on the log scale the parts add up:

  ln(score_k ÷ score_j) = w_f·ln(f_k ÷ f_j) + w_i·ln(i_k ÷ i_j) + w_h·ln(h_k ÷ h_j)

Each term is how much a part speaks for k before j. From it follow, exactly, the factor by which one part alone has to change for
the two to change places, and the weight of one part at which they do. Limits: everything else is held as it is; how sure the
order is, is told by the bootstrap and not here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from huiyin.insight.problems.listing import Listing, Row

Part = Literal["frequency", "intensity", "harm"]
PARTS: tuple[Part, ...] = ("frequency", "intensity", "harm")


@dataclass(frozen=True, slots=True)
class Against:
    """One problem beside a neighbour. Terms are natural logs; they sum to ln of the ratio of scores."""

    other_id: str
    ratio: float
    """Score of this one ÷ score of the other."""
    terms: dict[Part, float]
    factor: dict[Part, float]
    """What each part alone would have to be multiplied by for the scores to be equal; NaN where its weight is 0."""
    weight: dict[Part, float | None]
    """The weight of each part at which the scores are equal, the others held; None where no weight ≥ 0 does it."""
    probability: float
    """P(this one ranks before the other), by the bootstrap."""


@dataclass(frozen=True, slots=True)
class Why:
    """A problem's place explained."""

    problem_id: str
    rank: int
    lift: dict[Part, float]
    """Each part ÷ its geometric mean over the list: 2 means twice the usual."""
    leading: Part
    """The part that lifts it most (or presses it down least)."""
    above: Against | None
    below: Against | None


def why(listing: Listing, problem_id: str) -> Why:
    """Explain one place of the list.

    Raises:
        KeyError: the problem is not in the list.
    """
    row = listing.row(problem_id)
    parts = _parts(listing)
    lift = {part: float(_value(row, part) / _geometric_mean(listing, part)) for part in parts}
    weight = {part: getattr(listing.weights, part) for part in parts}
    above = listing.rows[row.rank - 2] if row.rank > 1 else None
    below = listing.rows[row.rank] if row.rank < len(listing.rows) else None
    return Why(
        problem_id,
        row.rank,
        lift,
        max(parts, key=lambda part: (weight[part] * math.log(max(lift[part], 1e-12)), part)),
        _against(listing, row, above) if above else None,
        _against(listing, row, below) if below else None,
    )


def _parts(listing: Listing) -> tuple[Part, ...]:
    return PARTS if listing.scored else PARTS[:2]


def _value(row: Row, part: Part) -> float:
    estimate = getattr(row, part)
    return max(estimate.value if estimate is not None and estimate.value is not None else 0.0, 0.0)


def _geometric_mean(listing: Listing, part: Part) -> float:
    values = [value for row in listing.rows if (value := _value(row, part)) > 0]
    return math.exp(sum(math.log(value) for value in values) / len(values)) if values else 1.0


def _against(listing: Listing, row: Row, other: Row) -> Against:
    weights = {part: getattr(listing.weights, part) for part in _parts(listing)}
    logs = {part: _log_ratio(_value(row, part), _value(other, part)) for part in weights}
    terms = {part: weights[part] * logs[part] if weights[part] else 0.0 for part in weights}
    total = sum(terms.values())
    factor = {part: math.exp(-total / weights[part]) if weights[part] and math.isfinite(total) else math.nan for part in weights}
    replicates = listing.ranked.score_replicates
    before = float(np.mean(replicates[:, row.rank - 1] > replicates[:, other.rank - 1]))
    return Against(
        other.problem_id, math.exp(total) if total < 700 else math.inf, terms, factor, {part: _turning(part, logs, terms) for part in weights}, before
    )


def _log_ratio(one: float, other: float) -> float:
    if one == other:
        return 0.0
    if one <= 0:
        return -math.inf
    return math.inf if other <= 0 else math.log(one / other)


def _turning(part: Part, logs: dict[Part, float], terms: dict[Part, float]) -> float | None:
    rest = sum(value for name, value in terms.items() if name != part)
    if logs[part] == 0 or not math.isfinite(rest) or not math.isfinite(logs[part]):
        return None
    weight = -rest / logs[part]
    return weight if weight >= 0 else None
