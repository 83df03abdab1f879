"""Did the complaints go somewhere else? Every other aspect, and the target itself in every channel, is asked whether it rose.

Each is judged as the target was, against the other comparisons; one-sided, false discoveries controlled at 5 % over all asked
(Benjamini & Hochberg 1995). The moved share is the excess voices there ÷ the voices avoided, its interval by drawing both effects.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.insight.effects.comparing import MINIMUM_BEFORE, Series, compared, pooled
from huiyin.insight.effects.outcome import NOTHING, Displaced
from huiyin.insight.effects.regression import Fit
from huiyin.insight.effects.series import Panel
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import false_discovery

Floats = NDArray[np.float64]
_LEVEL = 0.05
_DRAWS = 4000
_SEED = 20240229


def displaced(panel: Panel, chosen: list[Series], after: NDArray[np.bool_]) -> list[tuple[Displaced, Fit, float]]:
    """What rose, the surest first: (finding, fit, count after or 0 for a part of the target)."""
    asked: list[tuple[str, str, Floats, Fit]] = []
    for name, count in panel.aspects.items():
        others = [one for one in chosen if one.kind == "aspect" and one.name != name]
        pool, offset = pooled(panel, others) if others else (panel.voices, np.zeros(len(count)))
        if count.sum() >= MINIMUM_BEFORE:
            asked.append(("aspect", name, count, compared(count, pool, offset, after)))
    for name, (count, rest) in panel.channels.items():
        if count.sum() >= MINIMUM_BEFORE and rest.sum() >= MINIMUM_BEFORE:
            asked.append(("part", name, count, compared(count, rest, np.zeros(len(count)), after)))
    for (dimension, name), (count, voices) in panel.elsewhere.items():
        if dimension == "channel" and count.sum() >= MINIMUM_BEFORE:
            asked.append(("channel", name, count, compared(count, voices, np.zeros(len(count)), after)))
    if not asked:
        return []
    tails = np.array([float(stats.t.sf(one.statistic(1), one.freedom)) for *_, one in asked])
    out = []
    for (kind, name, count, one), q_value in zip(asked, false_discovery(tails), strict=True):
        ratio, low, high = one.interval(1)
        if q_value <= _LEVEL and ratio > 1:
            # A channel within the scope holds a part of the target: what rose there is in the target's own sum already.
            later = 0.0 if kind == "part" else float(count[after].sum())
            finding = Displaced(
                "aspect" if kind == "aspect" else "channel",
                name,
                Estimate(ratio, low, high, int(count.sum())),
                float(count[after].sum()) * (1 - 1 / ratio),
                float(q_value),
            )
            out.append((finding, one, later))
    return sorted(out, key=lambda one: (one[0].q_value, one[0].name))


def moved_share(effect: Fit, target_after: float, found: list[tuple[Displaced, Fit, float]]) -> Estimate:
    """Excess elsewhere ÷ voices avoided; nothing where no voices were avoided. Parts of the target do not add."""
    if effect.beta[1] >= 0:
        return NOTHING
    generator = np.random.default_rng(_SEED)
    fall = _avoided(effect, target_after, generator)
    rise = np.sum([-_avoided(one, after, generator) for _, one, after in found], axis=0) if found else np.zeros(_DRAWS + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(fall > 0, rise / fall, np.inf)
    low, high = np.quantile(ratio[1:], [0.025, 0.975], method="inverted_cdf")
    return Estimate(float(ratio[0]), float(low), float(high), int(target_after))


def _avoided(one: Fit, after: float, generator: np.random.Generator) -> Floats:
    """Voices expected minus counted: the estimate, then draws of it."""
    drawn = one.beta[1] + one.error(1) * generator.standard_t(one.freedom, _DRAWS)
    return np.asarray(after * (np.exp(np.clip(-np.concatenate([[one.beta[1]], drawn]), -30, 30)) - 1))
