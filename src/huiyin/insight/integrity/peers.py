"""A unit against its peers: is its share of hits, its jump before the deadline or its choice of whom to invite beyond what others do?

Every unit is compared with the others together. Units differ for honest reasons too: the spread between them is estimated robustly
(median absolute deviation, so that a few who cheat do not hide in the spread they make) and widens every test. Units that stand out at
first are taken out of the peers and all are judged again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.insight.surveillance.baseline import upper_tail

Floats = NDArray[np.float64]

_OUTSTANDING = 1e-3
_ENOUGH_PEERS = 8
_ROUNDS = 3
_WINDOW_SHARE = 12 * 60
"""Minutes of a day in which customers answer."""
_PEAK = 2.0
"""How much denser than even the busy hours are."""


@dataclass(frozen=True, slots=True)
class Compared:
    """U units: estimate, its standard error, what the peers do, and the one-sided p of exceeding them (NaN: not enough)."""

    value: Floats
    error: Floats
    peers: Floats
    p_value: Floats


def spread(z: Floats) -> float:
    """How much wider than by chance alone the units lie, as a variance ratio ≥ 1: (1.4826 × MAD)² (Hampel, JASA 1974).

    >>> spread(np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 0.5, -0.5, 1.5, 90.0])) < 4
    True
    """
    known = z[np.isfinite(z)]
    if len(known) < _ENOUGH_PEERS:
        return 1.0
    return max(1.0, float(1.4826 * np.median(np.abs(known - np.median(known)))) ** 2)


def shares(hits: Floats, out_of: Floats, minimum: int, together: float = 1.0) -> Compared:
    """Share of hits of each unit against that of its peers. Hits that come `together` so many at a time vary so much more.

    The tail is negative-binomial with mean n·p₀ and variance φ·n·p₀(1 − p₀) + n²·Var(p₀); p₀ = (K + ½)/(N + 1) over the peers.

    >>> found = shares(np.array([30.0] + [2.0] * 9), np.full(10, 100.0), 30)
    >>> bool(found.p_value[0] < 1e-6), bool(found.p_value[1] > 0.1)
    (True, True)
    """
    enough = out_of >= minimum
    peer = enough.copy()
    p_value, rate = np.full(len(hits), np.nan), np.full(len(hits), np.nan)
    for _ in range(_ROUNDS):
        others_hits, others = (peer * hits).sum() - peer * hits, (peer * out_of).sum() - peer * out_of
        rate = (others_hits + 0.5) / (others + 1)
        noise = out_of * rate * (1 - rate)
        extra = max(together, spread((hits - out_of * rate)[peer] / np.sqrt(np.maximum(noise[peer], 1e-9))))
        variance = extra * (noise + out_of**2 * rate * (1 - rate) / np.maximum(others, 1))
        p_value = np.where(enough & (others >= minimum), upper_tail(hits, out_of * rate, variance), np.nan)
        with np.errstate(invalid="ignore"):
            peer = enough & ~(p_value < _OUTSTANDING)
    share = hits / np.maximum(out_of, 1)
    return Compared(share, np.sqrt(share * (1 - share) / np.maximum(out_of, 1)), rate, p_value)


def jumps(count: Floats, total: Floats, squares: Floats, minimum: int, periods: int) -> Compared:
    """Mean before the deadline minus mean of the rest, of each unit over its periods, against the peers' difference.

    Arrays are (U, M, 2): unit, period, (rest, last days). In each period d = ȳ_end − ȳ_rest has weight w = n_e n_r / (n_e + n_r); the estimate
    is Σwd/Σw with variance σ²/Σw, widened by the spread of d between periods (Birge, Physical Review 1932). What the
    peers do is their median: a bonus week for all is no trick of one.
    """
    mean = total / np.maximum(count, 1)
    both: NDArray[np.bool_] = np.asarray((count > 0).all(axis=2))
    weight = np.where(both, count.prod(axis=2) / np.maximum(count.sum(axis=2), 1), 0.0)
    change = np.where(both, mean[:, :, 1] - mean[:, :, 0], 0.0)
    all_weight = weight.sum(axis=1)
    value = (weight * change).sum(axis=1) / np.maximum(all_weight, 1e-9)
    within = (squares - count * mean**2).sum(axis=(1, 2)) / np.maximum((count.sum(axis=(1, 2)) - (count > 0).sum(axis=(1, 2))), 1)
    within = np.maximum(within, 1e-9)
    between = (weight * (change - value[:, None]) ** 2).sum(axis=1) / within / np.maximum(both.sum(axis=1) - 1, 1)
    error = np.sqrt(np.maximum(between, 1.0) * within / np.maximum(all_weight, 1e-9))
    enough = (both.sum(axis=1) >= periods) & (np.where(both[:, :, None], count, 0).sum(axis=1).min(axis=1) >= minimum)
    return _against_median(value, error, enough)


def odds(cells: Floats, minimum: int) -> Compared:
    """How much less likely the unhappy are to be invited than the happy, against the peers; (U, 2, 2): unhappy no/yes × invited no/yes.

    value = −ln odds ratio (positive: the unhappy are passed over), half a case added to each cell (Haldane, 1956).
    """
    filled = cells + 0.5
    value = np.log(filled[:, 0, 1]) + np.log(filled[:, 1, 0]) - np.log(filled[:, 1, 1]) - np.log(filled[:, 0, 0])
    error = np.sqrt((1 / filled).sum(axis=(1, 2)))
    sides = np.minimum(cells.sum(axis=1).min(axis=1), cells.sum(axis=2).min(axis=1))
    return _against_median(value, error, (cells.sum(axis=(1, 2)) >= minimum) & (sides >= 5))


def _against_median(value: Floats, error: Floats, enough: NDArray[np.bool_]) -> Compared:
    """One-sided test of each estimate against the median of its peers."""
    nothing = np.full(len(value), np.nan)
    if enough.sum() < 3:
        return Compared(value, error, nothing, nothing)
    peers = float(np.median(value[enough]))
    extra = spread(np.where(enough, (value - peers) / error, np.nan))
    # The median of U estimates is itself uncertain: variance about π/2 · mean variance / U.
    uncertain = np.pi / 2 * float(np.mean(error[enough] ** 2)) / enough.sum()
    z = (value - peers) / np.sqrt(extra * error**2 + uncertain)
    return Compared(value, error, np.full(len(value), peers), np.where(enough, stats.norm.sf(z), np.nan))


def crowding(hits: Floats, volume: list[Floats], count: int, minutes: int, minimum: int) -> Compared:
    """Responses that close a run of `count` within `minutes`, against what the unit's own days let expect.

    On a day with n responses the others within the span before one of them are about Poisson with mean (n − 1) · minutes / 720 · 2 (busy hours
    twice as dense as an even day). Runs clump and days differ, so the variance is 2μ + (μ/2)².
    """
    n = np.array([float(days.sum()) for days in volume])
    density = minutes / _WINDOW_SHARE * _PEAK
    expected = np.array([float((days * stats.poisson.sf(count - 2, np.maximum(days - 1, 0) * density)).sum()) for days in volume])
    p_value = np.where(n >= minimum, upper_tail(hits, expected, 2 * expected + (expected / 2) ** 2), np.nan)
    share = hits / np.maximum(n, 1)
    return Compared(share, np.sqrt(share * (1 - share) / np.maximum(n, 1)), expected / np.maximum(n, 1), p_value)
