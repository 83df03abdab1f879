"""A planted rise is told in time, with its size; rhythms, luck and rises too small to matter raise no alarm."""

from datetime import date, timedelta

import numpy as np
import pytest
from scipy import optimize
from tests.insight.engines import stored

from huiyin.facts import DuckDBFacts, Filter
from huiyin.insight.surveillance import Panel, Settings, early_warnings, episodes, judge, panel, rolling, watch
from huiyin.insight.surveillance.baseline import batch_regression, past_outbreaks, prediction_interval
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.outbreaks import plant_outbreak, plant_overdispersion, plant_weekday, weekly_counts


def series(counts, exposure=None, grain="week"):
    counts = np.atleast_2d(np.asarray(counts, dtype=float))
    step = 7 if grain == "week" else 1
    starts = np.array([np.datetime64(date(2024, 1, 1) + timedelta(days=step * at), "D") for at in range(counts.shape[1])])
    heard = np.full(counts.shape, 100.0) if exposure is None else np.broadcast_to(exposure, counts.shape)
    return Panel(tuple((f"a{row}", None) for row in range(len(counts))), starts, grain, counts, heard, 0)


@pytest.fixture(scope="module")
def world():
    draft = draw(Plan(seed=11, voices=24_000, customers=20_000))
    truth = plant_outbreak(draft, "app/login", "B2", 336, 6.0)
    facts = stored(draft)
    return facts, draft, truth


def test_a_planted_outbreak_is_the_one_alarm_and_its_size_lies_in_the_interval(world):
    facts, draft, truth = world
    found = watch(facts)
    assert [(one.aspect, one.part) for one in found.alarms] == [("app/login", "B2")]
    alarm = found.alarms[0]
    assert alarm.ratio.low <= truth.ratio <= alarm.ratio.high
    assert alarm.count > alarm.expected.high
    assert found.series == 32


def test_the_count_of_an_alarm_is_the_customers_behind_it(world):
    facts, _, _ = world
    alarm = watch(facts).alarms[0]
    one = Filter(
        since=date.fromisoformat(alarm.since), until=date.fromisoformat(alarm.until), product=(alarm.part,), aspect=(alarm.aspect,), polarity=(-1,)
    )
    weeks = facts.query("SELECT week, count(DISTINCT unit) AS n FROM opinion GROUP BY week", (), one)
    assert sum(weeks["n"].to_pylist()) == alarm.count


def test_the_week_that_is_not_over_is_left_out_and_said(world):
    facts, draft, _ = world
    last = draft.date_of(364)
    found = watch(facts)
    assert date.fromisoformat(found.last_day) < last
    assert date.fromisoformat(found.last_day).weekday() == 6
    assert found.left_out > 0
    assert watch(facts, as_of=last + timedelta(days=7)).last_day >= last.isoformat()


def test_a_rise_below_the_minimum_is_listed_but_raises_no_alarm(world):
    facts, _, _ = world
    found = watch(facts, settings=Settings(minimum_count=500))
    assert not found.alarms
    # Series that can never reach the minimum are not even judged.
    assert found.series == 0
    found = watch(facts, settings=Settings(minimum_rise=500.0))
    assert [one.reason for one in found.unusual_but_small] == ["rise too small"]


def test_a_storm_is_held_back_and_listed():
    draft = draw(Plan(seed=12, voices=16_000, customers=15_000))
    for aspect in draft.plan.aspects:
        plant_outbreak(draft, aspect, None, 336, 5.0)
    facts = stored(draft)
    found = watch(facts, settings=Settings(most_alarms=3))
    assert len(found.alarms) == 3 and len(found.held_back) > 5
    assert min(one.rise for one in found.alarms) >= max(one.rise for one in found.held_back)


def test_daily_surveillance_knows_the_weekday():
    draft = draw(Plan(seed=4, voices=20_000, customers=15_000))
    plant_weekday(draft, "delivery/late", (3.0, 0.4, 0.4, 0.4, 0.4, 0.4, 2.0))
    facts = stored(draft)
    counts = panel(facts, dimension=None, grain="day")
    assert len(counts.starts) == 364
    for back in range(7):
        judged = judge(counts, at=len(counts.starts) - 1 - back)
        assert not judged.alarm[counts.keys.index(("delivery/late", None))]


def test_season_luck_and_growth_raise_few_false_alarms():
    alarms = periods = 0
    for seed in range(3):
        draft = draw(Plan(seed=seed, first_day=date(2024, 7, 1), days=728, voices=30_000, customers=30_000, season=0.3))
        plant_overdispersion(draft, 0.03)
        keys, counts, voices = weekly_counts(draft)
        found = rolling(series(counts, voices), first=70)[:, 70:]
        alarms, periods = alarms + int(found.sum()), periods + found.size
    assert 1000 * alarms / periods < 4


def test_more_feedback_alone_is_no_alarm():
    rng = np.random.default_rng(1)
    heard = np.where(np.arange(60) < 52, 100.0, 400.0)
    assert not judge(series(rng.poisson(0.1 * heard, (20, 60)), heard)).alarm.any()


def test_a_past_outbreak_does_not_hide_the_next():
    rng = np.random.default_rng(2)
    counts = rng.poisson(5, (1, 60)).astype(float)
    counts[0, 20:26] = 60
    counts[0, 59] = 22
    one = series(counts)
    assert judge(one).alarm[0]
    plain = batch_regression(counts[:, :56], one.exposure[:, :56], np.ones((56, 1)), np.array([0.01]))
    weights = past_outbreaks(counts[:, :56], plain, np.ones((56, 1)))
    assert weights[0, 20:26].max() < 0.5 and np.delete(weights[0], range(20, 26)).mean() > 0.95


def test_all_series_at_once_give_what_each_gives_alone():
    rng = np.random.default_rng(3)
    counts = rng.poisson(rng.gamma(2, 3, (40, 1)), (40, 70)).astype(float)
    together = judge(series(counts)).p_value
    alone = np.array([judge(series(row)).p_value[0] for row in counts])
    np.testing.assert_allclose(together, alone, rtol=1e-6)


def test_the_batch_regression_is_the_maximum_of_the_poisson_likelihood():
    rng = np.random.default_rng(4)
    design = np.column_stack([np.ones(80), np.linspace(-0.5, 0.5, 80), np.sin(np.arange(80) / 5)])
    exposure = rng.uniform(50, 150, (3, 80))
    counts = rng.poisson(0.05 * exposure * np.exp(design @ [0, 0.8, 0.3])).astype(float)
    found = batch_regression(counts, exposure, design, np.full(3, 1e-9))
    for row in range(3):

        def loss(beta, row=row):
            eta = design @ beta + np.log(exposure[row])
            return np.exp(eta).sum() - counts[row] @ eta

        known = optimize.minimize(loss, [-3.0, 0.0, 0.0], method="BFGS", options={"gtol": 1e-6})
        np.testing.assert_allclose(found.coefficients[row], known.x, atol=1e-4)
        information = design.T @ (np.exp(design @ known.x + np.log(exposure[row]))[:, None] * design)
        np.testing.assert_allclose(found.covariance[row], np.linalg.inv(information), rtol=1e-3)


def test_too_short_a_past_is_not_judged():
    assert np.isnan(judge(series(np.full((2, 9), 30.0))).p_value).all()
    assert not judge(series(np.full((2, 9), 30.0))).alarm.any()


def test_no_facts_is_no_error():
    found = watch(DuckDBFacts())
    assert found.alarms == () and found.last_day is None and found.series == 0


def test_the_prediction_interval_holds_what_it_says():
    rng = np.random.default_rng(5)
    mean, variance = np.full(20_000, 12.0), np.full(20_000, 18.0)
    drawn = rng.negative_binomial(12 / 0.5, 1 / 1.5, 20_000)
    low, high = prediction_interval(mean, variance)
    assert 0.92 <= ((drawn >= low) & (drawn <= high)).mean() <= 0.97


def test_a_growing_trouble_is_warned_of_before_its_peak():
    draft = draw(Plan(seed=7, voices=30_000, customers=25_000))
    plant_outbreak(draft, "product/noise", None, 200, 8.0, last_day=290, ramp_days=80)
    facts = stored(draft)
    found = early_warnings(facts, dimension=None)
    first = [one for one in found.episodes if one.aspect == "product/noise"][-1]
    assert draft.date_of(200).isoformat() <= first.warned <= draft.date_of(250).isoformat()
    assert first.over and first.lead_days >= 14 and first.peak_count > first.count_at_warning
    assert found.before_peak >= 1


def test_alarms_with_short_gaps_are_one_episode():
    one = series(np.arange(40.0))
    alarm = np.zeros((1, 40), dtype=bool)
    alarm[0, [10, 11, 14, 30]] = True
    found = episodes(one, alarm)
    assert [each.alarms for each in found] == [1, 3]
    assert found[1].peak == str(one.starts[14]) and found[1].over


def test_an_unknown_dimension_is_said():
    with pytest.raises(ValueError, match="dimension 'colour'"):
        watch(DuckDBFacts(), dimension="colour")
