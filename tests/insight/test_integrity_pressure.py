"""Too much force backfires: the index is highest where a heavy weight, swinging scores and tricks come together."""

import pytest

from huiyin.facts import DuckDBFacts
from huiyin.insight.integrity import audit, pressure
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.gaming import TRICKS, Overlay, honest_answers, tables


@pytest.fixture(scope="module")
def world():
    draft, overlay = draw(Plan(seed=3, voices=6_000, customers=6_000, stores=tuple(f"门店{number:02d}" for number in range(1, 13)))), Overlay()
    honest_answers(draft)
    TRICKS["device"](draft, "门店04", 0.4, overlay)
    facts = DuckDBFacts()
    facts.append(*tables(draft, overlay))
    return facts, audit(facts)


def test_the_gaming_unit_is_under_most_pressure_and_its_cap_is_lowest(world):
    facts, found = world
    all_units = pressure(facts, found, 0.3)
    assert all_units[0].unit == "门店04"
    assert all_units[0].cap == min(one.cap for one in all_units) < 0.2
    calm = next(one for one in all_units if one.unit == "门店07")
    assert 1 <= calm.volatility < 1.5 and calm.cap > 0.2
    assert calm.index == pytest.approx(0.3 * calm.volatility * calm.signals)


def test_no_weight_no_pressure(world):
    facts, found = world
    one = next(one for one in pressure(facts, found, {"门店07": 0.2}) if one.unit == "门店04")
    assert one.index == 0 and one.cap == 0
