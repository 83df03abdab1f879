"""Do scores rise while something is offered for them? The lift of each unit and of all, from the attribute `offer`.

An answer was given during an offer when its attribute `offer` names one (a word of no, or nothing, is none). Within each unit and month

    d = mean during − mean otherwise,     lift = Σ w d / Σ w,     w = n_during n_otherwise / (n_during + n_otherwise)

so that neither the unit's own level nor the season is taken for the offer; the error is widened where months disagree (`peers.jumps`).
The test is one-sided against no lift, not against the peers: an offer that all units make lifts them all. A unit is named when its false discovery
rate, its size and its number of answers on both sides pass the bounds of the audit. Points are those of a ten-point scale.
An offer that fills whole months has nothing beside it to be compared with: such months tell nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.integrity import peers
from huiyin.insight.integrity.checks import Settings, named
from huiyin.insight.intervals import false_discovery

Floats = NDArray[np.float64]

NO_OFFER = ("", "0", "no", "none", "false", "n", "否", "无", "没有", "未", "不")
"""Values of the attribute that say there was none; case does not matter."""
_Z = float(stats.norm.ppf(0.975))
_MONTHS = 2


@dataclass(frozen=True, slots=True)
class OfferLift:
    """One unit, or all together (`unit` empty). `lift` is empty with too few answers during offers or beside them."""

    unit: str
    during: int
    """Scored answers while something was offered."""
    otherwise: int
    lift: Estimate
    """Points of ten by which answers during offers are higher."""
    p_value: float | None
    q_value: float | None
    named: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """The lift in all and by unit, surest first. Without a single offer in the facts everything is empty."""

    unit: str
    together: OfferLift
    units: tuple[OfferLift, ...]
    names: tuple[tuple[str, int], ...]
    """What was offered, with the scored answers given then, most first."""


def offers(store: Voices, where: Filter | None = None, *, unit: str = "store", settings: Settings | None = None) -> Offers:
    """Lift in scores during offers.

    Raises:
        ValueError: `unit` is no column of the facts.
    """
    rules = settings or Settings()
    base, values = named(unit)
    marks = ", ".join("?" for _ in NO_OFFER)
    table = store.query(
        f"WITH {base}, offered AS (SELECT feedback_id, "
        f"CASE WHEN lower(trim(coalesce(attributes['offer'], ''))) IN ({marks}) THEN '' ELSE trim(attributes['offer']) END AS offer FROM voice) "
        "SELECT n.place AS place, CAST(date_trunc('month', n.day) AS DATE) AS period, o.offer AS offer, CAST(count(*) AS DOUBLE) AS n, "
        "sum(n.points) AS total, sum(n.points * n.points) AS squares FROM named n JOIN offered o ON n.feedback_id = o.feedback_id "
        "WHERE n.points IS NOT NULL AND n.day IS NOT NULL AND n.place IS NOT NULL AND n.place <> '' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        [*values, *NO_OFFER],
        where,
    )
    places, offered, count = table["place"].to_pylist(), table["offer"].to_pylist(), table["n"].to_pylist()
    units, periods = sorted(set(places)), sorted(set(table["period"].to_pylist()))
    row_of, column_of = ({one: at for at, one in enumerate(names)} for names in (units, periods))
    rows, columns = [row_of[place] for place in places], [column_of[one] for one in table["period"].to_pylist()]
    sides = [int(bool(one)) for one in offered]
    sums = [np.zeros((len(units), len(periods), 2)) for _ in range(3)]
    for into, name in zip(sums, ("n", "total", "squares"), strict=True):
        np.add.at(into, (rows, columns, sides), table[name].to_numpy())
    names: dict[str, int] = {}
    for one, n in zip(offered, count, strict=True):
        if one:
            names[one] = names.get(one, 0) + int(n)
    together = _judged([""], [_pooled(one) for one in sums], rules)[0]
    each = sorted(_judged(units, sums, rules), key=lambda one: (2.0 if one.p_value is None else one.p_value, one.unit))
    return Offers(unit, together, tuple(each), tuple(sorted(names.items(), key=lambda one: (-one[1], one[0]))))


def _pooled(sums: Floats) -> Floats:
    """Every unit's months side by side, as if they were months of one: (1, U·M, 2)."""
    return sums.reshape(1, -1, 2)


def _judged(units: list[str], sums: list[Floats], rules: Settings) -> list[OfferLift]:
    found = peers.jumps(sums[0], sums[1], sums[2], rules.minimum, _MONTHS)
    both: NDArray[np.bool_] = np.asarray((sums[0] > 0).all(axis=2))
    compared = np.where(both[:, :, None], sums[0], 0).sum(axis=1)
    enough = (both.sum(axis=1) >= _MONTHS) & (compared.min(axis=1, initial=np.inf) >= rules.minimum)
    tails = np.where(enough, stats.norm.sf(found.value / np.maximum(found.error, 1e-9)), np.nan)
    q_values = false_discovery(tails)
    out = []
    for at, unit in enumerate(units):
        during, otherwise = int(sums[0][at, :, 1].sum()), int(sums[0][at, :, 0].sum())
        if not enough[at]:
            out.append(OfferLift(unit, during, otherwise, Estimate(None, None, None, during), None, None, False))
            continue
        value, half = float(found.value[at]), _Z * float(found.error[at])
        sure = bool(q_values[at] <= rules.level and value >= rules.minimum_jump)
        out.append(
            OfferLift(unit, during, otherwise, Estimate(value, value - half, value + half, during), float(tails[at]), float(q_values[at]), sure)
        )
    return out
