"""Rank problems by frequency × negative intensity × harm, and say how sure the order is.

For aspect a:
  frequency  = customers who complain of a ÷ all customers × 1,000
  intensity  = mean over those customers of the strongest negative thing each said, 0..1
  harm       = −β_a of the least-squares fit over scored voices  score_v = stratum(v) + Σ_a β_a · complains_va: the score lost
               where a is complained of, against voices of the same product and quarter, other complaints held equal; a voice
               carries its customer's complaints of the 90 days before that came without a score
  score      = frequency × intensity × max(harm, 0)                          (without scores: frequency × intensity)
               each part raised to its weight, 1 unless the user weighs otherwise

Uncertainty is that of drawing other customers: a cluster bootstrap (Davison & Hinkley, "Bootstrap Methods", 1997, §3.8)
over 512 buckets into which customers fall by hash. A replicate needs only sums per bucket, so its cost does not grow
with the number of customers. Strata are held fixed. Association, not proof of cause: a customer in a bad mood complains and scores low.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve
from scipy.sparse import csr_array

from huiyin.insight.population import BUCKETS, Complaints, Population, Scores

REPLICATES = 1000
MINIMUM_CUSTOMERS = 8
_MINIMUM_SCORED = 30
_RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Weights:
    """Exponents of the three parts: 1 counts a part as it is, 0 leaves it out, 2 counts its differences twice (on the log scale)."""

    frequency: float = 1.0
    intensity: float = 1.0
    harm: float = 1.0

    def __post_init__(self) -> None:
        if min(self.frequency, self.intensity, self.harm) < 0:
            raise ValueError("weights are not negative")


AS_THEY_ARE = Weights()


@dataclass(frozen=True, slots=True)
class Ranked:
    """K problems in rank order. Replicate arrays have shape (REPLICATES, K), columns in rank order."""

    aspect: NDArray[np.int64]
    customers: NDArray[np.int64]
    frequency: NDArray[np.float64]
    """Customers per 1,000."""
    intensity: NDArray[np.float64]
    harm: NDArray[np.float64]
    """NaN throughout where there are no scores."""
    score: NDArray[np.float64]
    frequency_replicates: NDArray[np.float64]
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


def rank(people: Population, complaints: Complaints, scores: Scores, seed: int = 20240229, weights: Weights = AS_THEY_ARE) -> Ranked:
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
    scored = len(scores)
    draws = np.random.default_rng(seed).multinomial(BUCKETS, np.full(BUCKETS, 1 / BUCKETS), size=REPLICATES).astype(float)
    drawn = np.concatenate([np.ones((1, BUCKETS)), draws])
    frequency = 1000.0 * (drawn @ cases) / np.maximum(drawn @ everyone, 1e-9)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        intensity = np.where(drawn @ cases > 0, (drawn @ strength) / (drawn @ cases), 0.0)
    known = scored >= _MINIMUM_SCORED and len(keep) > 0
    harm = _harm(drawn, *_score_sums(scores, keep)) if known else np.full_like(frequency, np.nan)
    return _ordered(
        keep,
        np.array(complaints.aspects, dtype=str)[keep],
        customers[keep],
        (frequency, intensity, harm),
        weights,
        small,
        scored if scored >= _MINIMUM_SCORED else 0,
    )


def reweighted(ranked: Ranked, names: Sequence[str], weights: Weights) -> Ranked:
    """The same problems in the order that other weights give; `names` (K) settle ties. Nothing is read or drawn again."""
    parts = (
        np.concatenate([ranked.frequency[None], ranked.frequency_replicates]),
        np.concatenate([ranked.intensity[None], ranked.intensity_replicates]),
        np.concatenate([ranked.harm[None], ranked.harm_replicates]),
    )
    return _ordered(ranked.aspect, np.array(names, dtype=str), ranked.customers, parts, weights, ranked.too_small, ranked.scored)


def _ordered(
    aspect: NDArray[np.int64],
    names: NDArray[np.str_],
    customers: NDArray[np.int64],
    parts: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    weights: Weights,
    small: NDArray[np.int64],
    scored: int,
) -> Ranked:
    """Multiply the parts, each (1 + REPLICATES, K) with the estimate first, and put the problems in order."""
    frequency, intensity, harm = parts
    score = frequency**weights.frequency * intensity**weights.intensity
    if scored and weights.harm:
        score = score * np.maximum(harm, 0.0) ** weights.harm
    # Equal but for the last digits, which depend on the order of sums: to be told apart two must differ by a billionth of the first.
    order = np.lexsort((names, -customers, -np.round(score[0] / max(float(score[0].max(initial=0.0)), 1e-300), 9)))
    f, i, h, product = (one[:, order] for one in (frequency, intensity, harm, score))
    return Ranked(aspect[order], customers[order], f[0], i[0], h[0], product[0], f[1:], i[1:], h[1:], product[1:], small, scored)


def _score_sums(scores: Scores, keep: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """XᵀX (buckets, K, K) and Xᵀy (buckets, K) of complaint indicators and scores, both centred within strata.

    With n, T, S, Y the voices, scores, complaints and scores of complaints in bucket b and stratum s, and x̄, ȳ the stratum's means,
      XᵀX_b = Σ pairs − Σ_s (S x̄ᵀ + x̄ Sᵀ − n x̄ x̄ᵀ),      Xᵀy_b = Σ_s (Y − ȳ S − x̄ T + n x̄ ȳ)
    so that no row per voice is ever made.
    """
    k, strata = len(keep), _merged_strata(scores)
    s = int(strata.max()) + 1 if strata.size else 1
    column = np.full(max(int(scores.problem.max(initial=-1)), int(keep.max(initial=-1))) + 1, -1)
    column[keep] = np.arange(k)
    chosen = column[scores.problem] >= 0
    row, problem = scores.row[chosen], column[scores.problem[chosen]]
    n, t = (_by_stratum(part, strata, s) for part in (scores.count, scores.total))
    cell = (scores.bucket[row] * s + strata[scores.stratum[row]]) * k + problem
    size = (BUCKETS, s, k)
    said = np.bincount(cell, weights=scores.voices[row], minlength=BUCKETS * s * k).reshape(size)
    points = np.bincount(cell, weights=scores.score[row], minlength=BUCKETS * s * k).reshape(size)
    everyone = np.maximum(n.sum(axis=0), 1.0)
    x_mean, y_mean = said.sum(axis=0) / everyone[:, None], t.sum(axis=0) / everyone
    across = np.einsum("bsk,sl->bkl", said, x_mean, optimize=True)
    gram = _pairs(scores, row, problem, k) - across - across.transpose(0, 2, 1) + np.einsum("bs,sk,sl->bkl", n, x_mean, x_mean, optimize=True)
    moment = points.sum(axis=1) - np.einsum("bsk,s->bk", said, y_mean) - (t - n * y_mean) @ x_mean
    return gram, moment


def _merged_strata(scores: Scores) -> NDArray[np.int64]:
    """(S,) a stratum of a handful compares nobody with anybody: the small ones form one together."""
    small = scores.count.sum(axis=0) < 5
    return np.where(small, 0, np.cumsum(~small))


def _by_stratum(values: NDArray[np.float64], strata: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    return np.asarray(csr_array((np.ones(len(strata)), (np.arange(len(strata)), strata)), shape=(len(strata), count)).T @ values.T).T


def _pairs(scores: Scores, row: NDArray[np.int64], problem: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """Voices that complain of both, by bucket; shape (BUCKETS, K, K). Rows ascend by bucket."""
    rows = len(scores.bucket)
    said = csr_array((np.ones(len(row)), (row, problem)), shape=(rows, k))
    weighted = csr_array((scores.voices[row], (row, problem)), shape=(rows, k))
    bounds = np.searchsorted(scores.bucket, np.arange(BUCKETS + 1))
    out = np.empty((BUCKETS, k, k))
    for bucket in range(BUCKETS):
        within = slice(bounds[bucket], bounds[bucket + 1])
        out[bucket] = (said[within].T @ weighted[within]).todense()
    return out


def _harm(weights: NDArray[np.float64], gram: NDArray[np.float64], moment: NDArray[np.float64]) -> NDArray[np.float64]:
    """−β of each weighting of the buckets, shape (weightings, K); a whisper of ridge keeps empty columns solvable."""
    columns = moment.shape[1]
    left = (weights @ gram.reshape(BUCKETS, -1)).reshape(-1, columns, columns) + _RIDGE * np.eye(columns)
    right = weights @ moment
    # One by one: the stacked solver of NumPy starts its threads for each small matrix, and takes a hundred times as long on a busy machine.
    return np.array([-solve(one, other, assume_a="pos", check_finite=False) for one, other in zip(left, right, strict=True)]).reshape(-1, columns)
