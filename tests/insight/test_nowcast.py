"""Between waves the metric is foretold from complaints when that is proven better than the last wave, and not spoken of otherwise."""

from datetime import date

import numpy as np
import pytest
from tests.insight.engines import stored

from huiyin.insight.nowcast import Daily, better, foretell, nowcast, wave_spans
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.scores import plant_waves


def daily(seed: int, moving: float, waves: int = 14, every: int = 45) -> tuple[Daily, list[tuple[int, int]], np.ndarray, float]:
    """Two aspects; 1,050 answers a wave; the share of the first one wanders by `moving`, and each complaint costs 60 points."""
    rng = np.random.default_rng(seed)
    days = waves * every + 30
    wander = np.zeros(days)
    for day in range(1, days):
        wander[day] = 0.985 * wander[day - 1] + moving * np.sqrt(1 - 0.985**2) * rng.normal()
    share = np.column_stack([np.clip(0.3 + wander, 0.02, 0.6), np.full(days, 0.1)])
    said = rng.binomial(200, share).astype(float)
    spans = [(every * w + every - 7, every * w + every - 1) for w in range(waves)]
    gram, moment = np.zeros((days, 3, 3)), np.zeros((days, 3))
    for a, b in spans:
        for day in range(a, b + 1):
            x = np.column_stack([np.ones(150), rng.random((150, 2)) < share[day]])
            points = 40 - 60 * x[:, 1] - 20 * x[:, 2] + rng.normal(0, 50, 150)
            gram[day], moment[day] = x.T @ x, x.T @ points
    mix = np.array([said[max(0, day - 13) : day + 1].sum(axis=0) / (200 * min(14, day + 1)) for day in range(days)])
    truth = 40 - 60 * share[-1, 0] - 20 * share[-1, 1]
    return Daily(date(2025, 1, 1), np.full(days, 200.0), said, gram, moment, ("app/crash", "")), spans, mix, float(truth)


def test_a_metric_that_follows_complaints_is_foretold():
    told, truths, halves = [], [], []
    for seed in range(10):
        world, spans, mix, truth = daily(seed, 0.12)
        one = foretell("nps", world, spans, mix)
        if one.value.value is not None:
            told.append(one.value.value)
            truths.append(truth)
            halves.append(one.value.high - one.value.low)
            assert one.error < one.carried_error and one.p_value <= 0.10
            assert len(one.days) == 30 and one.parts[0][0] == "app/crash"
            assert len(one.backtests) == 11
    assert len(told) >= 6
    assert np.mean(np.abs(np.array(told) - truths) <= np.array(halves) / 2) >= 0.8


def test_silent_where_complaints_tell_nothing():
    spoken = sum(foretell("nps", *daily(seed, 0.0)[:3]).value.value is not None for seed in range(12))
    assert spoken <= 3


def test_few_waves_are_not_enough():
    world, spans, mix, _ = daily(1, 0.12)
    one = foretell("nps", world, spans[:5], mix)
    assert one.reason == "too_few_waves" and len(one.waves) == 5


def test_a_wave_of_yesterday_needs_no_nowcast():
    world, spans, mix, _ = daily(1, 0.12)
    end = spans[-1][1] + 3
    short = Daily(world.start, world.voices[:end], world.said[:end], world.gram[:end], world.moment[:end], world.aspects)
    assert foretell("nps", short, spans, mix[:end]).reason in ("too_soon", "no_better")


def test_waves_are_found_by_their_gaps_and_months_where_there_are_none():
    assert wave_spans(np.array([1.0, 1, 1] + [0] * 30 + [1, 1, 1]), date(2026, 1, 1)) == [(0, 2), (33, 35)]
    months = wave_spans(np.ones(90), date(2026, 1, 1))
    assert months == [(0, 30), (31, 58), (59, 89)]


def test_the_test_needs_more_than_luck():
    assert better(np.array([1.0, -1.0, 1.0, -1.0, 0.5])) > 0.1
    assert better(np.full(8, 2.0)) == pytest.approx(1 / 256)


def test_through_the_store_waves_are_seen_and_a_steady_world_stays_silent():
    draft = draw(Plan(seed=2, voices=12_000, days=600))
    planted = plant_waves(draft, 45, 7, first=40)
    store = stored(draft)
    told = nowcast(store, "nps")
    assert [wave.first_day for wave in told.waves] == [draft.date_of(first).isoformat() for first, _ in planted]
    assert told.reason == "no_better" and told.value.value is None and told.error is not None
    assert nowcast(store, "nps", today=draft.date_of(200)).reason == "too_few_waves"
