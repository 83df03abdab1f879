"""Counts over blocks of time: quasi-binomial or quasi-Poisson regression with an error that knows of unrest and of memory.

    quasi-binomial   count ~ trials · π,  logit π = X β + offset     (target among target + comparison: exp β is a ratio of rate ratios)
    quasi-Poisson    count ~ μ,           log μ = X β + offset       (target per voice received: exp β is a rate ratio)

β by iteratively reweighted least squares (McCullagh & Nelder 1989, §4.4, §6.2). Its variance is widened by the Pearson dispersion
φ = Σ r²/(n − k) times (1 + ρ)/(1 − ρ), together at least 1; ρ is the lag-1 correlation of the Pearson residuals corrected for its bias
−(1 + 4ρ)/n (Marriott & Pope, Biometrika 1954), 0 ≤ ρ ≤ 0.9: with some thirty blocks the AR(1) error is steadier than a kernel (HAC)
one (Müller, Journal of Business & Economic Statistics 2014). Intervals use t with n − k degrees of freedom.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
_ROUNDS = 25
_RIDGE = 1e-8


@dataclass(frozen=True, slots=True)
class Fit:
    """`beta` (k,), `covariance` (k, k) with dispersion and memory in it, `fitted` (n,) counts."""

    beta: Floats
    covariance: Floats
    freedom: int
    dispersion: float
    correlation: float
    fitted: Floats

    def interval(self, at: int) -> tuple[float, float, float]:
        """exp β of one column with its 95 % interval."""
        half = float(stats.t.ppf(0.975, self.freedom)) * self.error(at)
        centre = float(self.beta[at])
        return math.exp(centre), math.exp(max(centre - half, -30.0)), math.exp(min(centre + half, 30.0))

    def error(self, at: int) -> float:
        """Standard error of β of one column."""
        return math.sqrt(float(self.covariance[at, at]))

    def statistic(self, at: int) -> float:
        """β ÷ its error."""
        return float(self.beta[at]) / self.error(at)

    def p_value(self, at: int) -> float:
        """Two-sided."""
        return float(2 * stats.t.sf(abs(self.statistic(at)), self.freedom))


def fit(design: Floats, count: Floats, trials: Floats | None = None, offset: Floats | None = None) -> Fit:
    """Fit `count` (n,) on `design` (n, k); binomial among `trials` (n,), Poisson without.

    >>> after = np.array([0.0] * 6 + [1.0] * 6)
    >>> one = fit(np.column_stack([np.ones(12), after]), np.where(after > 0, 10.0, 20.0), None, np.zeros(12))
    >>> round(one.interval(1)[0], 6), one.dispersion
    (0.5, 1.0)
    """
    n, k = design.shape
    shift = np.zeros(n) if offset is None else offset
    eta = np.log(count + 0.5) if trials is None else np.log((count + 0.5) / (trials - count + 0.5))
    beta: Floats = np.zeros(k)
    for _ in range(_ROUNDS):
        mean, weight = _moments(eta, trials)
        response = eta - shift + (count - mean) / weight
        scaled = design * weight[:, None]
        following = np.asarray(np.linalg.solve(design.T @ scaled + _RIDGE * np.eye(k), scaled.T @ response), dtype=np.float64)
        eta = np.clip(design @ following + shift, -30.0, 30.0)
        done = float(np.abs(following - beta).max()) < 1e-8
        beta = following
        if done:
            break
    mean, weight = _moments(eta, trials)
    residual = (count - mean) / np.sqrt(weight)
    freedom = max(n - k, 1)
    dispersion = float((residual**2).sum()) / freedom
    rho = memory(residual, k)
    # Weeks more even than chance are luck: the error is never below that of Poisson or binomial counts.
    widening = max(1.0, dispersion * (1 + rho) / (1 - rho))
    bread = np.linalg.inv(design.T @ (design * weight[:, None]) + _RIDGE * np.eye(k))
    return Fit(beta, bread * widening, freedom, max(1.0, dispersion), rho, mean)


def memory(residual: Floats, columns: int) -> float:
    """Lag-1 correlation of residuals from a fit with `columns` terms, corrected for bias, 0..0.9."""
    n = len(residual)
    square = float((residual**2).sum())
    if n < 8 or square < 1e-6 * n:
        return 0.0
    raw = float((residual[1:] * residual[:-1]).sum()) / square
    return float(np.clip((n * raw + columns) / max(n - 3 - columns, 1), 0.0, 0.9))


def _moments(eta: Floats, trials: Floats | None) -> tuple[Floats, Floats]:
    """Mean and variance function at a linear predictor."""
    if trials is None:
        mean = np.exp(np.clip(eta, -30.0, 30.0))
        return mean, np.maximum(mean, 1e-6)
    share = 1 / (1 + np.exp(-np.clip(eta, -30.0, 30.0)))
    return trials * share, np.maximum(trials * share * (1 - share), 1e-6)
