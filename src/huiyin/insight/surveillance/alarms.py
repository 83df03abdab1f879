"""Which series rose now, beyond chance and enough to matter.

An alarm is a rise that is unusual AND large: the tail probability of the count under its own past, false discoveries controlled over
all series (Benjamini & Hochberg, JRSS B 1995), and at least `minimum_count` cases, `minimum_rise` above what was expected and
`minimum_ratio` times it. The last one, two and four weeks (days: 1, 3, 7, 14, 28) are looked at together, so that a jump is seen at once and a
moderate rise soon; the smallest of these tails is multiplied by their number (Bonferroni).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import false_discovery
from huiyin.insight.surveillance.baseline import predict, prediction_interval, robust_baseline, upper_tail
from huiyin.insight.surveillance.panel import Grain, Panel, panel

Floats = NDArray[np.float64]
Reason = Literal["alarm", "not unusual", "too few", "rise too small"]

_BLOCK = 2000
"""Series fitted at a time: bounds the memory."""
_YEAR = 365.25
_SEASON_DAYS = 280


@dataclass(frozen=True, slots=True)
class Settings:
    """When a rise is worth an alarm. Counts are distinct customers."""

    level: float = 0.05
    """False discoveries among the alarms of one period."""
    minimum_count: int = 5
    minimum_rise: float = 3.0
    """Cases above the expected number."""
    minimum_ratio: float = 1.2
    most_alarms: int = 20
    """More are held back: a storm of alarms is one event, not fifty."""
    minimum_periods: int = 8
    """Past periods needed; below, nothing is judged. Days: seven times as many."""
    memory: int = 104
    """Weeks of the past that are used (days: seven times as many)."""
    windows_of_weeks: tuple[int, ...] = (1, 2, 4)
    windows_of_days: tuple[int, ...] = (1, 3, 7, 14, 28)

    def windows(self, grain: Grain) -> tuple[int, ...]:
        """Lengths of the windows that end now, in periods."""
        return self.windows_of_weeks if grain == "week" else self.windows_of_days


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgement of S series at one period, as arrays of length S. NaN p where there was too little past."""

    p_value: Floats
    q_value: Floats
    window: NDArray[np.int64]
    """Periods in the window that decided."""
    count: Floats
    expected: Floats
    variance: Floats
    """Of a new count of that window."""
    ratio_error: Floats
    """Standard error of log(count ÷ expected)."""
    alarm: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Signal:
    """One series now. `count` customers in the window against what its past lets expect."""

    aspect: str
    part: str | None
    """Value of the dimension."""
    since: str
    """First day of the window, ISO."""
    until: str
    """Its last day, inclusive."""
    count: int
    expected: Estimate
    """low and high hold 95 % of counts when nothing changed; n is the number of past cases."""
    ratio: Estimate
    """count ÷ expected with its interval."""
    rise: float
    """Cases above the expected number."""
    p_value: float
    q_value: float
    reason: Reason
    """"alarm", or why it is none."""

    @property
    def is_alarm(self) -> bool:
        """Whether it is both unusual and large."""
        return self.reason == "alarm"


@dataclass(frozen=True, slots=True)
class Surveillance:
    """The alarms of the last whole period and what they were chosen from."""

    grain: Grain
    dimension: str | None
    last_day: str | None
    """Last day that is over and counted."""
    series: int
    """How many were judged together; the false-discovery level holds over these."""
    alarms: tuple[Signal, ...]
    """Largest rise first, at most `settings.most_alarms`."""
    held_back: tuple[Signal, ...]
    """Further alarms of a storm, smaller rises."""
    unusual_but_small: tuple[Signal, ...]
    """Beyond chance, below a minimum: listed, not alarmed."""
    left_out: int
    """Customers in the period that is not over."""
    settings: Settings


def watch(
    store: Voices,
    where: Filter | None = None,
    *,
    dimension: str | None = "product",
    grain: Grain = "week",
    polarity: int = -1,
    as_of: date | None = None,
    settings: Settings | None = None,
) -> Surveillance:
    """Rises of complaints of each aspect × value of `dimension` in the last whole period. See `panel` for the arguments."""
    rules = settings or Settings()
    series = panel(store, where, dimension=dimension, grain=grain, polarity=polarity, as_of=as_of, minimum_total=rules.minimum_count)
    judged = judge(series, rules)
    last = series.last_day()
    rows = np.flatnonzero(judged.q_value <= rules.level)
    told = sorted((signal_of(series, judged, int(row), rules) for row in rows), key=lambda one: (-one.rise, one.aspect, one.part or ""))
    alarms = tuple(one for one in told if one.is_alarm)
    return Surveillance(
        grain,
        dimension,
        last.isoformat() if last else None,
        int(np.isfinite(judged.p_value).sum()),
        alarms[: rules.most_alarms],
        alarms[rules.most_alarms :],
        tuple(one for one in told if not one.is_alarm),
        series.left_out,
        rules,
    )


def judge(series: Panel, settings: Settings | None = None, at: int | None = None) -> Judged:
    """Judge every series at period `at` (the last when None) with what was known then."""
    rules = settings or Settings()
    end = len(series.starts) if at is None else at + 1
    blocks = [_judge_block(series, slice(first, first + _BLOCK), end, rules) for first in range(0, max(len(series.keys), 1), _BLOCK)]
    p_value, window, count, expected, variance, ratio_error = (np.concatenate(part) for part in zip(*blocks, strict=True))
    q_value = false_discovery(p_value)
    with np.errstate(invalid="ignore"):
        large = (count >= rules.minimum_count) & (count - expected >= rules.minimum_rise) & (count >= rules.minimum_ratio * expected)
        alarm = (q_value <= rules.level) & large
    return Judged(p_value, q_value, window.astype(np.int64), count, expected, variance, ratio_error, alarm)


def _judge_block(series: Panel, rows: slice, end: int, rules: Settings) -> tuple[Floats, ...]:
    """(p, window, count, expected, variance, error of the log ratio) of a block of series."""
    windows, scale = rules.windows(series.grain), 7 if series.grain == "day" else 1
    counts, exposure = series.counts[rows], series.exposure[rows]
    longest = max(windows)
    past = slice(max(0, end - longest - rules.memory * scale), max(0, end - longest))
    if past.stop - past.start < rules.minimum_periods * scale or not len(counts):
        return tuple(np.full(len(counts), fill) for fill in (np.nan, windows[0], np.nan, np.nan, np.nan, np.nan))
    design, precision, slow = design_of(series.starts[past.start : end], past.stop - past.start, series.grain)
    known, new = design[: past.stop - past.start], design[past.stop - past.start :]
    fit = robust_baseline(counts[:, past], exposure[:, past], known, precision, slow)
    mean, log_variance = predict(fit, exposure[:, past.stop : end], new, known)
    found = [_window(counts[:, past.stop : end], mean, log_variance, fit.dispersion, length) for length in windows]
    best = np.argmin(np.array([p for p, *_ in found]), axis=0)
    pick = np.arange(len(counts))
    p_value = np.minimum(1.0, len(windows) * np.array([p for p, *_ in found])[best, pick])
    rest = [np.array([one[part] for one in found])[best, pick] for part in range(1, 5)]
    return (p_value, np.asarray(windows)[best].astype(np.float64), *rest)


def _window(counts: Floats, mean: Floats, log_variance: Floats, dispersion: Floats, length: int) -> tuple[Floats, ...]:
    """(p, count, expected, variance, error of the log ratio) of the last `length` periods together.

    The errors of the periods' means are taken as fully correlated, which the shared intercept nearly makes them.
    """
    count, expected = counts[:, -length:].sum(axis=1), mean[:, -length:].sum(axis=1)
    error = (mean[:, -length:] * np.sqrt(log_variance[:, -length:])).sum(axis=1)
    variance = dispersion * expected + error**2
    ratio_error = np.sqrt(dispersion / np.maximum(count, 0.5) + (error / np.maximum(expected, 1e-9)) ** 2)
    return upper_tail(count, expected, variance), count, expected, variance, ratio_error


def design_of(starts: NDArray[np.datetime64], past: int, grain: Grain) -> tuple[Floats, Floats, tuple[int, ...]]:
    """(T, P) design, (P,) prior precision, and the columns of trend and yearly wave; the first `past` rows are the baseline.

    The yearly wave enters from 40 weeks of past on; with less it cannot be told from a trend. Its prior holds it within about ×÷2
    unless the data say otherwise.
    """
    days = (starts - starts[0]).astype("timedelta64[D]").astype(np.float64)
    span = max(days[past - 1], 1.0)
    columns, precision = [np.ones(len(days)), days / span - 0.5], [0.5, 1.0]
    slow: tuple[int, ...] = (1,)
    if span >= _SEASON_DAYS:
        slow = (1, 2, 3)
        year = 2 * np.pi * (starts - np.datetime64("2000-01-01")).astype("timedelta64[D]").astype(np.float64) / _YEAR
        columns += [np.sin(year), np.cos(year)]
        precision += [6.0, 6.0]
    if grain == "day":
        weekday = (starts.astype(np.int64) + 3) % 7
        columns += [(weekday == one) - 1 / 7.0 for one in range(6)]
        precision += [4.0] * 6
    return np.column_stack(columns), np.array(precision), slow


def signal_of(series: Panel, judged: Judged, row: int, settings: Settings, at: int | None = None) -> Signal:
    """The judgement of one series as a value."""
    end = len(series.starts) - 1 if at is None else at
    length = int(judged.window[row])
    first = series.starts[end - length + 1].astype(date)
    last = series.starts[end].astype(date) + timedelta(days=series.days - 1)
    count, expected = float(judged.count[row]), float(judged.expected[row])
    low, high = prediction_interval(judged.expected[row : row + 1], judged.variance[row : row + 1])
    past = int(series.counts[row, : end - length + 1].sum())
    half = float(stats.norm.ppf(0.975)) * float(judged.ratio_error[row])
    ratio = count / max(expected, 1e-9)
    return Signal(
        *series.keys[row],
        first.isoformat(),
        last.isoformat(),
        int(count),
        Estimate(expected, float(low[0]), float(high[0]), past),
        Estimate(ratio, ratio * float(np.exp(-half)), ratio * float(np.exp(half)), int(count)),
        count - expected,
        float(judged.p_value[row]),
        float(judged.q_value[row]),
        _reason(count, expected, float(judged.q_value[row]), settings),
    )


def _reason(count: float, expected: float, q_value: float, rules: Settings) -> Reason:
    if not q_value <= rules.level:
        return "not unusual"
    if count < rules.minimum_count:
        return "too few"
    if count - expected < rules.minimum_rise or count < rules.minimum_ratio * expected:
        return "rise too small"
    return "alarm"
