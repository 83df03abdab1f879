"""Metrics show what the answers can carry: right intervals, weights, differences; a changed scale is told, never averaged."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from huiyin.facts import DuckDBFacts, Filter
from huiyin.insight import metrics
from huiyin.insight.scoring import Answers, contrast, estimate, linear, values_of
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.scores import plant_base, plant_harm, plant_silent_scale_break, with_scale_break

SPLIT = 180


def facts(feedback: pa.Table, mentions: pa.Table) -> DuckDBFacts:
    store = DuckDBFacts()
    store.append(feedback, mentions)
    return store


@pytest.fixture(scope="module")
def draft():
    return draw(Plan(seed=3, voices=4000, customers=2000))


@pytest.fixture(scope="module")
def store(draft):
    return facts(*draft.tables())


def test_nps_is_promoters_minus_detractors_with_its_count(draft, store):
    told = metrics.measure(store, "nps")
    assert told.value.value == pytest.approx(100 * ((draft.score >= 9).mean() - (draft.score <= 6).mean()))
    assert told.value.n == 4000 == sum(count for _, count in told.distribution)
    assert told.value.low < told.value.value < told.value.high
    assert told.reason is None and told.breaks == ()


@pytest.mark.parametrize("kind", ["nps", "csat", "mean"])
@pytest.mark.parametrize("n", [10, 40])
def test_small_samples_are_covered(kind, n):
    rng = np.random.default_rng(5)
    share = np.array([4, 2, 2, 2, 2, 4, 5, 9, 18, 25, 27.0]) / 100
    truth = float(values_of(kind, np.arange(11.0), 10.0) @ share)
    held = 0
    for _ in range(400):
        score = rng.choice(11, n, p=share).astype(float)
        one = estimate(kind, Answers(rng.integers(0, 512, n), np.zeros(n, np.int64), score, np.ones(n, np.int64)), 10.0)
        held += one.low <= truth <= one.high
    assert 0.91 <= held / 400 <= 0.995


def test_all_answers_alike_still_leave_doubt():
    five = Answers(np.arange(10), np.zeros(10, np.int64), np.full(10, 5.0), np.ones(10, np.int64))
    csat, nps = estimate("csat", five, 5.0), estimate("nps", Answers(five.bucket, five.stratum, np.full(10, 10.0), five.count), 10.0)
    assert csat.value == 100 and csat.low < 80
    assert nps.value == 100 and nps.low < 85 and nps.high == 100


def test_answers_of_one_customer_are_not_so_many_customers():
    rng = np.random.default_rng(2)
    own = rng.choice([2.0, 10.0], 60)
    many = Answers(np.repeat(np.arange(60), 10), np.zeros(600, np.int64), np.repeat(own, 10), np.ones(600, np.int64))
    once = Answers(np.arange(60), np.zeros(60, np.int64), own, np.ones(60, np.int64))
    wide, same = estimate("nps", many, 10.0), estimate("nps", once, 10.0)
    assert wide.high - wide.low == pytest.approx(same.high - same.low, rel=0.05)


def test_too_few_answers_show_nothing(store):
    few = metrics.measure(store, "nps", Filter(since=date(2025, 7, 1), until=date(2025, 7, 6), store=("门店01", "门店02")))
    assert few.reason == "too_few" and few.value.value is None and few.value.n < 8
    assert metrics.measure(store, "ces").reason == "no_answers"


def test_weights_bring_back_the_population(draft):
    plan = draft.plan
    draft = draw(plan)
    vip = draft.segment == plan.segments.index("vip")
    draft.score[vip] = np.clip(draft.score[vip] - 3, 0, 10)
    store = facts(*draft.tables())
    targets = {"new": 0.2, "regular": 0.2, "vip": 0.6}
    told = metrics.measure(store, "mean", weight_by="segment", targets=targets)
    expected = sum(share * draft.score[draft.segment == plan.segments.index(name)].mean() for name, share in targets.items())
    assert told.value.value == pytest.approx(expected)
    assert told.value.value < metrics.measure(store, "mean").value.value
    assert {one.stratum: one.target for one in told.weights} == pytest.approx(targets)
    assert told.effective_n < 4000


def test_a_stratum_nobody_answered_for_is_not_invented(store):
    told = metrics.measure(store, "nps", weight_by="segment", targets={"new": 0.5, "vip": 0.3, "partner": 0.2})
    assert told.reason == "empty_stratum" and told.value.value is None
    with pytest.raises(ValueError, match="weight_by"):
        metrics.measure(store, "nps", weight_by="text", targets={"x": 1.0})


def test_a_planted_change_is_told_and_none_where_none_is():
    still, moved = draw(Plan(seed=8, voices=4000)), draw(Plan(seed=8, voices=4000))
    plant_base(moved, SPLIT, -0.6)
    sides = Filter(until=still.date_of(SPLIT - 1)), Filter(since=still.date_of(SPLIT))
    same, down = (metrics.difference(facts(*one.tables()), "nps", *sides) for one in (still, moved))
    assert same.verdict == "flat" and same.difference.low < 0 < same.difference.high
    assert down.verdict == "down" and down.difference.high < 0 and down.p_value < 0.01


def test_difference_of_the_same_customers_knows_that_they_are_the_same():
    rng = np.random.default_rng(4)
    own = rng.normal(7, 2, 300)
    sides = [
        linear(Answers(np.arange(300), np.zeros(300, np.int64), own + rng.normal(shift, 0.5, 300), np.ones(300, np.int64)), own)
        for shift in (0.0, 0.0)
    ]
    same, _ = contrast("mean", *sides)
    other = linear(Answers(np.arange(300)[::-1].copy(), np.zeros(300, np.int64), own, np.ones(300, np.int64)), own)
    different, _ = contrast("mean", sides[0], other)
    assert same.high - same.low < 0.2 * (different.high - different.low)


def test_a_stated_change_of_scale_is_told_and_not_averaged(draft):
    feedback, mentions = draft.tables()
    store = facts(with_scale_break(draft, feedback, SPLIT, 5.0), mentions)
    told = metrics.measure(store, "mean")
    assert told.reason == "broken_series" and told.value.value is None
    (one,) = told.breaks
    assert (one.kind, one.before, one.after, one.day) == ("scale", "10", "5", draft.date_of(SPLIT).isoformat())
    by_scale = {part.scale_max: value for part, value in told.parts}
    assert by_scale[10.0].value > 6 and by_scale[5.0].value < 5
    assert metrics.difference(store, "mean", Filter(until=draft.date_of(100)), Filter(since=draft.date_of(250))).reason == "different_scales"
    assert metrics.measure(store, "nps", Filter(since=draft.date_of(250))).reason == "wrong_scale"
    marked = [week for week in metrics.weekly(store, "mean") if week.breaks]
    assert len(marked) == 1 and marked[0].start <= one.day < (date.fromisoformat(marked[0].start) + timedelta(days=7)).isoformat()


def test_a_silent_change_of_scale_is_found_by_its_answers():
    draft = draw(Plan(seed=4, voices=4000))
    day = plant_silent_scale_break(draft, SPLIT)
    told = metrics.measure(facts(*draft.tables()), "mean")
    assert told.reason == "broken_series"
    (one,) = told.breaks
    assert one.kind == "levels" and one.after == "0 2 4 6 8 10"
    assert abs((date.fromisoformat(one.day) - draft.date_of(day)).days) <= 2


def test_a_crisis_is_no_change_of_scale():
    draft = draw(Plan(seed=5, voices=4000))
    plant_harm(draft, "delivery/late", SPLIT, 6.0)
    assert metrics.measure(facts(*draft.tables()), "mean").reason is None


def test_another_question_breaks_the_series():
    draft = draw(Plan(seed=6, voices=2000))
    draft.attributes["question"] = ["推荐给朋友？" if day < SPLIT else "推荐给同事？" for day in draft.day]
    told = metrics.measure(facts(*draft.tables()), "nps")
    assert told.reason == "broken_series" and told.breaks[0].kind == "question"
    assert [value.value is not None for _, value in told.parts] == [True, True]


def test_response_rate_only_where_the_silent_are_known(draft, store):
    assert metrics.responses(store, "nps").rate.value is None
    assert metrics.responses(store, "nps", invitations=5000).rate.value == pytest.approx(100 * draft.invited.sum() / 5000)
    silent = draw(Plan(seed=3, voices=4000, customers=2000))
    silent.score[silent.invited & (np.arange(4000) % 2 == 0)] = np.nan
    told = metrics.responses(facts(*silent.tables()), "nps")
    assert told.asked == int(silent.invited.sum())
    assert told.rate.low < 50 < told.rate.high


def test_same_facts_same_answer(draft):
    feedback, mentions = draft.tables()
    turned = feedback.take(pa.array(np.arange(len(feedback))[::-1]))
    assert metrics.measure(facts(feedback, mentions), "nps") == metrics.measure(facts(turned, mentions), "nps")
