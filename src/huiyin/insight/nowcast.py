"""What the metric would be today, between two survey waves, from what customers complain of every day. Silent when it knows no better.

Index at a day:  I = −Σ_a h_a p_a, p_a the share of listening voices (those that are no answers of the metric) of the last 14 days that complain
of a, h_a the points lost by answers that complain of a (least squares with a ridge, answers of earlier waves only). The metric is foretold as

    m̂_w = level + γ I_w,   γ = Σ x y ÷ (Σ x² + mean x²)   over the waves' changes x of I and y of m: shrunk by one wave in which nothing moved
    level = mean of m_j − γ I_j over earlier waves, weights 0.6^age: one wave alone carries its whole sampling error

Error: every wave from the fourth on is foretold from the ones before it alone (rolling origin: Tashman, International Journal of Forecasting
2000). It is shown only when its squared errors are smaller than those of carrying the last wave forward, and than those of the same level
without voices (γ = 0), by a one-sided sign-flip test at 10 % against the better of the two. Interval: ± t_B · √(s² (1 + 1/B)), s² the mean
squared error of the B backtests and of one more with the error of carrying forward; it is that against the next real wave, sampling included.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.metrics import points_sql
from huiyin.insight.patterns import OTHER, leading_aspects, mask_sql, unpacked
from huiyin.insight.scales import continuity
from huiyin.insight.scoring import Kind

Floats = NDArray[np.float64]
WINDOW = 14
GAP = 7
"""Days without an answer that end a wave."""
LEAST_WAVES = 8
_FIRST_TESTED = 3
_MEMORY = 0.6
_DOUBT = 1.0
"""How many waves the belief weighs that voices are no better than the last wave: those shown were chosen for small errors, part of which was luck."""
_RIDGE = 25.0
_MINIMUM_ANSWERS = 20
_LEAST_VOICES = 30
"""Listening voices in a window below which it has no index."""
_LEVEL = 0.10
_SEED = 20240229
Silence = Literal["too_few_waves", "no_better", "no_voices", "too_soon", "broken_series"]


@dataclass(frozen=True, slots=True)
class Wave:
    """One survey wave."""

    first_day: str
    last_day: str
    value: float
    answers: int


@dataclass(frozen=True, slots=True)
class Backtest:
    """A wave foretold from the waves before it."""

    last_day: str
    actual: float
    foretold: float
    carried: float


@dataclass(frozen=True, slots=True)
class Nowcast:
    """The metric by day since the last wave; `value` is empty and `reason` set where it knows no better than the last wave."""

    kind: Kind
    value: Estimate
    reason: Silence | None
    waves: tuple[Wave, ...]
    days: tuple[tuple[str, float, float, float], ...]
    """(day, value, low, high) since the last wave."""
    error: float | None
    """Root mean squared error of the backtests, in the metric's points."""
    carried_error: float | None
    """The same of carrying the last wave forward."""
    p_value: float | None
    backtests: tuple[Backtest, ...]
    parts: tuple[tuple[str, float], ...]
    """Points by aspect between the last wave and today; the empty name is all others."""


@dataclass(frozen=True, slots=True)
class Daily:
    """D days from `start` on, K aspects: `voices` (D,), `said` (D, K), answers' moments `gram` (D, K+1, K+1) and `moment` (D, K+1)."""

    start: date
    voices: Floats
    said: Floats
    gram: Floats
    moment: Floats
    aspects: tuple[str, ...]


def nowcast(
    store: Voices, kind: Kind, where: Filter | None = None, today: date | None = None, waves: tuple[tuple[date, date], ...] | None = None
) -> Nowcast:
    """The metric today. `waves` are (first, last) days of the survey; without them they are found by their gaps, else months stand for them."""
    found = continuity(store, None if kind == "mean" else kind, where)
    silent = Nowcast(kind, Estimate(None, None, None, 0), None, (), (), None, None, None, (), ())
    if not found.instruments or found.broken:
        return _silence(silent, "broken_series" if found.broken else "too_few_waves")
    main = found.instruments[0]
    daily = _daily(store, kind, where, main.scale_max, main.question, today)
    if daily is None:
        return _silence(silent, "too_few_waves")
    spans = [((a - daily.start).days, (b - daily.start).days) for a, b in waves] if waves else wave_spans(daily.gram[:, 0, 0], daily.start)
    spans = [span for span in spans if daily.gram[span[0] : span[1] + 1, 0, 0].sum() >= _MINIMUM_ANSWERS]
    mix = _mixes(daily)
    # A wave at the very start has no listening voices before it, hence no index.
    return foretell(kind, daily, [span for span in spans if not np.isnan(mix[span[1]]).any()], mix)


def wave_spans(answers: Floats, start: date) -> list[tuple[int, int]]:
    """(first, last) day numbers of waves: runs of days with answers parted by gaps; calendar months where the survey never pauses.

    >>> wave_spans(np.array([3.0] * 5 + [0.0] * 20 + [2.0] * 5), date(2026, 1, 1))
    [(0, 4), (25, 29)]
    """
    days = np.flatnonzero(answers > 0)
    if not len(days):
        return []
    cuts = np.flatnonzero(np.diff(days) > GAP)
    spans = [(int(part[0]), int(part[-1])) for part in np.split(days, cuts + 1)]
    if max(last - first for first, last in spans) <= 45:
        return spans
    months = [(start + timedelta(days=int(day))).strftime("%Y-%m") for day in days]
    return [(int(days[list(group)[0]]), int(days[list(group)[-1]])) for group in _runs(months)]


def _runs(labels: list[str]) -> list[list[int]]:
    return [list(group) for _, group in itertools.groupby(range(len(labels)), key=lambda at: labels[at])]


def foretell(kind: Kind, daily: Daily, spans: list[tuple[int, int]], mix: Floats) -> Nowcast:
    """The nowcast from arrays alone; `mix` (D, K) the complaint shares, defined at the end of every wave in `spans`."""
    values = [float(daily.moment[a : b + 1, 0].sum() / daily.gram[a : b + 1, 0, 0].sum()) for a, b in spans]
    waves = tuple(
        Wave(_day(daily, a), _day(daily, b), value, int(daily.gram[a : b + 1, 0, 0].sum())) for (a, b), value in zip(spans, values, strict=True)
    )
    silent = Nowcast(kind, Estimate(None, None, None, 0), None, waves, (), None, None, None, (), ())
    if len(spans) < LEAST_WAVES:
        return _silence(silent, "too_few_waves")
    actual = np.array(values)
    ends = [b for _, b in spans]
    if np.isnan(mix[-1]).any():
        return _silence(silent, "no_voices")
    tested = range(_FIRST_TESTED, len(spans))
    foretold = np.array([_foretold(daily, spans, actual, mix, w, mix[[ends[w]]])[0] for w in tested])
    smoothed = np.array([_level(actual[:w]) for w in tested])
    rivals = np.stack([actual[_FIRST_TESTED - 1 : -1], smoothed]) - actual[_FIRST_TESTED:]
    missed = foretold - actual[_FIRST_TESTED:]
    backtests = tuple(
        Backtest(_day(daily, ends[w]), float(actual[w]), float(one), float(actual[w - 1])) for w, one in zip(tested, foretold, strict=True)
    )
    error, carried = (float(np.sqrt((row**2).mean())) for row in (missed, rivals[0]))
    p_value = better(rivals[(rivals**2).mean(axis=1).argmin()] ** 2 - missed**2)
    told = Nowcast(kind, silent.value, None, waves, (), error, carried, p_value, backtests, ())
    if p_value > _LEVEL:
        return _silence(told, "no_better")
    if len(mix) - 1 - ends[-1] < GAP:
        return _silence(told, "too_soon")
    return _spoken(told, daily, spans, actual, mix)


def better(gain: Floats) -> float:
    """One-sided sign-flip p-value that the mean of `gain` (B,) is above 0; exact up to 12, drawn beyond.

    >>> better(np.ones(5))
    0.03125
    """
    if len(gain) <= 12:
        signs = np.array(list(itertools.product((1.0, -1.0), repeat=len(gain))))
    else:
        signs = np.random.default_rng(_SEED).choice([1.0, -1.0], (4095, len(gain)))
        signs = np.concatenate([np.ones((1, len(gain))), signs])
    return float((signs @ gain >= gain.sum() - 1e-12).mean())


def _step(daily: Daily, spans: list[tuple[int, int]], actual: Floats, mix: Floats, wave: int) -> Floats:
    """Points by which the metric moves for each unit of complaint share, (K,), known before `wave`: −γ h."""
    harm = _harm(daily, spans[:wave])
    ends = [b for _, b in spans[:wave]]
    x = np.diff(-mix[ends] @ harm)
    square = float((x**2).sum())
    if square == 0:
        return np.zeros(len(harm))
    return np.asarray(-harm * float(x @ np.diff(actual[:wave])) / (square + square / len(x)))


def _level(values: Floats) -> float:
    """Mean of past values, the latest first in weight: 0.6^age."""
    weight = _MEMORY ** np.arange(len(values))[::-1]
    return float(weight @ values / weight.sum())


def _foretold(daily: Daily, spans: list[tuple[int, int]], actual: Floats, mix: Floats, wave: int, there: Floats) -> Floats:
    """The metric at shares `there` (D, K) from the waves before number `wave`."""
    step = _step(daily, spans, actual, mix, wave)
    ends = [b for _, b in spans[:wave]]
    return np.asarray(there @ step + _level(actual[:wave] - mix[ends] @ step))


def _harm(daily: Daily, spans: list[tuple[int, int]]) -> Floats:
    """Points lost by answers that complain of each aspect; all alike where answers carry no complaints to learn from."""
    rows = np.concatenate([np.arange(a, b + 1) for a, b in spans])
    gram, moment = daily.gram[rows].sum(axis=0), daily.moment[rows].sum(axis=0)
    n = gram[0, 0]
    if gram[0, 1:].sum() < 2 * _RIDGE:
        return np.ones(len(moment) - 1)
    centred = gram[1:, 1:] - np.outer(gram[0, 1:], gram[0, 1:]) / n
    return np.asarray(-np.linalg.solve(centred + _RIDGE * np.eye(len(centred)), moment[1:] - gram[0, 1:] * moment[0] / n))


def _mixes(daily: Daily) -> Floats:
    """Shares (D, K) over the window that ends on each day; NaN with too few voices."""
    summed = np.cumsum(np.concatenate([np.zeros((1, daily.said.shape[1])), daily.said]), axis=0)
    heard = np.cumsum(np.concatenate([[0.0], daily.voices]))
    day = np.arange(1, len(heard))
    since = np.maximum(day - WINDOW, 0)
    voices = heard[day] - heard[since]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(voices[:, None] >= _LEAST_VOICES, (summed[day] - summed[since]) / voices[:, None], np.nan))


def _spoken(told: Nowcast, daily: Daily, spans: list[tuple[int, int]], actual: Floats, mix: Floats) -> Nowcast:
    step = _step(daily, spans, actual, mix, len(spans))
    last = spans[-1][1]
    count = len(told.backtests)
    square = (count * (told.error or 0.0) ** 2 + _DOUBT * (told.carried_error or 0.0) ** 2) / (count + _DOUBT)
    half = float(stats.t.ppf(0.975, count)) * math.sqrt(square * (1 + 1 / count))
    moved = mix[last + 1 :] - mix[last]
    line = _foretold(daily, spans, actual, mix, len(spans), mix[last + 1 :])
    days = tuple((_day(daily, last + 1 + at), float(one), float(one) - half, float(one) + half) for at, one in enumerate(line))
    parts = sorted(zip(daily.aspects, (moved[-1] * step).tolist(), strict=True), key=lambda one: (-abs(one[1]), one[0]))
    heard = int(daily.voices[-WINDOW:].sum())
    value = Estimate(float(line[-1]), float(line[-1]) - half, float(line[-1]) + half, heard)
    return Nowcast(told.kind, value, None, told.waves, days, told.error, told.carried_error, told.p_value, told.backtests, tuple(parts))


def _silence(told: Nowcast, reason: Silence) -> Nowcast:
    return Nowcast(told.kind, told.value, reason, told.waves, (), told.error, told.carried_error, told.p_value, told.backtests, ())


def _day(daily: Daily, number: int) -> str:
    return (daily.start + timedelta(days=number)).isoformat()


def _daily(store: Voices, kind: Kind, where: Filter | None, scale_max: float | None, question: str, today: date | None) -> Daily | None:
    points, condition = points_sql(kind, scale_max)
    aspects = leading_aspects(store, where, 15, 30)
    said, values = mask_sql(aspects, "feedback_id")
    table = store.query(
        f"WITH said AS ({said}), heard AS (SELECT feedback_id, day, CASE WHEN {condition} THEN 1 ELSE 0 END AS answer, {points} AS x FROM voice "
        "WHERE day IS NOT NULL) "
        "SELECT day, answer, coalesce(mask, 0) AS mask, count(*) AS n, sum(CASE WHEN answer = 1 THEN x ELSE 0 END) AS total "
        "FROM heard LEFT JOIN said ON heard.feedback_id = said.feedback_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        [*values, question],
        where,
    )
    days: list[date] = table["day"].to_pylist()
    kept = np.array([today is None or day <= today for day in days], dtype=bool)
    if not kept.any():
        return None
    start, end = min(days), today or max(days)
    at = np.array([(day - start).days for day in days], dtype=np.int64)[kept]
    answer, mask = (table[name].to_numpy(zero_copy_only=False).astype(np.int64)[kept] for name in ("answer", "mask"))
    count, total = (table[name].to_numpy(zero_copy_only=False).astype(np.float64)[kept] for name in ("n", "total"))
    return _by_day(start, (end - start).days + 1, at, answer == 1, unpacked(mask, len(aspects) + 1), count, total, (*aspects, OTHER))


def _by_day(
    start: date,
    length: int,
    at: NDArray[np.int64],
    answer: NDArray[np.bool_],
    bits: Floats,
    count: Floats,
    total: Floats,
    aspects: tuple[str, ...],
) -> Daily:
    columns = bits.shape[1] + 1
    x = np.column_stack([np.ones(len(bits)), bits])
    # Where everybody who speaks also answers, the answers themselves are what is listened to.
    listening = ~answer if count[~answer].sum() >= count[answer].sum() / 4 else np.ones(len(answer), dtype=bool)
    said, gram, moment = np.zeros((length, columns)), np.zeros((length, columns, columns)), np.zeros((length, columns))
    np.add.at(said, at[listening], x[listening] * count[listening, None])
    rows = np.flatnonzero(answer)
    for number in range(columns):
        np.add.at(gram[:, number], at[rows], x[rows] * (x[rows, number] * count[rows])[:, None])
    np.add.at(moment, at[rows], x[rows] * total[rows, None])
    return Daily(start, said[:, 0], said[:, 1:], gram, moment, aspects)
