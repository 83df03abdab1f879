"""Each planted trick is caught at the right unit, with its reason; honest units are not accused."""

import pytest

from huiyin.facts import DuckDBFacts, Filter
from huiyin.insight.integrity import Settings, audit, near_duplicates, normal_form
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.gaming import TRICKS, Overlay, honest_answers, tables

SIZES = {
    "deadline_score": 2.5,
    "deadline_invites": 0.8,
    "cherry_picking": 0.9,
    "gift": 0.1,
    "template": 0.2,
    "near_template": 0.3,
    "copy": 0.15,
    "fast": 0.15,
    "straight": 0.3,
    "device": 0.2,
    "minutes": 0.3,
    "repeat": 0.3,
    "clash": 0.8,
}


def company(seed=1, voices=9_000):
    draft = draw(Plan(seed=seed, voices=voices, customers=8_000))
    honest_answers(draft)
    return draft


def stored(draft, overlay=None):
    facts = DuckDBFacts()
    facts.append(*tables(draft, overlay or Overlay()))
    return facts


@pytest.fixture(scope="module")
def gamed():
    draft, overlay = company(), Overlay()
    truths = {trick: plant(draft, f"门店{2 * at + 1:02d}", SIZES[trick], overlay) for at, (trick, plant) in enumerate(TRICKS.items())}
    facts = stored(draft, overlay)
    return facts, truths, audit(facts)


@pytest.mark.parametrize("trick", list(TRICKS))
def test_a_trick_is_caught_at_its_unit(gamed, trick):
    _, truths, found = gamed
    alike = {"template": {"template", "near_template"}, "near_template": {"template", "near_template"}}.get(trick, {trick})
    assert any(one.unit == truths[trick].store and one.trick in alike for one in found.signals)


def test_only_units_that_played_are_named(gamed):
    _, truths, found = gamed
    assert {one.unit for one in found.signals} <= {truth.store for truth in truths.values()}


def test_what_names_a_unit_is_large_sure_and_beyond_its_peers(gamed):
    _, _, found = gamed
    for one in found.signals:
        assert one.named and one.q_value <= 0.01 and one.n >= 30
        assert one.value.value > one.peers
        assert one.value.low <= one.value.value <= one.value.high


def test_suspects_are_the_planted_responses_with_their_reason(gamed):
    _, truths, found = gamed
    reasons = {one.feedback_id: one.reasons for one in found.suspects}
    for trick in ("gift", "template", "fast", "device", "repeat"):
        planted = [f"v{row:07d}" for row in truths[trick].rows]
        caught = [one for one in planted if trick in reasons.get(one, ())]
        assert len(caught) >= 0.8 * len(planted), trick


def test_scores_fall_with_the_evidence(gamed):
    _, truths, found = gamed
    score = {one.unit: one for one in found.units}
    assert score[truths["device"].store].score < 0.9 and "device" in score[truths["device"].store].reasons
    assert score[truths["cherry_picking"].store].score <= 0.8
    assert score["门店30"].score > 0.95 and score["门店30"].reasons == ()
    assert [one.score for one in found.units] == sorted(one.score for one in found.units)


def test_an_honest_company_has_no_names():
    named = [one for seed in (21, 22) for one in audit(stored(company(seed, 6_000))).signals]
    assert named == []


def test_a_habit_of_all_is_no_trick_of_one():
    """Every store scores higher before the deadline: a company-wide bonus week accuses nobody."""
    draft, overlay = company(5), Overlay()
    for store in draft.plan.stores:
        TRICKS["deadline_score"](draft, store, 1.5, overlay)
    assert "deadline_score" not in {one.trick for one in audit(stored(draft, overlay)).signals}


def test_a_small_unit_is_never_named():
    draft, overlay = company(6), Overlay()
    keep = [*range(30)]
    for row in range(len(draft)):
        if draft.store[row] == 0 and row not in keep:
            draft.store[row] = 1
    TRICKS["fast"](draft, "门店01", 1.0, overlay)
    assert int((draft.store == 0).sum()) < 30
    assert "门店01" not in {one.unit for one in audit(stored(draft, overlay)).signals}


def test_units_may_be_staff():
    draft, overlay = company(7), Overlay()
    TRICKS["device"](draft, "门店05", 0.3, overlay)
    draft.attributes["staff"] = [None if store == 9 else f"工号{store:02d}" for store in draft.store.tolist()]
    found = audit(stored(draft, overlay), unit="attributes.staff")
    assert {one.unit for one in found.signals} == {"工号04"}
    assert found.unassigned == int((draft.store == 9).sum())


def test_a_check_without_its_data_is_said_to_be_missing():
    draft = draw(Plan(seed=1, voices=2_000))
    facts = DuckDBFacts()
    facts.append(*draft.tables())
    assert {trick for trick, _ in audit(facts).missing} == {"fast", "straight", "device", "contact"}


def test_a_filter_narrows_what_is_judged(gamed):
    facts, truths, _ = gamed
    others = Filter(store=tuple(f"门店{number:02d}" for number in range(2, 31, 2)))
    assert audit(facts, others).signals == ()


def test_no_facts_is_no_error():
    found = audit(DuckDBFacts())
    assert found.units == () and found.suspects == () and found.tested == 0


def test_an_unknown_unit_is_said():
    with pytest.raises(ValueError, match="colour"):
        audit(DuckDBFacts(), unit="colour")


def test_a_lower_bar_can_be_set(gamed):
    facts, _, found = gamed
    assert len(audit(facts, settings=Settings(level=0.2, minimum_excess=0.001)).signals) >= len(found.signals)


def test_one_wording_with_other_punctuation_has_one_form():
    assert normal_form("服务很好，下次再来！！ 9") == normal_form("服务很好。下次再来") == "服务很好下次再来"
    assert not near_duplicates(["服务很好下次再来", "服务很好下次再来"]).any()
