"""Intervals for proportions, rates and ratios, and the control of false discoveries over many tests."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.insight.findings import Estimate

_Z = float(stats.norm.ppf(0.975))


def wilson(count: int, total: int, scale: float = 1.0) -> Estimate:
    """Proportion count ÷ total with its 95 % score interval, times `scale`.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 1927: right for small n, inside 0..1.

    >>> estimate = wilson(7, 10)
    >>> round(estimate.value, 2), round(estimate.low, 2), round(estimate.high, 2)
    (0.7, 0.4, 0.89)
    """
    if total <= 0:
        return Estimate(None, None, None, 0)
    share = count / total
    centre = share + _Z**2 / (2 * total)
    half = _Z * math.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
    below = 1 + _Z**2 / total
    low, high = max(0.0, (centre - half) / below), min(1.0, (centre + half) / below)
    return Estimate(share * scale, low * scale, high * scale, total)


def mean(values: NDArray[np.float64], minimum: int = 5) -> Estimate:
    """Mean with its 95 % t interval; no value below `minimum` observations."""
    n = len(values)
    if n < minimum:
        return Estimate(None, None, None, n)
    centre = float(values.mean())
    half = float(stats.t.ppf(0.975, n - 1)) * float(values.std(ddof=1)) / math.sqrt(n)
    return Estimate(centre, centre - half, centre + half, n)


def rate_ratio(count_a: float, exposure_a: float, count_b: float, exposure_b: float, dispersion: float = 1.0) -> tuple[float, float, float]:
    """Rate a ÷ rate b with its 95 % interval on the log scale, widened by √dispersion (quasi-Poisson).

    Half a case is added to each side where one is empty (Haldane, 1956; Anscombe, 1956).
    """
    if count_a == 0 or count_b == 0:
        count_a, count_b = count_a + 0.5, count_b + 0.5
    ratio = (count_a / exposure_a) / (count_b / exposure_b)
    half = _Z * math.sqrt(max(dispersion, 1.0) * (1 / count_a + 1 / count_b))
    return ratio, ratio * math.exp(-half), ratio * math.exp(half)


def false_discovery(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """q-values after Benjamini & Hochberg, JRSS B 1995; NaN stays NaN and counts for nothing.

    >>> false_discovery(np.array([0.01, 0.02, 0.03, 0.5])).round(3).tolist()
    [0.04, 0.04, 0.04, 0.5]
    """
    out = np.full(len(p_values), np.nan)
    known = ~np.isnan(p_values)
    if known.any():
        out[known] = stats.false_discovery_control(p_values[known], method="bh")
    return out
