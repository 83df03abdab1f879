"""The planted condition is found with its lift; attributes that mean nothing are not."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.insight.engines import stored

from huiyin.facts import MENTION, DuckDBFacts, Filter
from huiyin.insight.conditions import conditions
from huiyin.insight.facets import Facet, all_facets
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.conditions import plant_attribute, plant_band, plant_condition, plant_number


@pytest.fixture(scope="module")
def world():
    draft = draw(Plan(seed=8, voices=12_000, customers=9_000))
    plant_attribute(draft, "天气", ("晴", "雨", "雪"), known=0.7)
    plant_attribute(draft, "版本", tuple(f"9.{one}" for one in range(6)))
    plant_number(draft, "车速", 0, 130)
    plant_band(draft, "product/noise", "车速", 78, 104, 4.0)
    plant_condition(draft, "app/crash", "版本", ("9.3",), 3.0)
    draft.attributes["工单号"] = [str(f"T{row}") for row in range(len(draft))]
    facts = stored(draft)
    return facts, draft


def heard(facts, where: Filter) -> int:
    return facts.query("SELECT count(*) AS n FROM voice", where=where)["n"][0].as_py()


def test_the_speed_band_is_found(world):
    facts, _ = world
    found = conditions(facts, "product/noise")
    assert {one.facet for one in found.found} == {"车速"}
    top = found.found[0]
    low, high = (float(part) for part in top.value.split("–"))
    assert 70 <= low < high <= 110
    assert top.lift.low > 1.5
    assert heard(facts, top.under) == top.voices
    assert heard(facts, top.under & Filter(aspect=("product/noise",), polarity=(-1,))) == top.complaining


def test_the_lift_of_a_version_lies_in_its_interval(world):
    facts, _ = world
    found = conditions(facts, "app/crash")
    assert [(one.facet, one.value) for one in found.found] == [("版本", "9.3")]
    one = found.found[0]
    assert one.lift.low <= 3.0 <= one.lift.high and one.q_value <= 0.05
    assert one.rate.value == pytest.approx(one.complaining / one.voices)


def test_counts_are_those_of_the_records(world):
    facts, _ = world
    one = conditions(facts, "app/crash").found[0]
    voices = facts.query("SELECT count(*) AS n FROM voice", (), Filter(attributes={"版本": ("9.3",)}))["n"][0].as_py()
    both = Filter(attributes={"版本": ("9.3",)}, aspect=("app/crash",), polarity=(-1,))
    assert one.voices == voices
    assert one.complaining == facts.query("SELECT count(*) AS n FROM voice", (), both)["n"][0].as_py()
    assert one.customers == facts.query("SELECT count(DISTINCT unit) AS n FROM voice", (), both)["n"][0].as_py()


def test_what_carries_no_value_is_said(world):
    facts, draft = world
    weather = next(table for table in conditions(facts, "app/crash").facets if table.facet.name == "天气")
    assert 0.2 < weather.unassigned / weather.total < 0.4
    assert sum(row.complaining for row in weather.rows) + weather.unassigned == weather.total
    assert weather.total == int(draft.complains[:, draft.aspect("app/crash")].sum())


def test_identifiers_are_skipped_and_said(world):
    facts, _ = world
    facets, skipped = all_facets(facts)
    assert ("工单号", "too many values") in skipped and ("language", "one value") in skipped
    speed = next(one for one in facets if one.name == "车速")
    assert len(speed.edges) == 4


def test_a_small_value_is_named_too_few(world):
    facts, draft = world
    found = conditions(facts, "app/crash", Filter(until=draft.date_of(20)), facets=[Facet("store", "column")])
    assert not found.found
    assert {row.verdict for row in found.facets[0].rows} == {"too few"}


def test_a_loud_customer_is_no_condition():
    """One customer who complains forty times in one region makes no lift."""
    draft = draw(Plan(seed=2, voices=3_000, customers=3_000, rates=(0.02,) * 8))
    draft.customer[:60] = 7
    draft.region[:60] = 1
    draft.complains[:60, 0] = True
    facts = stored(draft)
    assert not conditions(facts, "delivery/late", facets=[Facet("region", "column")]).found


def test_an_unknown_column_is_said():
    with pytest.raises(ValueError, match="colour"):
        conditions(DuckDBFacts(), "a", facets=[Facet("colour", "column")])


def test_conditions_that_opinions_name_are_facets_too(world):
    facts, _ = world
    voices = facts.query("SELECT * FROM feedback").drop_columns(["unit", "day", "counted"])
    said = facts.query("SELECT * FROM mention ORDER BY feedback_id, mention_no").drop_columns(["unit", "day", "counted", "version"])
    crashes = pc.and_(pc.equal(said["aspect"], "app/crash"), pc.equal(said["polarity"], -1)).to_pylist()
    named = [[("use", "after_update" if crash or row % 9 == 0 else "first")] if row % 3 else [] for row, crash in enumerate(crashes)]
    told = DuckDBFacts()
    told.append(voices, said.set_column(said.column_names.index("conditions"), "conditions", pa.array(named, MENTION.field("conditions").type)))
    where = Filter()
    assert Facet("conditions.use", "condition") in all_facets(told, where)[0]
    one = next(one for one in conditions(told, "app/crash").found if one.facet == "conditions.use")
    assert one.value == "after_update" and one.lift.low > 1
    sql = "SELECT count(DISTINCT feedback_id) AS n FROM opinion WHERE conditions['use'] = 'after_update'"
    assert one.voices == told.query(sql)["n"][0].as_py()
    assert (heard(told, one.under), heard(told, one.under & Filter(aspect=("app/crash",), polarity=(-1,)))) == (one.voices, one.complaining)
    assert one.complaining == told.query(f"{sql} AND aspect = 'app/crash' AND polarity = -1")["n"][0].as_py()
