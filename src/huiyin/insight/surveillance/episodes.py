"""The same judgement at every period of the past, as it would have been made then: first warnings, peaks and the lead time won."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.surveillance.alarms import Settings, judge
from huiyin.insight.surveillance.panel import Grain, Panel, panel

_QUIET = 2
"""Periods without an alarm that end an episode."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A run of alarms of one series."""

    aspect: str
    part: str | None
    warned: str
    """Last day of the period whose alarm was the first: nobody could know earlier."""
    peak: str
    """First day of the period with the most cases, from the first alarm on."""
    peak_count: int
    count_at_warning: int
    over: bool
    """False while the alarm stands: the peak may still come."""
    lead_days: int
    """Days from the warning to the start of the peak; 0 when the warning came with it."""
    alarms: int


@dataclass(frozen=True, slots=True)
class Warnings:
    """All episodes, latest first, and the lead time of those that are over."""

    episodes: tuple[Episode, ...]
    lead_days: Estimate
    """Median over finished episodes; interval by order statistics."""
    before_peak: int
    """Finished episodes whose warning came before the peak."""
    grain: Grain
    judged_from: str | None
    """First day from which there was past enough to judge."""


def rolling(series: Panel, settings: Settings | None = None, first: int | None = None) -> NDArray[np.bool_]:
    """(S, T) alarm of each series at each period, each with only the past known then; nothing before period `first`."""
    rules = settings or Settings()
    scale = 7 if series.grain == "day" else 1
    begin = max(rules.minimum_periods * scale + max(rules.windows(series.grain)) - 1, first or 0)
    out = np.zeros(series.counts.shape, dtype=bool)
    for at in range(begin, len(series.starts)):
        out[:, at] = judge(series, rules, at).alarm
    return out


def episodes(series: Panel, alarm: NDArray[np.bool_]) -> tuple[Episode, ...]:
    """Runs of alarms, joined over gaps of up to two quiet periods, latest warning first."""
    found = []
    for row in np.flatnonzero(alarm.any(axis=1)):
        at = np.flatnonzero(alarm[row])
        starts = np.flatnonzero(np.diff(at, prepend=-10 - _QUIET) > _QUIET + 1)
        for run in np.split(at, starts[1:]):
            found.append(_episode(series, int(row), run))
    return tuple(sorted(found, key=lambda one: (one.warned, one.aspect, one.part or ""), reverse=True))


def _episode(series: Panel, row: int, run: NDArray[np.int64]) -> Episode:
    begin, end = int(run[0]), int(run[-1])
    counts = series.counts[row]
    peak = begin + int(counts[begin : end + 1].argmax())
    warned = series.starts[begin].astype(date) + timedelta(days=series.days - 1)
    top = series.starts[peak].astype(date)
    over = end + _QUIET < len(series.starts) - 1
    return Episode(
        *series.keys[row], warned.isoformat(), top.isoformat(), int(counts[peak]), int(counts[begin]), over, max(0, (top - warned).days), len(run)
    )


def early_warnings(
    store: Voices,
    where: Filter | None = None,
    *,
    dimension: str | None = "product",
    grain: Grain = "week",
    as_of: date | None = None,
    settings: Settings | None = None,
) -> Warnings:
    """Every warning of the past as it would have been raised, and how many days before the peak it came."""
    rules = settings or Settings()
    series = panel(store, where, dimension=dimension, grain=grain, as_of=as_of, minimum_total=4 * rules.minimum_count)
    found = episodes(series, rolling(series, rules))
    leads = np.sort(np.array([one.lead_days for one in found if one.over], dtype=np.float64))
    scale = 7 if grain == "day" else 1
    first = rules.minimum_periods * scale + max(rules.windows(grain)) - 1
    judged_from = series.starts[first].astype(date).isoformat() if len(series.starts) > first else None
    return Warnings(found, median(leads), int((leads > 0).sum()), grain, judged_from)


def median(values: NDArray[np.float64], minimum: int = 6) -> Estimate:
    """Median of sorted values with its distribution-free 95 % interval, from the binomial law of order statistics.

    Below six values no interval of order statistics reaches 95 %. Source: Conover, "Practical Nonparametric Statistics", 1999, §3.2.

    >>> import numpy as np
    >>> median(np.arange(1.0, 10.0))
    Estimate(value=5.0, low=2.0, high=8.0, n=9)
    """
    n = len(values)
    if n < minimum:
        return Estimate(None, None, None, n)
    low = int(stats.binom.ppf(0.025, n, 0.5)) - 1
    return Estimate(float(np.median(values)), float(values[max(low, 0)]), float(values[min(n - 1 - low, n - 1)]), n)
