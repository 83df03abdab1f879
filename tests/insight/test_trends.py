"""A planted change is found at its week; series without one stay silent at the promised rate."""

from datetime import date, timedelta

import numpy as np

from huiyin.insight.trends import judge

MONDAYS = [(date(2026, 1, 5) + timedelta(weeks=at)).isoformat() for at in range(52)]


def totals(generator: np.random.Generator) -> np.ndarray:
    return generator.integers(300, 500, 52)


def test_a_jump_is_found_at_its_week_with_its_size():
    generator = np.random.default_rng(3)
    total = totals(generator)
    rate = np.where(np.arange(52) >= 36, 0.06, 0.02)
    trend = judge(MONDAYS, total, [generator.binomial(total, rate)])[0]
    assert trend.verdict == "up"
    assert abs(MONDAYS.index(trend.since) - 36) <= 1
    assert trend.ratio.low <= 3.0 <= trend.ratio.high


def test_a_fix_is_found():
    generator = np.random.default_rng(4)
    total = totals(generator)
    rate = np.where(np.arange(52) >= 30, 0.02, 0.06)
    trend = judge(MONDAYS, total, [generator.binomial(total, rate)])[0]
    assert trend.verdict == "down"
    assert abs(MONDAYS.index(trend.since) - 30) <= 1


def test_more_feedback_alone_is_no_change():
    generator = np.random.default_rng(5)
    total = (np.linspace(100, 900, 52)).astype(np.int64)
    trend = judge(MONDAYS, total, [generator.binomial(total, 0.05)])[0]
    assert trend.verdict == "flat"


def test_false_alarms_over_steady_series_are_rare():
    generator = np.random.default_rng(6)
    alarms, worlds = 0, 25
    for _ in range(worlds):
        total = totals(generator)
        # Overdispersed, as real weeks are: each week has a rate of its own around the same mean.
        series = [generator.binomial(total, generator.gamma(20, 0.03 / 20, 52)) for _ in range(12)]
        alarms += any(trend.verdict in ("up", "down") for trend in judge(MONDAYS, total, series))
    assert alarms / worlds <= 0.16


def test_too_little_data_is_said():
    few = judge(MONDAYS[:5], np.full(5, 100), [np.full(5, 9)])[0]
    rare = judge(MONDAYS, np.full(52, 100), [np.eye(52, dtype=np.int64)[3] * 5])[0]
    assert few.verdict == rare.verdict == "unknown"
    assert few.since is None and few.q_value is None


def test_a_week_with_hardly_any_feedback_shows_no_rate():
    total = np.full(52, 100)
    total[7] = 2
    weeks = judge(MONDAYS, total, [np.where(total > 2, 5, 1)])[0].weeks
    assert weeks[7].per_thousand is None
    assert weeks[8].per_thousand == 50.0
