"""Comparison groups chosen openly, and the effect against them.

Two sorts are candidates: the same target where the intervention did not reach (other products, regions …, when it was narrowed to
some), else other aspects of the same voices. A candidate must be untouched by any intervention near, have enough voices before and
run parallel to the target before (Angrist & Pischke, "Mostly Harmless Econometrics", 2009, §5.2). The chosen ones are pooled; the
effect is the difference-in-differences on the log scale: log(target ÷ pool) after − before. What moves all complaints alike (season,
weather, campaigns, weekdays, volume) cancels.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.insight.effects.outcome import Candidacy, Comparison
from huiyin.insight.effects.regression import Fit, fit
from huiyin.insight.effects.series import Panel
from huiyin.insight.findings import Estimate

Floats = NDArray[np.float64]
MINIMUM_BEFORE = 20
_PARALLEL = 0.05
_ENOUGH = 0.5
"""Other places are preferred when they hold at least this multiple of the target's voices before; otherwise aspects are used."""


@dataclass(frozen=True, slots=True)
class Series:
    """Counts (T,) of one candidate, with the voices behind them when these differ from the target's."""

    kind: Literal["aspect", "product", "brand", "region", "store", "channel", "segment"]
    name: str
    count: Floats
    voices: Floats | None = None


def candidates(panel: Panel, touched: Collection[str] = ()) -> list[tuple[Series, bool]]:
    """Every series the target could be compared with and whether another intervention touches it."""
    out = [(Series(dimension, value, *both), False) for (dimension, value), both in panel.elsewhere.items()]  # type: ignore[arg-type]
    for path, count in panel.aspects.items():
        near = any(path == root or path.startswith(root + "/") for root in touched)
        out.append((Series("aspect", path, count), near))
    return out


def choose(panel: Panel, touched: Collection[str] = (), displaced: Collection[str] = ()) -> tuple[list[Series], tuple[Comparison, ...]]:
    """The series to compare with, and the open list of all candidates with the reason for or against each."""
    judged: list[tuple[Series, Comparison]] = []
    for series, near in candidates(panel, touched):
        before = int(series.count[panel.before].sum())
        trend, p_value = Estimate(None, None, None, before), None
        reason: Candidacy = "touched" if near else "displaced" if series.name in displaced else "chosen"
        if reason == "chosen" and before < MINIMUM_BEFORE:
            reason = "too_few"
        if reason != "too_few":
            trend, p_value = parallel(panel, [series])
            if reason == "chosen" and p_value < _PARALLEL:
                reason = "different_trend"
        judged.append((series, Comparison(series.kind, series.name, before, trend, p_value, reason)))
    places = [series for series, one in judged if one.reason == "chosen" and series.kind != "aspect"]
    aspects = [series for series, one in judged if one.reason == "chosen" and series.kind == "aspect"]
    early = panel.before
    enough = sum(float(series.count[early].sum()) for series in places) >= _ENOUGH * float(panel.target[early].sum())
    chosen = places if places and enough else aspects or places
    used = {(series.kind, series.name) for series in chosen}
    listed = []
    for _, one in judged:
        idle = one.reason == "chosen" and (one.kind, one.name) not in used
        listed.append(Comparison(one.kind, one.name, one.before, one.trend, one.p_value, "not_needed") if idle else one)
    order = {"chosen": 0, "not_needed": 1, "different_trend": 2, "displaced": 3, "touched": 4, "too_few": 5}
    return chosen, tuple(sorted(listed, key=lambda one: (order[one.reason], -one.before, one.kind, one.name)))


def pooled(panel: Panel, chosen: list[Series]) -> tuple[Floats, Floats]:
    """Count (T,) of the chosen series together and the offset log(voices of the target ÷ voices of the pool)."""
    count = np.sum([series.count for series in chosen], axis=0)
    if chosen[0].voices is None:
        return count, np.zeros(len(count))
    theirs = np.sum([series.voices for series in chosen if series.voices is not None], axis=0)
    return count, np.log(np.maximum(panel.voices, 1.0) / np.maximum(theirs, 1.0))


def parallel(panel: Panel, chosen: list[Series]) -> tuple[Estimate, float]:
    """Growth of the target against the series before the intervention over four weeks, and the p-value of none."""
    rows = panel.before
    count, offset = pooled(panel, chosen)
    time = panel.block[rows] / 4.0
    target = panel.target[rows]
    one = fit(np.column_stack([np.ones(len(time)), time - time.mean()]), target, target + count[rows], offset[rows])
    return Estimate(*one.interval(1), int(count[rows].sum())), one.p_value(1)


def compared(target: Floats, pool: Floats, offset: Floats, after: NDArray[np.bool_]) -> Fit:
    """Difference-in-differences of arrays (T,): column 1 of the fit is the log of the ratio of rate ratios.

    >>> after = np.arange(20) >= 12
    >>> one = compared(np.where(after, 10.0, 20.0), np.full(20, 100.0), np.zeros(20), after)
    >>> round(one.interval(1)[0], 3)
    0.5
    """
    target, pool = _filled(target, after), _filled(pool, after)
    return fit(np.column_stack([np.ones(len(target)), after.astype(float)]), target, target + pool, offset)


def _filled(count: Floats, after: NDArray[np.bool_]) -> Floats:
    """Half a case spread over a period in which nothing was counted (Haldane 1956), so that its logarithm exists."""
    out = count.astype(np.float64)
    for part in (after, ~after):
        if part.any() and out[part].sum() == 0:
            out[part] = 0.5 / part.sum()
    return out


def interrupted(target: Floats, voices: Floats, block: NDArray[np.int64], after: NDArray[np.bool_]) -> Fit:
    """Interrupted series per voice received: level, linear trend, step at the intervention (column 1), and the year's season when at
    least a year stands before (Bernal, Cummins & Gasparrini, International Journal of Epidemiology 2017)."""
    target = _filled(target, after)
    columns = [np.ones(len(target)), after.astype(float), (block - block.mean()) / 10.0]
    if (~after).sum() >= 52:
        angle = 2 * np.pi * block * 7 / 365.25
        columns += [np.sin(angle), np.cos(angle)]
    return fit(np.column_stack(columns), target, None, np.log(np.maximum(voices, 1.0)))


def drifts(target: Floats, voices: Floats, block: NDArray[np.int64]) -> bool:
    """Whether a series before the intervention rises, falls or bends by more than chance: a season, for all one can tell."""
    time = (block - block.mean()) / max(np.ptp(block), 1)
    design = np.column_stack([np.ones(len(time)), time, time**2 - (time**2).mean()])
    one = fit(design, target, None, np.log(np.maximum(voices, 1.0)))
    part, covariance = one.beta[1:], one.covariance[1:, 1:]
    statistic = float(part @ np.linalg.solve(covariance, part)) / 2
    return bool(stats.f.sf(statistic, 2, one.freedom) < 0.05)
