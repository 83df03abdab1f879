"""How hard a target presses on each unit, and the weight at which it would press no harder than on a calm and honest one.

    index = weight × volatility × signals          cap = weight ÷ (volatility × signals)

`weight` is the share of pay or appraisal that hangs on the score; volatility √φ says how many times wider the unit's weekly means lie than
drawing customers alone makes them, φ = Σ_w n_w (ȳ_w − ȳ)² / σ² / (W − 1), at least 1; signals is 1 + named tricks + share of suspects. The
product is a convention, not a law: it orders units and leaves the decision to people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices
from huiyin.insight.integrity.audit import Integrity
from huiyin.insight.integrity.checks import named

Floats = NDArray[np.float64]
_MINIMUM_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Pressure:
    """One unit. `volatility`, `index` and `cap` are None with fewer than eight weeks of scores or below the minimum of responses."""

    unit: str
    weight: float
    responses: int
    volatility: float | None
    signals: float
    index: float | None
    cap: float | None
    """Suggested upper bound of the weight."""


def pressure(store: Voices, found: Integrity, weight: float | Mapping[str, float], where: Filter | None = None) -> tuple[Pressure, ...]:
    """The pressure on each unit of an audit, highest first. `weight` 0..1, one for all or by unit (0 where a unit has none)."""
    base, values = named(found.unit)
    table = store.query(
        f"WITH {base} SELECT place, week, CAST(count(*) AS DOUBLE) AS n, sum(points) AS total, sum(points * points) AS squares FROM ("
        "SELECT place, points, CAST(date_trunc('week', day) AS DATE) AS week FROM named WHERE points IS NOT NULL AND day IS NOT NULL) scored "
        "GROUP BY place, week ORDER BY place, week",
        values,
        where,
    )
    places = np.array(table["place"].to_pylist(), dtype=object)
    numbers = [table[name].to_numpy().astype(np.float64) for name in ("n", "total", "squares")]
    out = []
    for unit in found.units:
        own = places == unit.unit
        wide = volatility(*(number[own] for number in numbers)) if unit.responses >= found.settings.minimum else None
        own_weight = weight if isinstance(weight, int | float) else weight.get(unit.unit, 0.0)
        signals = 1 + len(unit.reasons) + unit.suspects / max(unit.responses, 1)
        index = None if wide is None else own_weight * wide * signals
        cap = None if wide is None else own_weight / (wide * signals)
        out.append(Pressure(unit.unit, float(own_weight), unit.responses, wide, signals, index, cap))
    return tuple(sorted(out, key=lambda one: (-(one.index or 0.0), one.unit)))


def volatility(n: Floats, total: Floats, squares: Floats) -> float | None:
    """√φ of weekly means, at least 1; None with fewer than eight weeks.

    >>> n = np.full(10, 20.0)
    >>> volatility(n, n * 8, n * 65)
    1.0
    """
    if len(n) < _MINIMUM_WEEKS or n.sum() <= len(n):
        return None
    mean = total / n
    within = float((squares - n * mean**2).sum() / (n.sum() - len(n)))
    if within <= 0:
        return None
    between = float((n * (mean - total.sum() / n.sum()) ** 2).sum() / (len(n) - 1))
    return float(np.sqrt(max(between / within, 1.0)))
