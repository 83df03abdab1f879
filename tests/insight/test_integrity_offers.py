"""Scores that rise while a gift is offered, and answers from the staff's own telephones, are told where they happen and nowhere else."""

import numpy as np
import pytest
from tests.insight.engines import opened, same

from huiyin.facts import Filter
from huiyin.insight.integrity import audit, offers, quarantine
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.inducements import plant_contacts, plant_offers, plant_staff_answers

PLAN = Plan(seed=21, voices=9_000, customers=8_000, season=0.3)
OFFERING = ("门店03", "门店11", "门店20")


@pytest.fixture(scope="module")
def world():
    draft = draw(PLAN)
    draft.score = np.clip(draft.score - 2, 0, 10)
    # Fifteen stores offer the same gift on the same days; only three of them ask for full marks in return.
    plant_offers(draft, PLAN.stores[20:] + PLAN.stores[3:8], 0.0)
    truth = plant_offers(draft, OFFERING, 1.5)
    plant_contacts(draft)
    answers = plant_staff_answers(draft, "门店07", 0.15)
    with opened(draft) as duckdb, opened(draft, "clickhouse") as clickhouse:
        yield (duckdb, clickhouse), truth, answers


def test_units_whose_scores_rise_with_the_offer_are_named_with_the_lift(world):
    (store, _), truth, _ = world
    found = offers(store)
    told = {one.unit: one for one in found.units if one.named}
    assert set(told) == set(OFFERING)
    for one in told.values():
        assert one.lift.low <= 1.5 + 0.2 and one.lift.high >= 1.5 - 0.4 and one.q_value <= 0.01
    assert found.names == (("满分抽奖", found.together.during),)
    assert sum(one.during for one in found.units if one.unit in OFFERING) == len(truth.rows)


def test_an_offer_that_lifts_nothing_accuses_nobody(world):
    (store, _), _, _ = world
    quiet = [one for one in offers(store).units if one.unit in PLAN.stores[20:] and one.unit not in OFFERING]
    assert len(quiet) == 10 and not any(one.named for one in quiet)
    assert sum(one.lift.low <= 0 <= one.lift.high for one in quiet) >= 8


def test_units_without_offers_are_shown_without_a_number(world):
    (store, _), _, _ = world
    silent = next(one for one in offers(store).units if one.unit == "门店15")
    assert silent.during == 0 and silent.otherwise > 200 and silent.lift.value is None and not silent.named


def test_where_nobody_offers_there_is_nothing_to_lift(world):
    (store, _), _, _ = world
    nothing = offers(store, Filter(store=("门店15",)))
    assert nothing.names == () and nothing.together.lift.value is None
    nobody = offers(store, Filter(product=("Z9",)))
    assert nobody.units == () and nobody.together.during == 0


def test_answers_from_the_staffs_telephones_are_named_and_listed(world):
    (store, _), _, truth = world
    found = audit(store)
    assert [(one.unit, one.trick) for one in found.signals if one.trick == "contact"] == [("门店07", "contact")]
    listed = {int(one.removeprefix("v")) for one in quarantine(found)}
    assert set(truth.rows) <= listed


def test_without_contacts_the_check_is_said_to_be_missing():
    draft = draw(Plan(seed=1, voices=2_000))
    with opened(draft) as store:
        assert ("contact", "attributes.contact, attributes.staff_contact") in audit(store).missing


def test_both_engines_say_the_same(world):
    (duckdb, clickhouse), _, _ = world
    same(offers(duckdb), offers(clickhouse))
    same(offers(duckdb, unit="region"), offers(clickhouse, unit="region"))
    same(audit(duckdb), audit(clickhouse))
