"""Counts over blocks of time: quasi-binomial or quasi-Poisson regression with an error that knows of unrest and of memory.

    quasi-binomial   count ~ trials · π,  logit π = X β + offset     (target among target + comparison: exp β is a ratio of rate ratios)
    quasi-Poisson    count ~ μ,           log μ = X β + offset       (target per voice received: exp β is a rate ratio)

β by iteratively reweighted least squares (McCullagh & Nelder 1989, §4.4, §6.2). Its covariance is B (B⁻¹ + X'EX) B with B = (X'WX)⁻¹, W the
variances of binomial or Poisson counts and E what blocks vary beyond them: from the Pearson dispersion φ = Σ r²/(n − k),

    E_st = λ^|s−t| ((1 − q)(φ − 1) √(w_s w_t) + q τ² w_s w_t),    τ² = (Σ r² − (n − k)) ÷ Σ (1 − h_t) w_t,    E = 0 where φ ≤ 1

Unrest may grow with the count (complaints that come in clusters) or with its square (weeks of their own, which multiply all chances; the two
laws: Ver Hoef & Boveng, Ecology 2007). One φ for both sides of a fix overstates what is left after a large fall and understates it after a rise if
the second law holds. Neither is presumed: q is the share of the second law's likelihood of the residuals in that of both, ½ where they cannot be
told apart. λ = ρ φ/(φ − 1) ≤ 0.9 is the memory of the unrest; ρ is the lag-1 correlation of the Pearson residuals corrected for its bias −(1 + 4ρ)/n
(Marriott & Pope, Biometrika 1954), 0 ≤ ρ ≤ 0.9. With some thirty blocks an AR(1) error is steadier than a kernel (HAC) one (Müller, Journal of
Business & Economic Statistics 2014). Intervals use t with n − k degrees of freedom.
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
_LONGEST_MEMORY = 0.9


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
    return Fit(beta, _covariance(design, weight, residual, rho), freedom, max(1.0, dispersion), rho, mean)


def _covariance(design: Floats, weight: Floats, residual: Floats, rho: float) -> Floats:
    """Covariance of β (k, k) as in the module's docstring; weeks more even than chance are luck and do not narrow it."""
    n, k = design.shape
    information = design.T @ (design * weight[:, None])
    bread = np.linalg.inv(information + _RIDGE * np.eye(k))
    excess = float((residual**2).sum()) / max(n - k, 1) - 1
    if excess <= 0:
        return np.asarray(bread)
    left = np.maximum(1 - np.einsum("ij,jk,ik->i", design, bread, design) * weight, 1e-9)
    strength = excess * max(n - k, 1) / max(float((left * weight).sum()), 1e-9)
    share = _second_law(residual**2 / left, np.full(n, 1 + excess), 1 + strength * weight)
    memory_of_unrest = min(_LONGEST_MEMORY, rho * (1 + excess) / excess)
    together = memory_of_unrest ** np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    clusters, weeks = design * np.sqrt(excess * weight)[:, None], design * (math.sqrt(strength) * weight)[:, None]
    unrest = (1 - share) * clusters.T @ together @ clusters + share * weeks.T @ together @ weeks
    return np.asarray(bread @ (information + unrest) @ bread)


def _second_law(square: Floats, first: Floats, second: Floats) -> float:
    """Share of the second of two variances (n,) in the normal likelihood of squared residuals (n,).

    >>> _second_law(np.ones(4), np.ones(4), np.ones(4)), _second_law(np.ones(4), np.ones(4), np.full(4, 9.0)) < 0.1
    (0.5, True)
    """
    logs = [-float((np.log(law) + square / law).sum()) / 2 for law in (first, second)]
    return 1 / (1 + math.exp(min(max(logs[0] - logs[1], -30.0), 30.0)))


def memory(residual: Floats, columns: int) -> float:
    """Lag-1 correlation of residuals from a fit with `columns` terms, corrected for bias, 0..0.9."""
    n = len(residual)
    square = float((residual**2).sum())
    if n < 8 or square < 1e-6 * n:
        return 0.0
    raw = float((residual[1:] * residual[:-1]).sum()) / square
    return float(np.clip((n * raw + columns) / max(n - 3 - columns, 1), 0.0, _LONGEST_MEMORY))


def _moments(eta: Floats, trials: Floats | None) -> tuple[Floats, Floats]:
    """Mean and variance function at a linear predictor."""
    if trials is None:
        mean = np.exp(np.clip(eta, -30.0, 30.0))
        return mean, np.maximum(mean, 1e-6)
    share = 1 / (1 + np.exp(-np.clip(eta, -30.0, 30.0)))
    return trials * share, np.maximum(trials * share * (1 - share), 1e-6)
