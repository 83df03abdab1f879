"""Importance of 0/1 columns for an outcome, as arrays: Shapley's share of R² and logistic relative weights, with bootstrap replicates.

The formulas and their sources stand in `drivers`.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.insight.patterns import BUCKETS, Patterns, draws, sums

Floats = NDArray[np.float64]
REPLICATES = 400
_ALL_ORDERS = 6
_ORDERS = 64
_SEED = 20240229
_ROUNDS = 12
_QUANTILE = float(stats.t.ppf(0.975, BUCKETS - 1))


@dataclass(frozen=True, slots=True)
class Weights:
    """K columns under R+1 weightings of the buckets, the first being the data: `raw` importance and `slope` (R+1, K), `fit` (R+1,)."""

    raw: Floats
    slope: Floats
    fit: Floats
    inflation: Floats
    condition: float

    def signed_roots(self) -> Floats:
        """±√(share of the explained), the sign that of a loss; shape (R+1, K)."""
        share = self.raw / np.maximum(self.raw.sum(axis=1, keepdims=True), 1e-12)
        return np.asarray(np.sign(self.slope) * np.sqrt(np.maximum(share, 0.0)))

    def importance(self, at: int) -> tuple[float, float, float]:
        """Share with its interval; it starts at 0 when the interval of the root or of the slope holds 0.

        Where nothing matters the shares still sum to 1, so that a share alone never shows that a column matters.
        """
        roots = self.signed_roots()[:, at]
        sign = 1.0 if roots[0] >= 0 else -1.0
        low, high = _interval(float(sign * roots[0]), sign * roots[1:])
        value = float(roots[0] ** 2)
        slopes = _interval(float(self.slope[0, at]), self.slope[1:, at])
        if slopes[0] <= 0 <= slopes[1]:
            low = min(low, 0.0)
        return value, min(value, max(0.0, low) ** 2), max(value, min(1.0, max(high, -low if low < 0 else 0.0) ** 2))

    def effect(self, at: int, churn: bool) -> tuple[float, float, float]:
        """Points lost, or the odds ratio of leaving."""
        value = float(self.slope[0, at])
        low, high = _interval(value, self.slope[1:, at])
        return (math.exp(value), math.exp(low), math.exp(high)) if churn else (-value, -high, -low)

    def p_value(self, at: int) -> float:
        """Two-sided, that the slope is 0."""
        error = max(float(self.slope[1:, at].std(ddof=1)), 1e-12)
        return float(2 * stats.t.sf(abs(float(self.slope[0, at])) / error, BUCKETS - 1))

    def explained(self) -> tuple[float, float, float]:
        """R² or pseudo R² with its interval, the optimism of the bootstrap taken off."""
        value = float(self.fit[0])
        roots = np.sqrt(np.maximum(self.fit, 0.0))
        shift = float(roots[1:].mean() - roots[0])
        low, high = np.quantile(roots[1:], [0.025, 0.975]) - shift
        return value, min(value, max(0.0, float(low)) ** 2), max(value, float(high) ** 2)

    def ties(self, level: float) -> list[tuple[int, ...]]:
        """For each column the others whose order of importance is less sure than `level`."""
        share = self.raw[1:] / np.maximum(self.raw[1:].sum(axis=1, keepdims=True), 1e-12)
        out = []
        for at in range(share.shape[1]):
            above = (share[:, [at]] > share).mean(axis=0)
            out.append(tuple(int(one) for one in np.flatnonzero((above < level) & (above > 1 - level)) if one != at))
        return out


def _interval(value: float, replicates: Floats) -> tuple[float, float]:
    """Normal interval from the replicates' spread around the estimate itself."""
    half = _QUANTILE * float(replicates.std(ddof=1))
    return value - half, value + half


def orders(columns: int) -> NDArray[np.int64]:
    """Orders of entry, (M, K): all of them for few columns, else drawn ones and their reversals.

    >>> orders(3).shape, orders(10).shape
    ((6, 3), (128, 10))
    """
    if columns <= _ALL_ORDERS:
        return np.array(list(itertools.permutations(range(columns))), dtype=np.int64)
    generator = np.random.default_rng(_SEED)
    drawn = np.array([generator.permutation(columns) for _ in range(_ORDERS)], dtype=np.int64)
    return np.concatenate([drawn, drawn[:, ::-1]])


def shapley(correlation: Floats) -> Floats:
    """Shapley's shares of R², (…, K), of correlation matrices (…, K+1, K+1) whose last column is the outcome.

    >>> shapley(np.array([[1, 0, 0.6], [0, 1, 0.3], [0.6, 0.3, 1.0]])).round(4).tolist()
    [0.36, 0.09]
    """
    columns = correlation.shape[-1] - 1
    out = np.zeros((*correlation.shape[:-2], columns))
    every = orders(columns)
    for order in every:
        place = np.append(order, columns)
        factor = np.linalg.cholesky(correlation[..., place[:, None], place])
        out[..., order] += factor[..., -1, :-1] ** 2
    return out / len(every)


def _correlations(gram: Floats, moment: Floats, square: Floats) -> tuple[Floats, Floats]:
    """Correlation matrices (…, K+1, K+1), outcome last, and standard deviations (…, K+1), from sums with a column of ones first."""
    n = gram[..., 0, 0]
    mean = np.concatenate([gram[..., 0, 1:], moment[..., :1]], axis=-1) / n[..., None]
    joined = np.concatenate([gram[..., 1:, 1:], moment[..., 1:, None]], axis=-1)
    last = np.concatenate([moment[..., 1:], square[..., None]], axis=-1)
    second = np.concatenate([joined, last[..., None, :]], axis=-2) / n[..., None, None]
    covariance = second - mean[..., :, None] * mean[..., None, :]
    deviation = np.sqrt(np.maximum(np.diagonal(covariance, axis1=-2, axis2=-1), 1e-12))
    correlation = covariance / deviation[..., :, None] / deviation[..., None, :]
    # A draw may leave a column without a complaint, or two columns alike; a hair on the diagonal keeps the factor defined.
    return correlation + 1e-6 * np.eye(correlation.shape[-1]), deviation


def shapley_weights(patterns: Patterns) -> Weights:
    """Importance for a score by customers' patterns."""
    parts, weights = sums(patterns), draws(REPLICATES, _SEED)
    columns = parts.moment.shape[1]
    gram = (weights @ parts.gram.reshape(BUCKETS, -1)).reshape(-1, columns, columns)
    correlation, deviation = _correlations(gram, weights @ parts.moment, weights @ parts.square)
    raw = shapley(correlation)
    slope = np.linalg.solve(correlation[:, :-1, :-1], correlation[:, :-1, -1:])[:, :, 0] * deviation[:, -1:] / deviation[:, :-1]
    return Weights(raw, np.asarray(slope), raw.sum(axis=1), *_collinearity(correlation[0, :-1, :-1], gram[0]))


def _collinearity(correlation: Floats, gram: Floats) -> tuple[Floats, float]:
    """Variance inflation factors (K,) and the condition number of the columns (ones included) scaled to length one."""
    scale = np.sqrt(np.maximum(np.diag(gram), 1e-12))
    values = np.linalg.eigvalsh(gram / scale[:, None] / scale)
    return np.diag(np.linalg.inv(correlation)).astype(np.float64), float(math.sqrt(values[-1] / max(values[0], 1e-12)))


def logistic_weights(patterns: Patterns) -> Weights:
    """Logistic relative weights for a 0/1 outcome by customers' patterns."""
    parts, weights = sums(patterns), draws(REPLICATES, _SEED)
    columns = parts.moment.shape[1]
    gram = (weights @ parts.gram.reshape(BUCKETS, -1)).reshape(-1, columns, columns)
    correlation, deviation = _correlations(gram, weights @ parts.moment, weights @ parts.square)
    design, count, total = _collapsed(patterns, weights)
    beta, gain = _logistic(design, count, total)
    raw = _relative(correlation[:, :-1, :-1], beta[:, 1:] * deviation[:, :-1])
    return Weights(raw, beta[:, 1:], gain, *_collinearity(correlation[0, :-1, :-1], gram[0]))


def _relative(correlation: Floats, standardised: Floats) -> Floats:
    """ε (…, K): with C = Q Δ² Qᵀ the coefficients on Z are Λ times the standardised ones."""
    values, vectors = np.linalg.eigh(correlation)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    on_orthonormal = (root @ standardised[..., None])[..., 0]
    return np.asarray(((root**2) @ (on_orthonormal**2)[..., None])[..., 0])


def _collapsed(patterns: Patterns, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Distinct patterns with a column of ones (P, K+1), and under each weighting their customers and those who left (R+1, P)."""
    distinct, at = np.unique(patterns.complains, axis=0, return_inverse=True)
    at = at.reshape(-1)
    design = np.column_stack([np.ones(len(distinct)), distinct])
    count, total = np.zeros((BUCKETS, len(distinct))), np.zeros((BUCKETS, len(distinct)))
    np.add.at(count, (patterns.bucket, at), patterns.count)
    np.add.at(total, (patterns.bucket, at), patterns.total)
    return design, weights @ count, weights @ total


def _logistic(design: Floats, count: Floats, total: Floats) -> tuple[Floats, Floats]:
    """Coefficients (R+1, K+1) and McFadden's pseudo R² (R+1,) of every weighting at once, by Newton's method.

    A ridge of half a customer on the slopes keeps a complaint after which everybody left from running to infinity.
    """
    rows, columns = len(count), design.shape[1]
    beta = np.zeros((rows, columns))
    share = total.sum(axis=1) / count.sum(axis=1)
    beta[:, 0] = np.log(share / (1 - share))
    null = count.sum(axis=1) * (share * np.log(share) + (1 - share) * np.log1p(-share))
    ridge = 0.5 * np.diag(np.append(0.0, np.ones(columns - 1))) + 1e-9 * np.eye(columns)
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(beta @ design.T, -30, 30)))
        score = (total - count * p) @ design - beta @ ridge
        weight = count * p * (1 - p)
        outer = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
        information = (weight @ outer).reshape(rows, columns, columns) + ridge
        step = np.linalg.solve(information, score[:, :, None])[:, :, 0]
        beta += np.clip(step, -3, 3)
        if float(np.abs(step).max()) < 1e-6:
            break
    p = np.clip(1 / (1 + np.exp(-np.clip(beta @ design.T, -30, 30))), 1e-12, 1 - 1e-12)
    reached = (total * np.log(p) + (count - total) * np.log1p(-p)).sum(axis=1)
    return beta, np.asarray(1 - reached / null)
