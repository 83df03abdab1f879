"""Effects at days on which nothing was done: what the same arithmetic finds by chance (Abadie, Diamond & Hainmueller, JASA 2010, in time)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from huiyin.insight.effects.outcome import Placebo
from huiyin.insight.effects.regression import Fit

MINIMUM_PLACEBOS = 10
Estimator = Callable[[NDArray[np.int64], NDArray[np.bool_]], Fit]
"""(rows used, which of them count as after) → fit whose column 1 is the effect."""


def placebos(block: NDArray[np.int64], starts: tuple[date, ...], length: int, estimator: Estimator, least_before: int) -> tuple[Placebo, ...]:
    """The effect at every block before the intervention that leaves `least_before` blocks before and at least three after it.

    Only blocks before the intervention take part; as many blocks as the real study had (`length`) count as after.
    """
    before = np.flatnonzero(block < 0)
    out = []
    for at in range(least_before, len(before) - 2):
        rows = before[: at + length]
        one = estimator(rows, rows >= before[at])
        out.append(Placebo(starts[before[at]].isoformat(), one.interval(1)[0], one.statistic(1)))
    return tuple(out)


def share(found: tuple[Placebo, ...], statistic: float) -> float | None:
    """(1 + placebos at least as sure as the real effect) ÷ (1 + placebos); None with too few of them.

    >>> share(tuple(Placebo("", 1.0, z / 10) for z in range(19)), 5.0)
    0.05
    """
    if len(found) < MINIMUM_PLACEBOS:
        return None
    return (1 + sum(abs(one.statistic) >= abs(statistic) for one in found)) / (1 + len(found))
