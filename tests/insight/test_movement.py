"""A moved score is taken apart into what it was: more complaints, heavier complaints, or something else; the parts sum to the change."""

import pytest
from tests.insight.engines import stored

from huiyin.facts import DuckDBFacts, Filter
from huiyin.insight import movement
from huiyin.simulate.planted import Draft, Plan, draw
from huiyin.simulate.planted.scores import plant_base, plant_harm, plant_mix, with_scale_break

SPLIT = 180


def explained(draft: Draft, kind="nps", **more) -> movement.Movement:
    store = stored(draft)
    return movement.explain(store, kind, Filter(until=draft.date_of(SPLIT - 1)), Filter(since=draft.date_of(SPLIT)), **more)


def world(seed: int = 1) -> Draft:
    return draw(Plan(seed=seed, voices=10_000, customers=6_000))


def parts(told: movement.Movement) -> float:
    return sum(one.mix.value + one.effect.value for one in told.aspects) + told.remainder.value


@pytest.mark.parametrize("kind", ["nps", "mean"])
def test_parts_sum_exactly_to_the_change(kind):
    draft = world()
    plant_mix(draft, "delivery/late", SPLIT, 2.0)
    plant_harm(draft, "app/crash", SPLIT, 2.0)
    told = explained(draft, kind)
    assert parts(told) == pytest.approx(told.change.difference.value, abs=1e-9)
    few = explained(draft, kind, most=2)
    assert parts(few) == pytest.approx(few.change.difference.value, abs=1e-9)
    assert few.aspects[-1].aspect == "" and len(few.aspects) == 3


def test_more_complaints_are_mix():
    draft = world()
    plant_mix(draft, "delivery/late", SPLIT, 2.5)
    first = explained(draft).aspects[0]
    assert first.aspect == "delivery/late"
    assert first.share_after > 2 * first.share_before
    assert first.mix.high < 0 and first.effect.low < 0 < first.effect.high


def test_heavier_complaints_are_effect():
    draft = world(2)
    plant_harm(draft, "app/crash", SPLIT, 4.0)
    first = explained(draft, "mean").aspects[0]
    assert first.aspect == "app/crash"
    assert first.effect.high < 0 and first.loss_after > first.loss_before + 2
    assert first.mix.low < 0 < first.mix.high


def test_what_no_complaint_explains_is_shown_as_remainder():
    draft = world(3)
    plant_base(draft, SPLIT, -0.8)
    told = explained(draft, "mean")
    assert told.remainder.high < -0.4
    assert told.mix.low < 0 < told.mix.high


def test_a_broken_series_is_not_explained():
    draft = world(4)
    feedback, mentions = draft.tables()
    store = DuckDBFacts()
    store.append(with_scale_break(draft, feedback, SPLIT, 5.0), mentions)
    told = movement.explain(store, "mean", Filter(until=draft.date_of(SPLIT - 1)), Filter(since=draft.date_of(SPLIT)))
    assert told.reason == "refused" and told.aspects == () and told.change.reason == "different_scales"
