"""Weekly series of each problem and one judged question: did its rate change, and when?

The single most likely break is sought by the Poisson likelihood ratio with feedback received as exposure; whether it is more
than chance is told by permuting the weeks (so overdispersion is allowed for), and over all problems false discoveries
are controlled. Likelihood-ratio scan: Worsley, "The power of likelihood ratio and cumulative sum tests for a change in a
binomial probability", Biometrika 1983. Limits: one break a series; strong season or autocorrelation can pass for one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate, Trend, Verdict, Week
from huiyin.insight.intervals import false_discovery, rate_ratio, wilson
from huiyin.insight.weeks import every_week

WEEKS = 53
"""The last so many weeks are judged and shown."""
PERMUTATIONS = 999
_EDGE = 3
_MINIMUM_WEEKS = 8
_MINIMUM_CASES = 20
_MINIMUM_RECEIVED = 8
"""A week with less feedback shows no rate."""
_WORTH_TELLING = 1.25
_LEVEL = 0.05


def weekly(store: Voices, where: Filter | None = None) -> tuple[list[str], NDArray[np.int64], dict[str, NDArray[np.int64]]]:
    """Mondays without gaps, feedback per week, and per aspect the feedback with a complaint; the last `WEEKS` weeks."""
    totals = store.query("SELECT week, count(*) AS n FROM voice WHERE week IS NOT NULL GROUP BY week ORDER BY week", where=where)
    if not totals.num_rows:
        return [], np.zeros(0, np.int64), {}
    found = [week.isoformat() for week in totals["week"].to_pylist()]
    mondays = every_week(found)[-WEEKS:]
    place = {monday: at for at, monday in enumerate(mondays)}
    total = np.zeros(len(mondays), dtype=np.int64)
    for monday, count in zip(found, totals["n"].to_pylist(), strict=True):
        if monday in place:
            total[place[monday]] = count
    rows = store.query(
        "SELECT aspect, week, count(DISTINCT feedback_id) AS n FROM opinion "
        "WHERE polarity = -1 AND aspect IS NOT NULL AND week IS NOT NULL GROUP BY aspect, week",
        where=where,
    )
    series: dict[str, NDArray[np.int64]] = {}
    for aspect, week, count in zip(rows["aspect"].to_pylist(), rows["week"].to_pylist(), rows["n"].to_pylist(), strict=True):
        at = place.get(week.isoformat())
        if at is not None:
            series.setdefault(aspect, np.zeros(len(mondays), dtype=np.int64))[at] = count
    return mondays, total, series


def judge(mondays: list[str], total: NDArray[np.int64], series: list[NDArray[np.int64]], seed: int = 20240229) -> list[Trend]:
    """A trend for each series, judged together."""
    tests = [_scan(counts, total, np.random.default_rng(seed)) for counts in series]
    q_values = false_discovery(np.array([p for p, _ in tests])) if tests else np.zeros(0)
    return [_trend(mondays, total, counts, at, float(q)) for counts, (_, at), q in zip(series, tests, q_values, strict=True)]


def _scan(counts: NDArray[np.int64], total: NDArray[np.int64], generator: np.random.Generator) -> tuple[float, int]:
    """(permutation p-value, index of the first week after the likeliest break); p is NaN where nothing can be told."""
    live = np.flatnonzero(total > 0)
    if len(live) < _MINIMUM_WEEKS or counts.sum() < _MINIMUM_CASES:
        return float("nan"), 0
    cases, exposure = counts[live].astype(float), total[live].astype(float)
    shuffles = generator.permuted(np.tile(np.arange(len(live)), (PERMUTATIONS, 1)), axis=1)
    order = np.concatenate([np.arange(len(live))[None, :], shuffles])
    gain = _gain(cases[order], exposure[order])
    best = gain.max(axis=1)
    p_value = float((1 + (best[1:] >= best[0] - 1e-12).sum()) / (1 + PERMUTATIONS))
    return p_value, int(live[int(gain[0].argmax()) + _EDGE])


def _gain(cases: NDArray[np.float64], exposure: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-likelihood gained by a break before week s, for each row and s = EDGE .. W − EDGE; shape (rows, splits)."""
    before, exposed = np.cumsum(cases, axis=1), np.cumsum(exposure, axis=1)
    width = cases.shape[1]
    split = slice(_EDGE - 1, width - _EDGE)
    all_cases, all_exposed = before[:, -1:], exposed[:, -1:]
    first, second = before[:, split], all_cases - before[:, split]
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(first > 0, first * np.log(first / exposed[:, split]), 0.0)
        gain += np.where(second > 0, second * np.log(second / (all_exposed - exposed[:, split])), 0.0)
        return np.asarray(gain - all_cases * np.log(all_cases / all_exposed))


def _trend(mondays: list[str], total: NDArray[np.int64], counts: NDArray[np.int64], at: int, q_value: float) -> Trend:
    weeks = []
    for monday, count, received in zip(mondays, counts.tolist(), total.tolist(), strict=True):
        rate = wilson(count, received, 1000.0) if received >= _MINIMUM_RECEIVED else Estimate(None, None, None, received)
        weeks.append(Week(monday, count, received, rate.value, rate.low, rate.high))
    nothing = Estimate(None, None, None, 0)
    if np.isnan(q_value):
        return Trend(tuple(weeks), "unknown", None, nothing, nothing, nothing, None)
    sides = [(float(counts[part].sum()), float(total[part].sum())) for part in (slice(0, at), slice(at, None))]
    ratio = rate_ratio(*sides[1], *sides[0], dispersion=_dispersion(counts, total, at))
    sure = q_value <= _LEVEL and (ratio[1] > 1 or ratio[2] < 1) and max(ratio[0], 1 / ratio[0]) >= _WORTH_TELLING
    verdict: Verdict = ("up" if ratio[0] > 1 else "down") if sure else "flat"
    before, after = (wilson(int(cases), int(received), 1000.0) for cases, received in sides)
    return Trend(tuple(weeks), verdict, mondays[at] if sure else None, before, after, Estimate(*ratio, int(counts.sum())), q_value)


def _dispersion(counts: NDArray[np.int64], total: NDArray[np.int64], at: int) -> float:
    """Pearson dispersion of the weeks around the rates before and after the break; 1 for Poisson."""
    squares, freedom = 0.0, 0
    for part in (slice(0, at), slice(at, None)):
        exposure = total[part].astype(float)
        live = exposure > 0
        expected = exposure[live] * counts[part].sum() / max(exposure.sum(), 1.0)
        if expected.sum() > 0:
            squares += float((((counts[part][live] - expected) ** 2) / np.maximum(expected, 1e-9)).sum())
            freedom += int(live.sum()) - 1
    return max(1.0, squares / freedom) if freedom > 0 else 1.0
