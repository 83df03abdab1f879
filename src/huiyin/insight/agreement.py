"""How far two people agree beyond chance, and how far a machine agrees with people: with n and interval, or with the n that is missing."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import wilson

MINIMUM = 30
"""Below so many pairs neither kappa nor a share is shown: the interval would be wider than what it tells."""
DRAWS = 2000
"""Draws of a bootstrap."""
_SEED = 20261
_Z = float(stats.norm.ppf(0.975))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two raters over the same things."""

    n: int
    raw: Estimate
    """Share of equal answers, Wilson interval."""
    kappa: Estimate
    """Cohen's kappa; without a value below `MINIMUM` pairs, and where both gave one and the same answer throughout."""

    @property
    def missing(self) -> int:
        """How many pairs are needed before anything is shown."""
        return max(0, MINIMUM - self.n)


def cohen(first: Sequence[Hashable], second: Sequence[Hashable], minimum: int = MINIMUM) -> Agreement:
    """Cohen's kappa of two equally long lists of answers, with its 95 % bootstrap interval.

    κ = (pₒ − pₑ) / (1 − pₑ); Cohen, "A coefficient of agreement for nominal scales", 1960. The interval holds the middle 95 % of `DRAWS`
    kappas of pairs drawn anew (percentile bootstrap, Efron 1979), always with the same seed. Where every pair is equal all draws are equal
    too and the interval would pretend certainty: then the lower bound is that of the raw agreement, put through the same formula.

    >>> one = cohen([1] * 20 + [0] * 15, [1] * 18 + [0] * 2 + [0] * 13 + [1] * 2)
    >>> one.n, round(one.raw.value, 3), round(one.kappa.value, 3)
    (35, 0.886, 0.767)

    Raises:
        ValueError: lists of different lengths.
    """
    n = len(first)
    if n != len(second):
        raise ValueError(f"{n} answers against {len(second)}")
    equal = sum(one == other for one, other in zip(first, second, strict=True))
    nothing = Estimate(None, None, None, n)
    if n < minimum:
        return Agreement(n, nothing, nothing)
    raw = wilson(equal, n)
    names = {name: at for at, name in enumerate(dict.fromkeys((*first, *second)))}
    cells, counts = np.unique([(names[one], names[other]) for one, other in zip(first, second, strict=True)], axis=0, return_counts=True)
    value = float(_kappas(cells, counts[None, :].astype(np.float64), len(names))[0])
    if math.isnan(value):
        return Agreement(n, raw, nothing)
    if equal == n:
        shares = np.bincount(cells[:, 0], counts, len(names)) / n
        expected = float(shares @ shares)
        return Agreement(n, raw, Estimate(1.0, ((raw.low or 0.0) - expected) / (1 - expected), 1.0, n))
    draws = np.random.default_rng(_SEED).multinomial(n, counts / n, DRAWS).astype(np.float64)
    low, high = np.nanpercentile(_kappas(cells, draws, len(names)), [2.5, 97.5])
    return Agreement(n, raw, Estimate(value, float(low), float(high), n))


def _kappas(cells: NDArray[np.int64], counts: NDArray[np.float64], names: int) -> NDArray[np.float64]:
    """Kappa of each row of `counts` (B, cells); NaN where all answers are one and the same."""
    shares = counts / counts.sum(axis=1, keepdims=True)
    observed = shares[:, cells[:, 0] == cells[:, 1]].sum(axis=1)
    rows, columns = (shares @ (cells[:, side, None] == np.arange(names)).astype(np.float64) for side in (0, 1))
    expected = (rows * columns).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected < 1 - 1e-12, (observed - expected) / (1 - expected), np.nan)


def krippendorff(things: Sequence[Sequence[Hashable]], minimum: int = MINIMUM) -> Estimate:
    """Krippendorff's alpha for names: agreement beyond chance whoever and however many rated each thing, with a 95 % bootstrap interval.

    α = 1 − (N − 1) Σᵤ Σ_{c≠k} n_uc n_uk / (m_u − 1) ÷ Σ_{c≠k} n_c n_k over things u with m_u ≥ 2 answers, N answers in all;
    Krippendorff, "Content Analysis", 2004, chapter 11. Things are drawn anew for the interval. No value below `minimum` things, nor where
    all answers are one and the same.

    >>> answers = [["a", "a"], ["a", "b"], ["b", "b"], ["b", "b"], ["a", "a"], ["b", "b"]]
    >>> round(krippendorff(answers, minimum=1).value, 3)
    0.686
    """
    rated = [list(one) for one in things if len(one) > 1]
    nothing = Estimate(None, None, None, len(rated))
    if len(rated) < max(minimum, 1):
        return nothing
    names = {name: at for at, name in enumerate(dict.fromkeys(answer for one in rated for answer in one))}
    table = np.zeros((len(rated), len(names)))
    things_of = np.repeat(np.arange(len(rated)), [len(one) for one in rated])
    np.add.at(table, (things_of, np.array([names[answer] for one in rated for answer in one], np.int64)), 1.0)
    value = float(_alphas(table, np.ones((1, len(rated))))[0])
    if math.isnan(value):
        return nothing
    draws = np.random.default_rng(_SEED).multinomial(len(rated), np.full(len(rated), 1 / len(rated)), DRAWS).astype(np.float64)
    low, high = np.nanpercentile(_alphas(table, draws), [2.5, 97.5])
    return Estimate(value, float(low), float(high), len(rated))


def _alphas(table: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Alpha of each row of `weights` (B, things) over counts of answers `table` (things, names)."""
    answers = table.sum(axis=1)
    apart = (answers**2 - (table**2).sum(axis=1)) / (answers - 1)
    counts = weights @ table
    total = counts.sum(axis=1)
    by_chance = total**2 - (counts**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(by_chance > 0, 1 - (total - 1) * (weights @ apart) / by_chance, np.nan)


def accuracy(right: int, n: int, minimum: int = MINIMUM) -> Estimate:
    """Share of right answers with its Wilson interval; no value below `minimum`.

    >>> accuracy(9, 10).value is None, round(accuracy(45, 50).value, 2)
    (True, 0.9)
    """
    return wilson(right, n) if n >= minimum else Estimate(None, None, None, n)


def needed(half: float, share: float = 0.5) -> int:
    """How many draws make a 95 % interval of a share no wider than ± `half`: z² p (1 − p) ÷ half².

    >>> needed(0.05), needed(0.05, 0.9)
    (385, 139)
    """
    return math.ceil(_Z**2 * share * (1 - share) / half**2)
