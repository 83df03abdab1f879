"""After a proven fix the watch is quiet while it holds and sounds when it fades."""

from datetime import date

import numpy as np
import pytest
from tests.insight.engines import stored

from huiyin.insight.effects import Intervention, judge, watch
from huiyin.insight.effects.relapse import cumulative, threshold
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.effects import plant_fading_fix

DAY, FADES = 273, 430


def watched(seed: int, left: float):
    draft = draw(Plan(seed=seed, voices=24_000, customers=12_000, days=560))
    plant_fading_fix(draft, "delivery/late", DAY, 0.35, FADES, left)
    facts = stored(draft)
    act = Intervention(draft.date_of(DAY), ("delivery/late",))
    judged = judge(facts, act, until=draft.date_of(DAY + 83))
    return draft, facts, act, judged


def test_a_fading_fix_sounds_the_alarm_after_it_fades():
    draft, facts, act, judged = watched(7, 0.0)
    seen = watch(facts, act, judged)
    assert judged.verdict == "worked" and seen.status == "relapsed"
    assert 0 <= (date.fromisoformat(seen.alarm) - draft.date_of(FADES)).days <= 56
    assert seen.since <= seen.alarm and seen.ratio.low > 1
    before = watch(facts, act, judged, until=draft.date_of(FADES - 1))
    assert before.status == "steady" and before.alarm is None


def test_a_fix_that_holds_is_quiet():
    quiet = 0
    for seed in range(2, 6):
        _, facts, act, judged = watched(seed, 1.0)
        quiet += watch(facts, act, judged).status == "steady"
    assert quiet >= 3


def test_only_a_proven_fix_is_watched_and_only_with_time():
    draft, facts, act, judged = watched(7, 0.0)
    assert watch(facts, act, judged, until=draft.date_of(DAY + 88)).status == "too_early"
    never = judge(facts, Intervention(draft.date_of(DAY), ("app/crash",)), until=draft.date_of(DAY + 83))
    assert watch(facts, act, never).status == "not_proven"


def test_the_threshold_grows_with_unrest_and_ignorance():
    calm, restless = threshold(120, 12, 150.0, 1.6, 1.0), threshold(120, 12, 150.0, 1.6, 2.0)
    known = threshold(1200, 120, 150.0, 1.6, 1.0)
    assert known < calm
    assert restless * 2.0 > calm


def test_the_sum_never_falls_below_zero():
    sums = cumulative(np.array([0.0, 0.0, 30.0]), np.full(3, 10.0), 1.5, 1.0)
    assert sums[:2].tolist() == [0.0, 0.0] and sums[2] == pytest.approx(30 * np.log(1.5) - 5)
