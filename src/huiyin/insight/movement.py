"""Why did the score move? The change taken apart into topic mix and topic effect, aspect by aspect, summing exactly to the change.

In each period t the answers' points x (±100 for NPS, 0/100 for CSAT, the score otherwise) are fitted by least squares,

    x_i = α_t + Σ_a β_ta d_ia + e_i,     d_ia = the voice complains of a,     so that     mean_t = α_t + Σ_a β_ta p_ta

and with p_ta the share that complains of a (Oaxaca, International Economic Review 1973; Blinder, Journal of Human Resources 1973; both orders
averaged, which for two factors is Shapley's value: Shorrocks, Journal of Economic Inequality 2013)

    mean_2 − mean_1 = Σ_a (p_2a − p_1a)(β_1a + β_2a)/2   mix: more or fewer complain of a
                    + Σ_a (β_2a − β_1a)(p_1a + p_2a)/2   effect: those who complain of a score lower or higher than before
                    + (α_2 − α_1)                        remainder: the score of those who complain of nothing

Intervals: bootstrap of customers (512 buckets, the same draw in both periods), basic normal form estimate ± t · standard deviation.
Association, not cause: who complains of one thing may differ in another. Complaints outside of the listed aspects form one more row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.metrics import Difference, difference, points_sql
from huiyin.insight.patterns import BUCKETS, OTHER, Patterns, Sums, draws, leading_aspects, mask_sql, sums, unpacked
from huiyin.insight.scoring import Kind

Floats = NDArray[np.float64]
REPLICATES = 500
MINIMUM_COMPLAINTS = 15
"""An aspect complained of in fewer scored voices of either period goes into the row of others."""
_SEED = 20240229


@dataclass(frozen=True, slots=True)
class AspectMove:
    """What one aspect did to the metric, in its points. `aspect` is empty for the row of all other complaints."""

    aspect: str
    share_before: float
    """Share of scored voices that complain of it."""
    share_after: float
    loss_before: float
    """−β: points lost by those who complain of it."""
    loss_after: float
    mix: Estimate
    effect: Estimate
    total: Estimate


@dataclass(frozen=True, slots=True)
class Movement:
    """The change and its parts: Σ mix + Σ effect + remainder = change, exactly."""

    kind: Kind
    change: Difference
    mix: Estimate
    effect: Estimate
    remainder: Estimate
    aspects: tuple[AspectMove, ...]
    """Largest movement first; the row of others stands last."""
    reason: Literal["too_few", "refused"] | None


@dataclass(frozen=True, slots=True)
class Parts:
    """Arrays (R+1, K) over draws, the first row the estimate; `remainder`, `change` (R+1,)."""

    mix: Floats
    effect: Floats
    remainder: Floats
    change: Floats
    share: Floats
    """(2, K) of the estimate."""
    slope: Floats


def decompose(before: Sums, after: Sums, weights: Floats) -> Parts:
    """The decomposition under every weighting (R+1, 512) of the buckets.

    >>> one = Sums(np.zeros((512, 2, 2)), np.zeros((512, 2)), np.zeros(512))
    >>> one.gram[0], one.moment[0] = [[10, 2], [2, 2]], [80, 10]
    >>> two = Sums(one.gram * 1.0, one.moment * 1.0, one.square)
    >>> two.gram[0], two.moment[0] = [[10, 4], [4, 4]], [73, 20]
    >>> parts = decompose(one, two, np.ones((1, 512)))
    >>> round(float(parts.mix.sum() + parts.effect.sum() + parts.remainder[0]), 9), round(float(parts.change[0]), 9)
    (-0.7, -0.7)
    """
    sides = [_side(one, weights) for one in (before, after)]
    (mean_1, share_1, slope_1), (mean_2, share_2, slope_2) = sides
    mix = (share_2 - share_1) * (slope_1 + slope_2) / 2
    effect = (slope_2 - slope_1) * (share_1 + share_2) / 2
    change = mean_2 - mean_1
    remainder = change - mix.sum(axis=1) - effect.sum(axis=1)
    return Parts(mix, effect, remainder, change, np.stack([share_1[0], share_2[0]]), np.stack([slope_1[0], slope_2[0]]))


def _side(one: Sums, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean (R+1,), shares and slopes (R+1, K) of one period."""
    columns = one.moment.shape[1]
    gram = (weights @ one.gram.reshape(BUCKETS, -1)).reshape(-1, columns, columns)
    moment = weights @ one.moment
    n = np.maximum(gram[:, 0, 0], 1e-9)
    share, mean = gram[:, 0, 1:] / n[:, None], moment[:, 0] / n
    centred = gram[:, 1:, 1:] - gram[:, :1, 1:].transpose(0, 2, 1) * gram[:, :1, 1:] / n[:, None, None]
    # A whisper of ridge keeps aspects solvable that always come together.
    slope = np.linalg.solve(centred + 1e-6 * np.eye(columns - 1), (moment[:, 1:] - gram[:, 0, 1:] * mean[:, None])[:, :, None])[:, :, 0]
    return mean, share, np.asarray(slope)


def explain(
    store: Voices,
    kind: Kind,
    before: Filter,
    after: Filter,
    aspects: tuple[str, ...] | None = None,
    most: int = 15,
) -> Movement:
    """The change of a metric between two filters taken apart; refused where the change itself is (too few, broken series)."""
    change = difference(store, kind, before, after)
    nothing = Estimate(None, None, None, 0)
    if change.reason:
        return Movement(kind, change, nothing, nothing, nothing, (), "too_few" if change.reason == "too_few" else "refused")
    scale = change.after.scale_max
    chosen = aspects or leading_aspects(store, after, most, MINIMUM_COMPLAINTS)
    sides = [scored_patterns(store, kind, where, chosen, scale, change.after.question) for where in (before, after)]
    sides = _thinned(sides, chosen)
    parts = decompose(sums(sides[0]), sums(sides[1]), draws(REPLICATES, _SEED))
    count = sum(len(side) for side in sides)
    groups = len(np.unique(np.concatenate([side.bucket for side in sides])))
    return _told(kind, change, parts, sides[0].aspects, count, groups)


def scored_patterns(
    store: Voices, kind: Kind, where: Filter | None, aspects: tuple[str, ...], scale_max: float | None, question: str = ""
) -> Patterns:
    """Scored voices by bucket and complaints made in them; the outcome is the metric's points."""
    said, values = mask_sql(aspects, "feedback_id")
    points, condition = points_sql(kind, scale_max)
    table = store.query(
        f"WITH said AS ({said}), scored AS (SELECT feedback_id, unit, {points} AS x FROM voice WHERE {condition}) "
        "SELECT CAST(unit % 512 AS INTEGER) AS bucket, coalesce(mask, 0) AS mask, count(*) AS n, sum(x) AS total, sum(x * x) AS square "
        "FROM scored LEFT JOIN said ON scored.feedback_id = said.feedback_id GROUP BY 1, 2 ORDER BY 1, 2",
        [*values, question],
        where,
    )
    mask = table["mask"].to_numpy(zero_copy_only=False).astype(np.int64)
    count, total, square = (table[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in ("n", "total", "square"))
    return Patterns(table["bucket"].to_numpy().astype(np.int64), unpacked(mask, len(aspects) + 1), count, total, square, (*aspects, OTHER))


def _thinned(sides: list[Patterns], chosen: tuple[str, ...]) -> list[Patterns]:
    """Aspects too rare on either side are put with the others."""
    counts = np.min([side.complains[:, :-1].T @ side.count for side in sides], axis=0)
    kept = np.flatnonzero(counts >= MINIMUM_COMPLAINTS)
    out = []
    for side in sides:
        rare = np.delete(side.complains, kept, axis=1).max(axis=1)
        names = (*(chosen[at] for at in kept), OTHER)
        out.append(replace(side, complains=np.column_stack([side.complains[:, kept], rare]), aspects=names))
    return out


def _told(kind: Kind, change: Difference, parts: Parts, names: tuple[str, ...], count: int, groups: int) -> Movement:
    quantile = float(stats.t.ppf(0.975, max(groups - 1, 2)))

    def told(values: Floats) -> Estimate:
        half = quantile * float(values[1:].std(ddof=1))
        return Estimate(float(values[0]), float(values[0]) - half, float(values[0]) + half, count)

    moves = [
        AspectMove(
            name,
            float(parts.share[0, at]),
            float(parts.share[1, at]),
            float(-parts.slope[0, at]),
            float(-parts.slope[1, at]),
            told(parts.mix[:, at]),
            told(parts.effect[:, at]),
            told(parts.mix[:, at] + parts.effect[:, at]),
        )
        for at, name in enumerate(names)
    ]
    moves = [one for one in moves if one.share_before or one.share_after]
    order = sorted(moves, key=lambda one: (one.aspect == OTHER, -abs(one.total.value or 0.0), one.aspect))
    return Movement(kind, change, told(parts.mix.sum(axis=1)), told(parts.effect.sum(axis=1)), told(parts.remainder), tuple(order), None)
