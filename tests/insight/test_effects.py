"""Verdicts on fixes and launches through the store: what was planted is told, with its reasons open; what cannot be told is refused."""

from datetime import timedelta

import pytest
from tests.insight.engines import stored

from huiyin.facts import DuckDBFacts, Filter
from huiyin.insight.effects import Intervention, Settings, judge
from huiyin.simulate.planted import Draft, Plan, draw
from huiyin.simulate.planted.effects import plant_displacing_fix, plant_fix, plant_unrest

DAY = 273
TARGET = "delivery/late"


def world(seed: int, season: float = 0.3, **more) -> Draft:
    draft = draw(Plan(seed=seed, voices=16_000, customers=9_000, season=season, **more))
    plant_unrest(draft, 0.1, 0.3)
    return draft


def fix(draft: Draft, *aspects: str, day: int = DAY, **more) -> Intervention:
    return Intervention(draft.date_of(day), aspects or (TARGET,), **more)


@pytest.fixture(scope="module")
def mended() -> tuple[Draft, DuckDBFacts]:
    draft = world(11)
    plant_fix(draft, TARGET, DAY, 0.4)
    return draft, stored(draft)


def test_a_fix_that_worked_is_told_with_its_size(mended):
    draft, facts = mended
    told = judge(facts, fix(draft))
    assert told.verdict == "worked" and told.method == "compared"
    assert told.effect.low < 0.4 < told.effect.high < 1
    assert told.avoided.low > 0
    assert told.displaced == ()
    assert told.after.value < told.before.value
    after = [block for block in told.blocks if block.phase == "after"]
    assert len(after) == 12 and after[0].start == draft.date_of(DAY).isoformat()
    assert sum(block.expected for block in after) > sum(block.count for block in after)


def test_every_count_of_the_chart_is_a_count_of_voices(mended):
    draft, facts = mended
    told = judge(facts, fix(draft, "delivery"))
    block = told.blocks[-1]
    week = Filter(since=draft.date_of(DAY + 77), until=draft.date_of(DAY + 83))
    sql = "SELECT count(DISTINCT feedback_id) AS n FROM opinion WHERE polarity = -1 AND starts_with(aspect, 'delivery/')"
    assert block.start == week.since.isoformat()
    assert block.count == facts.query(sql, (), week)["n"][0].as_py()


def test_comparisons_are_listed_with_fit_and_reason(mended):
    draft, facts = mended
    other = fix(draft, "app/crash", day=DAY + 30, name="new release")
    told = judge(facts, fix(draft), [other])
    reasons = {one.name: one.reason for one in told.comparisons}
    assert reasons["app/crash"] == "touched"
    assert "chosen" in reasons.values() and TARGET not in reasons
    assert all(one.p_value is not None and one.trend.low < one.trend.high for one in told.comparisons)


@pytest.mark.parametrize("seed", range(6))
def test_seasons_without_a_fix_are_not_called_one(seed):
    draft = world(20 + seed, season=0.4)
    told = judge(stored(draft), fix(draft))
    assert told.verdict in ("not_shown", "cannot_tell")
    assert told.effect.low < 1 < told.effect.high or told.placebo_share > 0.1


def test_what_became_worse_is_said():
    draft = world(2)
    plant_fix(draft, TARGET, DAY, 1.8)
    told = judge(stored(draft), fix(draft))
    assert told.verdict == "worse" and told.effect.low > 1


def test_complaints_that_went_elsewhere_are_found_there():
    draft = world(3)
    plant_displacing_fix(draft, TARGET, "service/wait", DAY, 0.3)
    told = judge(stored(draft), fix(draft))
    assert told.verdict == "moved"
    assert [one.name for one in told.displaced] == ["service/wait"] and told.displaced[0].q_value < 0.05
    assert 0.5 < told.moved_share.value < 1.8
    assert next(one for one in told.comparisons if one.name == "service/wait").reason == "displaced"


def test_a_fix_for_one_product_is_compared_with_the_others():
    draft = world(4)
    plant_fix(draft, TARGET, DAY, 0.3, product="A1")
    told = judge(stored(draft), fix(draft, scope=Filter(product=("A1",))))
    chosen = {one.name: one.kind for one in told.comparisons if one.reason == "chosen"}
    assert told.verdict == "worked"
    assert set(chosen) <= {"B2", "C3", "D4"} and set(chosen.values()) == {"product"}
    assert told.effect.low < 0.3 < told.effect.high


def test_complaints_that_went_to_another_channel_are_found_there():
    draft = draw(Plan(seed=5, voices=30_000, rates=(0.12, 0.03, 0.04, 0.03, 0.05, 0.02, 0.03, 0.04)))
    at, late = draft.aspect(TARGET), draft.day >= DAY
    draft.chance[late & (draft.channel == 0), at] *= 0.25
    draft.chance[late & (draft.channel == 1), at] *= 2.2
    draft.redraw(at)
    told = judge(stored(draft), fix(draft, scope=Filter(channel=("app",))))
    assert told.verdict == "moved"
    assert ("channel", "hotline") in {(one.kind, one.name) for one in told.displaced}


def test_praise_after_a_launch_rises():
    draft = draw(Plan(seed=6, voices=16_000))
    draft.praises[:, 2] = draft.rng.random(len(draft)) < 0.05 * (1 + (draft.day >= DAY))
    told = judge(stored(draft), fix(draft, "app/crash", polarity=1))
    assert told.verdict == "worked" and told.effect.low > 1
    assert told.effect.low < 2 < told.effect.high


def test_two_launches_at_once_cannot_be_told_apart(mended):
    draft, facts = mended
    near = fix(draft, "delivery", day=DAY + 5, name="new carrier")
    told = judge(facts, fix(draft), [near])
    assert (told.verdict, told.reason, told.shortened_by) == ("cannot_tell", "simultaneous_launch", ("new carrier",))
    elsewhere = fix(draft, day=DAY + 5, scope=Filter(region=("华东",)))
    assert judge(facts, fix(draft, scope=Filter(region=("华南",))), [elsewhere]).reason != "simultaneous_launch"


def test_another_fix_cuts_the_period_short(mended):
    draft, facts = mended
    told = judge(facts, fix(draft), [fix(draft, day=DAY + 40, name="second try")])
    assert told.shortened_by == ("second try",)
    assert sum(block.phase == "after" for block in told.blocks) == 5


def test_thin_data_is_refused_with_the_reason(mended):
    draft, facts = mended
    assert judge(facts, fix(draft, day=20)).reason == "before_too_short"
    assert judge(facts, fix(draft, day=355)).reason == "after_too_short"
    assert judge(facts, fix(draft), until=draft.date_of(DAY + 6)).reason == "after_too_short"
    assert judge(facts, fix(draft, "nobody/speaks")).reason == "too_few_voices"
    assert judge(facts, fix(draft), where=Filter(product=("Z9",))).reason == "no_voices"
    with pytest.raises(ValueError, match="aspect"):
        judge(facts, Intervention(draft.date_of(DAY), ()))


def test_alone_and_with_a_season_it_cannot_be_told():
    draft = draw(Plan(seed=7, voices=20_000, season=0.5, aspects=(TARGET,), rates=(0.08,), harms=(1.0,)))
    told = judge(stored(draft), fix(draft))
    assert (told.verdict, told.reason) == ("cannot_tell", "season_without_comparison")
    assert told.blocks


def test_alone_but_calm_the_series_itself_tells():
    draft = draw(Plan(seed=8, voices=20_000, aspects=(TARGET,), rates=(0.08,), harms=(1.0,)))
    plant_fix(draft, TARGET, DAY, 0.35)
    told = judge(stored(draft), fix(draft))
    assert told.verdict == "worked" and told.method == "interrupted" and told.comparisons == ()


def test_settling_weeks_count_for_neither_side(mended):
    draft, facts = mended
    told = judge(facts, fix(draft), settings=Settings(settling_days=10))
    assert [block.phase for block in told.blocks].count("settling") == 2
    assert told.verdict == "worked"


def test_placebo_days_lie_before_the_fix_and_are_weaker(mended):
    draft, facts = mended
    told = judge(facts, fix(draft))
    assert len(told.placebos) >= 10 and told.placebo_share <= 0.1
    assert all(one.day < (draft.date_of(DAY) - timedelta(days=14)).isoformat() for one in told.placebos)


def test_same_facts_same_verdict(mended):
    draft, facts = mended
    assert judge(facts, fix(draft)) == judge(stored(draft), fix(draft))
