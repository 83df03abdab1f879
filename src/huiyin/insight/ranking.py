"""Rank problems by frequency × negative intensity × harm, and say how sure the order is.

For aspect a:
  frequency  = customers who complain of a ÷ all customers × 1,000
  intensity  = mean over those customers of the strongest negative thing each said, 0..1
  harm       = −β_a of the least-squares fit  score_i = stratum(i) + Σ_a β_a · complains_ia: the score lost by those who complain
               of a, against others of the same product and quarter, other complaints held equal
  score      = frequency × intensity × max(harm, 0)                          (without scores: frequency × intensity)

Uncertainty is that of drawing other customers: a cluster bootstrap (Davison & Hinkley, "Bootstrap Methods", 1997, §3.8)
over 512 buckets into which customers fall by hash. A replicate needs only sums per bucket, so its cost does not grow
with the number of customers. Strata are held fixed. Association, not proof of cause: a customer in a bad mood complains and scores low.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from huiyin.insight.population import BUCKETS, Complaints, Population

REPLICATES = 1000
MINIMUM_CUSTOMERS = 8
_MINIMUM_SCORED = 30
_RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Ranked:
    """K problems in rank order. Replicate arrays have shape (REPLICATES, K), columns in rank order."""

    aspect: NDArray[np.int64]
    customers: NDArray[np.int64]
    intensity: NDArray[np.float64]
    harm: NDArray[np.float64]
    """NaN throughout where there are no scores."""
    score: NDArray[np.float64]
    intensity_replicates: NDArray[np.float64]
    harm_replicates: NDArray[np.float64]
    score_replicates: NDArray[np.float64]
    too_small: NDArray[np.int64]
    """Aspects below the minimum number of customers."""
    scored: int

    def rank_probabilities(self) -> NDArray[np.float64]:
        """P(problem k has rank r), shape (K, K): share of replicates."""
        count = len(self.aspect)
        order = np.argsort(-self.score_replicates, axis=1, kind="stable")
        out = np.zeros((count, count))
        for rank in range(count):
            np.add.at(out[:, rank], order[:, rank], 1)
        return out / max(len(self.score_replicates), 1)

    def ties(self, level: float = 0.95) -> list[tuple[int, ...]]:
        """For each problem the ranks (1-based) of others whose order to it is less sure than `level`."""
        scores = self.score_replicates
        result = []
        for k in range(len(self.aspect)):
            above = (scores[:, [k]] > scores).mean(axis=0)
            unsure = np.flatnonzero((above < level) & (above > 1 - level))
            result.append(tuple(int(one) + 1 for one in unsure if one != k))
        return result


def rank(people: Population, complaints: Complaints, seed: int = 20240229) -> Ranked:
    """The ranked problems of a population. Same input, same answer: the seed is fixed and order of rows plays no part."""
    count = len(complaints.aspects)
    customers = np.bincount(complaints.aspect, minlength=count)
    keep = np.flatnonzero(customers >= MINIMUM_CUSTOMERS)
    small = np.flatnonzero((customers > 0) & (customers < MINIMUM_CUSTOMERS))
    column = np.full(count, -1)
    column[keep] = np.arange(len(keep))
    rows = column[complaints.aspect] >= 0
    unit, aspect = complaints.unit[rows], column[complaints.aspect[rows]]
    bucket = people.bucket[unit]
    size = (BUCKETS, len(keep))
    cases = np.bincount(bucket * len(keep) + aspect, minlength=BUCKETS * len(keep)).reshape(size).astype(float)
    strength = np.bincount(bucket * len(keep) + aspect, weights=complaints.intensity[rows], minlength=BUCKETS * len(keep)).reshape(size)
    everyone = np.bincount(people.bucket, minlength=BUCKETS).astype(float)
    gram, moment, scored = _score_sums(people, unit, aspect, len(keep))
    draws = np.random.default_rng(seed).multinomial(BUCKETS, np.full(BUCKETS, 1 / BUCKETS), size=REPLICATES).astype(float)
    weights = np.concatenate([np.ones((1, BUCKETS)), draws])
    frequency = 1000.0 * (weights @ cases) / np.maximum(weights @ everyone, 1e-9)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        intensity = np.where(weights @ cases > 0, (weights @ strength) / (weights @ cases), 0.0)
    harm = _harm(weights, gram, moment) if scored >= _MINIMUM_SCORED and len(keep) else np.full_like(frequency, np.nan)
    score = frequency * intensity * (np.maximum(harm, 0.0) if scored >= _MINIMUM_SCORED else 1.0)
    order = np.lexsort((np.array(complaints.aspects, dtype=str)[keep], -customers[keep], -np.round(score[0], 9)))
    return Ranked(
        keep[order],
        customers[keep][order],
        intensity[0, order],
        harm[0, order],
        score[0, order],
        intensity[1:, order],
        harm[1:, order],
        score[1:, order],
        small,
        scored if scored >= _MINIMUM_SCORED else 0,
    )


def _score_sums(
    people: Population, unit: NDArray[np.int64], aspect: NDArray[np.int64], columns: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """XᵀX (buckets, K, K) and Xᵀy (buckets, K) of complaint indicators and scores, both centred within strata."""
    known = ~np.isnan(people.score)
    scored = int(known.sum())
    if scored < _MINIMUM_SCORED or not columns:
        return np.zeros((BUCKETS, columns, columns)), np.zeros((BUCKETS, columns)), scored
    rows = known[unit]
    matrix = csr_array((np.ones(int(rows.sum())), (unit[rows], aspect[rows])), shape=(len(people), columns))
    strata = np.unique(people.stratum, return_inverse=True)[1]
    sizes = np.bincount(strata[known])
    # A stratum of a handful compares nobody with anybody: the small ones form one together.
    strata = np.where(sizes[np.minimum(strata, len(sizes) - 1)] < 5, 0, strata + 1)
    count = int(strata.max()) + 1
    n = np.maximum(np.bincount(strata[known], minlength=count), 1)
    y_mean = np.bincount(strata[known], weights=people.score[known], minlength=count) / n
    y = np.where(known, people.score - y_mean[strata], 0.0)
    by_stratum = csr_array((known.astype(float), (strata, np.arange(len(people)))), shape=(count, len(people)))
    x_mean = np.asarray((by_stratum @ matrix).todense()) / n[:, None]
    gram, moment = np.empty((BUCKETS, columns, columns)), np.empty((BUCKETS, columns))
    order = np.argsort(people.bucket, kind="stable")
    bounds = np.searchsorted(people.bucket[order], np.arange(BUCKETS + 1))
    for bucket in range(BUCKETS):
        rows_here = order[bounds[bucket] : bounds[bucket + 1]]
        rows_here = rows_here[known[rows_here]]
        x = np.asarray(matrix[rows_here].todense()) - x_mean[strata[rows_here]]
        gram[bucket] = x.T @ x
        moment[bucket] = x.T @ y[rows_here]
    return gram, moment, scored


def _harm(weights: NDArray[np.float64], gram: NDArray[np.float64], moment: NDArray[np.float64]) -> NDArray[np.float64]:
    """−β of each weighting of the buckets, shape (weightings, K); a whisper of ridge keeps empty columns solvable."""
    columns = moment.shape[1]
    left = (weights @ gram.reshape(BUCKETS, -1)).reshape(-1, columns, columns) + _RIDGE * np.eye(columns)
    return np.asarray(-np.linalg.solve(left, (weights @ moment)[:, :, None])[:, :, 0], dtype=np.float64)
