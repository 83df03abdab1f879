"""Does a proven fix hold? A Poisson cumulative sum over the weeks that follow (Lucas, Technometrics 1985).

    S_t = max(0, S_{t−1} + (x_t log r − (r − 1) μ_t) / φ),   alarm when S_t > h

x_t voices of the target, μ_t expected at the rate right after the fix (per comparison voice, or per voice received), φ dispersion,
r the relapse looked for: half of the effect undone, at least 1.25. h is set by simulation so that a fix that holds sounds an alarm within
a year in one case of twenty; the simulation draws the uncertainty of the rate right after the fix too.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices
from huiyin.insight.effects.outcome import Intervention, Judgement, Watch
from huiyin.insight.effects.series import Panel, extent, panel
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import rate_ratio

Floats = NDArray[np.float64]
HORIZON = 52
_PATHS = 2000
_FALSE_ALARMS = 0.05
_LEAST_BLOCKS = 2
_SEED = 20240229


def watch(store: Voices, act: Intervention, judged: Judgement, where: Filter | None = None, until: date | None = None) -> Watch:
    """Watch a fix of complaints judged `worked` over the whole weeks after the judged ones; praise is not watched."""
    settled = [block for block in judged.blocks if block.phase == "after"]
    nothing = Estimate(None, None, None, 0)
    if judged.verdict != "worked" or act.polarity == 1 or not settled:
        return Watch("not_proven", None, None, nothing, (), 0.0)
    scope = replace(where or Filter(), since=None, until=None) & replace(act.scope, since=None, until=None)
    span = extent(store, scope)
    first = date.fromisoformat(settled[0].start)
    last = min(span[1], until or span[1]) if span else first
    seen = panel(store, act, scope, first, last)
    exposure = _exposure(seen, judged)
    count = len(settled)
    if len(seen.block) - count < _LEAST_BLOCKS:
        return Watch("too_early", None, None, nothing, (), 0.0)
    effect = judged.effect.value or 1.0
    return _watched(seen, exposure, count, max(1.25, 1 / math.sqrt(effect)), judged.dispersion or 1.0)


def cumulative(count: Floats, expected: Floats, ratio: float, dispersion: float) -> Floats:
    """S_t of the module's docstring over the last axis.

    >>> cumulative(np.array([10.0, 20.0, 20.0]), np.full(3, 10.0), 2.0, 1.0).round(2).tolist()
    [0.0, 3.86, 7.73]
    """
    gain = (count * math.log(ratio) - (ratio - 1) * expected) / dispersion
    out = np.empty_like(gain)
    now = np.zeros(gain.shape[:-1])
    for at in range(gain.shape[-1]):
        now = np.maximum(0.0, now + gain[..., at])
        out[..., at] = now
    return out


def threshold(counted: float, blocks: int, exposed: float, ratio: float, dispersion: float) -> float:
    """h: exceeded within `HORIZON` blocks by one in twenty fixes that hold. `counted` over `blocks` blocks is the rate known so far, `exposed`
    the comparison voices (or voices received) of one block; both noises and overdispersion are drawn."""
    generator = np.random.default_rng(_SEED)
    mean = max(counted, 1.0) / blocks
    excess = max(dispersion - 1.0, 1e-6)
    shape = mean / excess
    true = mean * np.exp(generator.normal(0, math.sqrt(dispersion * (1 / max(counted, 1.0) + 1 / (exposed * blocks))), _PATHS))
    lively = generator.gamma(shape, 1 / shape, (_PATHS, HORIZON))
    drawn = generator.poisson(true[:, None] * lively).astype(np.float64)
    expected = mean * generator.poisson(exposed, (_PATHS, HORIZON)).astype(np.float64) / exposed
    sums = cumulative(drawn, np.asarray(expected, dtype=np.float64), ratio, dispersion)
    return float(np.quantile(sums.max(axis=1), 1 - _FALSE_ALARMS))


def _exposure(seen: Panel, judged: Judgement) -> Floats:
    """What the target is counted per: the comparisons' voices, or all voices received."""
    if judged.method != "compared":
        return seen.voices
    names = {(one.kind, one.name) for one in judged.comparisons if one.reason == "chosen"}
    rows = [count for name, count in seen.aspects.items() if ("aspect", name) in names]
    if rows:
        return np.asarray(np.sum(rows, axis=0), dtype=np.float64)
    places = [both for key, both in seen.elsewhere.items() if key in names]
    if not places:
        return seen.voices
    said, voices = (np.sum([both[part] for both in places], axis=0) for part in (0, 1))
    return np.asarray(said * seen.voices / np.maximum(voices, 1.0), dtype=np.float64)


def _watched(seen: Panel, exposure: Floats, count: int, ratio: float, dispersion: float) -> Watch:
    base_count, base_exposure = float(seen.target[:count].sum()), max(float(exposure[:count].sum()), 1.0)
    later, exposed = seen.target[count:], exposure[count:]
    expected = max(base_count, 0.5) * exposed / base_exposure
    sums = cumulative(later, expected, ratio, dispersion)
    limit = threshold(base_count, count, base_exposure / count, ratio, dispersion)
    alarms = np.flatnonzero(sums > limit)
    starts = [(seen.starts[0] + timedelta(days=7 * (count + at))).isoformat() for at in range(len(later))]
    blocks = tuple(zip(starts, later.astype(int).tolist(), expected.tolist(), sums.tolist(), strict=True))
    at = int(alarms[0]) if len(alarms) else None
    run = 0 if at is None else int(max(np.flatnonzero(sums[: at + 1] == 0), default=-1)) + 1
    part = slice(run, None) if at is None else slice(run, at + 1)
    sizes = (float(later[part].sum()), max(float(exposed[part].sum()), 1.0))
    found = Estimate(*rate_ratio(*sizes, base_count, base_exposure, dispersion), int(sizes[0]))
    if at is None:
        return Watch("steady", None, None, found, blocks, limit)
    return Watch("relapsed", starts[at], starts[run], found, blocks, limit)
