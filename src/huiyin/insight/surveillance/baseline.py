"""What a count should have been: log-linear Poisson regressions of thousands of series at once, past outbreaks weighed down.

    log μ_st = log e_st + β_s0 + β_s1·t + yearly sine and cosine + weekday        Var(y_st) = φ_s μ_st

for series s and period t with exposure e. All series share the design, so one step of iteratively reweighted least squares is one
matrix product (S × T)·(T × P²) and a stack of S solutions of P × P: no loop over series. The pieces are those of Farrington, Andrews,
Beale & Catchpole, "A statistical algorithm for the early detection of outbreaks of infectious disease", JRSS A 1996, with the
reweighting and the negative-binomial tail of Noufaily, Enki, Farrington et al., "An improved algorithm for outbreak detection in multiple
surveillance systems", Statistics in Medicine 2013. Ours: a weak normal prior on every coefficient, so that a series with three
cases has finite estimates, and the error of the predicted mean is added to the variance of the tail.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

_ITERATIONS = 25
_TOLERANCE = 1e-5
_LONGEST_STEP = 2.0
_SMALLEST_MEAN = 1e-8
_UNUSUAL = 2.58
"""Standardised residual from which a past period counts as an outbreak (Noufaily et al., 2013)."""
_TREND_LEVEL = 0.05
_DROPPED = 1e9
"""Prior precision that holds a coefficient at 0."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """S fitted series over T periods with P coefficients."""

    coefficients: Floats
    """(S, P)."""
    covariance: Floats
    """(S, P, P), not yet times the dispersion."""
    mean: Floats
    """(S, T) fitted counts."""
    dispersion: Floats
    """(S,) φ ≥ 1; 1 is Poisson."""


def batch_regression(
    counts: Floats, exposure: Floats, design: Floats, precision: Floats, weights: Floats | None = None, start: Floats | None = None
) -> Baseline:
    """Penalised Poisson regressions of S series on one design, all at once.

    Args:
        counts: (S, T) cases.
        exposure: (S, T) what the cases are out of; where 0 the period tells nothing.
        design: (T, P), first column ones.
        precision: (P,) or (S, P) inverse variance of the normal prior on each coefficient; a huge one drops the term. The prior mean
            is 0, that of the intercept the log of the series' mean rate.
        weights: (S, T) 0..1 of each period; all 1 when None.
        start: (S, P) coefficients to start from.

    The dispersion is Pearson's, Σ w (y − μ)² / μ ÷ (Σ w − P), not below 1.

    >>> import numpy as np
    >>> y = np.array([[2.0, 3.0, 4.0, 3.0, 3.0, 3.0]])
    >>> fit = batch_regression(y, np.ones_like(y), np.ones((6, 1)), np.array([1e-9]))
    >>> fit.mean[0, 0].round(3).item()
    3.0
    """
    series, terms = counts.shape[0], design.shape[1]
    weigh = (exposure > 0).astype(np.float64) * (1.0 if weights is None else weights)
    offset = np.log(np.where(exposure > 0, exposure, 1.0))
    prior = np.broadcast_to(precision, (series, terms))
    centre = np.zeros((series, terms))
    centre[:, 0] = np.log(((weigh * counts).sum(axis=1) + 0.5) / np.maximum((weigh * exposure).sum(axis=1), 1e-9))
    beta = centre.copy() if start is None else start.copy()
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), terms * terms)
    diagonal = np.arange(terms)

    def information(rows: NDArray[np.int64], mean: Floats) -> Floats:
        found = ((weigh[rows] * mean) @ products).reshape(len(rows), terms, terms)
        found[:, diagonal, diagonal] += prior[rows]
        return np.asarray(found, dtype=np.float64)

    rows = np.arange(series)
    for _ in range(_ITERATIONS):
        mean = np.exp(np.clip(beta[rows] @ design.T + offset[rows], -30, 30))
        gradient = (weigh[rows] * (counts[rows] - mean)) @ design - prior[rows] * (beta[rows] - centre[rows])
        step = np.linalg.solve(information(rows, mean), gradient[:, :, None])[:, :, 0]
        longest = np.abs(step).max(axis=1, initial=0.0)
        beta[rows] += step * np.minimum(1.0, _LONGEST_STEP / np.maximum(longest, 1e-12))[:, None]
        # Each series stops when it has arrived: what it gives does not depend on its company.
        rows = rows[longest >= _TOLERANCE]
        if not len(rows):
            break
    mean = np.exp(np.clip(beta @ design.T + offset, -30, 30)) * (exposure > 0)
    covariance = np.asarray(np.linalg.inv(information(np.arange(series), mean)), dtype=np.float64)
    return Baseline(beta, covariance, mean, _dispersion(counts, mean, weigh, terms))


def _dispersion(counts: Floats, mean: Floats, weigh: Floats, terms: int) -> Floats:
    """Pearson dispersion of each series, at least 1."""
    squares = (weigh * (counts - mean) ** 2 / np.maximum(mean, _SMALLEST_MEAN)).sum(axis=1)
    freedom = weigh.sum(axis=1) - terms
    return np.asarray(np.where(freedom > 0, np.maximum(squares / np.maximum(freedom, 1.0), 1.0), 1.0))


def past_outbreaks(counts: Floats, fit: Baseline, design: Floats, weights: Floats | None = None) -> Floats:
    """(S, T) weights for the next fit: s⁻² where the standardised residual s exceeds 2.58, else 1.

    s is Anscombe's residual of the Poisson, 3/2 (y^⅔ − μ^⅔) / μ^⅙, over √(φ (1 − leverage)); without the reweighting a past outbreak
    would raise today's threshold and hide the next one. √φ is here the 85 % quantile of |residual| ÷ 1.44, its value for a normal
    law: a long outbreak swells Pearson's φ until it hides itself, but less than a seventh of the periods leaves this one alone.
    """
    weigh = np.ones_like(counts) if weights is None else weights
    leverage = weigh * fit.mean * np.einsum("tp,spq,tq->st", design, fit.covariance, design, optimize=True)
    mean = np.maximum(fit.mean, _SMALLEST_MEAN)
    residual = 1.5 * (counts ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6)
    spread = np.quantile(np.abs(residual), 0.85, axis=1) / 1.44
    residual /= np.maximum(spread, 1.0)[:, None] * np.sqrt(np.clip(1 - leverage, 0.05, 1.0))
    # Below one expected case a single case is no outbreak, however improbable.
    unusual = (residual > _UNUSUAL) & (counts >= 3)
    return np.asarray(np.where(unusual, 1.0 / np.maximum(residual, 1.0) ** 2, 1.0))


def robust_baseline(counts: Floats, exposure: Floats, design: Floats, precision: Floats, slow: tuple[int, ...] = ()) -> Baseline:
    """Fit, weigh past outbreaks down, fit again.

    Past outbreaks are first told against a level without the `slow` terms (trend, yearly wave), which would else bend to a long one. The
    trend, the first of them, stays only where it differs from 0 at 5 %.
    """
    prior = np.broadcast_to(precision, (counts.shape[0], design.shape[1])).copy()
    level = prior.copy()
    level[:, list(slow)] = _DROPPED
    fit = batch_regression(counts, exposure, design, level)
    weights = past_outbreaks(counts, fit, design)
    fit = batch_regression(counts, exposure, design, prior, weights, fit.coefficients)
    if slow:
        error = np.sqrt(fit.dispersion * fit.covariance[:, slow[0], slow[0]])
        prior[np.abs(fit.coefficients[:, slow[0]]) < float(stats.norm.isf(_TREND_LEVEL / 2)) * error, slow[0]] = _DROPPED
    weights = past_outbreaks(counts, fit, design, weights)
    return batch_regression(counts, exposure, design, prior, weights, fit.coefficients)


def predict(fit: Baseline, exposure: Floats, design: Floats, seen: Floats) -> tuple[Floats, Floats]:
    """Expected counts of new periods and the variance of the log of their mean: two arrays (S, T).

    The rate is held within the range it had over the design rows `seen` (Farrington's rule): a trend is not carried on for ever.
    """
    past = fit.coefficients @ seen.T
    eta = np.clip(fit.coefficients @ design.T, past.min(axis=1, keepdims=True), past.max(axis=1, keepdims=True))
    variance = np.einsum("tp,spq,tq->st", design, fit.covariance, design, optimize=True) * fit.dispersion[:, None]
    return np.exp(np.clip(eta, -30, 30)) * exposure, variance


def upper_tail(count: Floats, mean: Floats, variance: Floats) -> Floats:
    """P(Y ≥ count) for a negative binomial with this mean and variance (Poisson where the variance is not above the mean).

    >>> import numpy as np
    >>> upper_tail(np.array([5.0]), np.array([2.0]), np.array([2.0])).round(4).item()
    0.0527
    """
    mean = np.maximum(mean, _SMALLEST_MEAN)
    excess = variance / mean - 1
    poisson = stats.poisson.sf(count - 1, mean)
    spread = np.maximum(excess, 1e-6)
    negative_binomial = stats.nbinom.sf(count - 1, mean / spread, 1 / (1 + spread))
    return np.asarray(np.where(excess > 1e-6, negative_binomial, poisson))


def prediction_interval(mean: Floats, variance: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """The range that holds a new count with this chance: negative-binomial quantiles.

    Ends whose mid-p tail (half their own chance and all beyond) is within the tail are outside: with whole numbers the plain
    quantiles would hold 98 % where 95 % are meant (Lancaster, JASA 1961).

    >>> import numpy as np
    >>> [one.item() for one in prediction_interval(np.array([10.0]), np.array([10.0]))]
    [5.0, 16.0]
    """
    mean, tail = np.maximum(mean, _SMALLEST_MEAN), (1 - level) / 2
    spread = np.maximum(variance / mean - 1, 1e-6)
    law = stats.nbinom(mean / spread, 1 / (1 + spread))
    low, high = law.ppf(tail), law.ppf(1 - tail)
    low += law.cdf(low - 1) + 0.5 * law.pmf(low) <= tail
    high -= (law.sf(high) + 0.5 * law.pmf(high) <= tail) & (high > low)
    return np.asarray(low), np.asarray(high)
