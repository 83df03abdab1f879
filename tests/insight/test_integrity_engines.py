"""The same audit on every engine: SQL is written once."""

import pytest

from huiyin.facts import open_facts
from huiyin.insight.integrity import audit, metric_both_ways, pressure, quarantine
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.gaming import TRICKS, Overlay, honest_answers, tables


@pytest.fixture(scope="module")
def both():
    draft, overlay = draw(Plan(seed=1, voices=4_000, customers=3_500, stores=tuple(f"门店{number:02d}" for number in range(1, 21)))), Overlay()
    honest_answers(draft)
    for at, plant in enumerate(TRICKS.values()):
        plant(draft, f"门店{at + 1:02d}", 0.5, overlay)
    batch = tables(draft, overlay)
    stores = open_facts(), open_facts("chdb://memory/integrity_engines")
    for store in stores:
        store.append(*batch)
    yield stores
    for store in stores:
        store.close()


def test_duckdb_and_clickhouse_name_the_same_units_and_responses(both):
    found = [audit(store) for store in both]
    assert found[0].signals and found[0].suspects
    assert repr(found[0]) == repr(found[1])


def test_the_metric_without_suspects_is_the_same(both):
    found = audit(both[0])
    assert metric_both_ways(both[0], quarantine(found)) == metric_both_ways(both[1], quarantine(found))
    assert repr(pressure(both[0], found, 0.3)) == repr(pressure(both[1], found, 0.3))
