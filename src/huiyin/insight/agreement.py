"""How far two people agree beyond chance, and how far a machine agrees with people: with n and interval, or with the n that is missing."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import wilson

MINIMUM = 30
"""Below so many pairs neither kappa nor a share is shown: the interval would be wider than what it tells."""
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
    """Cohen's kappa of two equally long lists of answers, with its 95 % large-sample interval.

    κ = (pₒ − pₑ) / (1 − pₑ); variance after Fleiss, Cohen & Everitt, "Large sample standard errors of kappa and weighted kappa",
    Psychological Bulletin 1969, equation 13. The interval is cut at −1 and 1. Where every pair is equal the variance is 0 and the interval
    would pretend certainty: then the lower bound is that of the raw agreement, put through the same formula.

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
    table = np.zeros((len(names), len(names)))
    np.add.at(table, ([names[one] for one in first], [names[one] for one in second]), 1.0 / n)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    observed, expected = float(np.trace(table)), float(rows @ columns)
    if expected > 1 - 1e-12:
        return Agreement(n, raw, nothing)
    kappa = (observed - expected) / (1 - expected)
    if equal == n:
        return Agreement(n, raw, Estimate(1.0, ((raw.low or 0.0) - expected) / (1 - expected), 1.0, n))
    diagonal = np.diag(table) @ (1 - (rows + columns) * (1 - kappa)) ** 2
    off = table * (columns[:, None] + rows[None, :]) ** 2
    beside = (1 - kappa) ** 2 * float(off.sum() - np.trace(off))
    variance = (float(diagonal) + beside - (kappa - expected * (1 - kappa)) ** 2) / (n * (1 - expected) ** 2)
    half = _Z * math.sqrt(max(variance, 0.0))
    return Agreement(n, raw, Estimate(kappa, max(-1.0, kappa - half), min(1.0, kappa + half), n))


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
