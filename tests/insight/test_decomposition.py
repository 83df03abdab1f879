"""A vague complaint taken apart: the planted seventy per cent is found with its interval, an even flow is not called concentrated."""

import numpy as np
import pytest
from tests.insight.engines import stored

from huiyin.facts import DuckDBFacts, Filter
from huiyin.insight.decomposition import Step, children, decompose, even_tail
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.conditions import plant_flow

ASPECTS = ("shop", "shop/address", "shop/pay", "shop/browse", "shop/find", "care/wait", "care/tone", "care/skill")


@pytest.fixture(scope="module")
def world():
    plan = Plan(seed=4, voices=12_000, customers=200_000, aspects=ASPECTS, rates=(0.01,) * 5 + (0.02,) * 3, harms=(1.0,) * 8)
    draft = draw(plan)
    truth = plant_flow(draft, "shop", "shop/address", 0.7, 0.08)
    facts = stored(draft)
    return facts, draft, truth


def test_the_planted_share_lies_in_the_interval_and_is_no_chance(world):
    facts, _, truth = world
    one = decompose(facts, theme="shop").headline
    assert one.step.name == "shop/address"
    assert one.share.low <= truth.share <= one.share.high
    assert one.p_value < 1e-6 and one.even < 0.35


def test_every_count_opens_down_to_its_records(world):
    facts, _, _ = world
    found = decompose(facts, theme="shop")
    for row in found.rows:
        records = facts.query(
            "SELECT count(DISTINCT unit) AS people, count(DISTINCT feedback_id) AS voices, count(*) AS mentions FROM opinion",
            (),
            Filter(aspect=row.step.aspects, polarity=(-1,)),
        ).to_pylist()[0]
        assert (row.customers, row.voices, row.mentions) == (records["people"], records["voices"], records["mentions"])
        assert row.share.n == found.customers


def test_who_names_no_step_is_part_of_the_total(world):
    facts, draft, _ = world
    found = decompose(facts, theme="shop")
    theme = draft.complains[:, [draft.aspect(path) for path in ASPECTS[:5]]]
    assert found.voices == int(theme.any(axis=1).sum())
    assert found.unassigned_customers > 0
    assert found.unassigned.value == pytest.approx(found.unassigned_customers / found.customers)
    assert found.rows[-1].cumulative == pytest.approx(1 - found.unassigned.value)


def test_the_pareto_line_counts_each_customer_once(world):
    facts, _, _ = world
    found = decompose(facts, theme="shop")
    line = [row.cumulative for row in found.rows]
    assert line == sorted(line) and line[-1] <= 1
    assert sum(row.share.value for row in found.rows) > line[-1]
    assert sum(row.only for row in found.rows) + round(found.several.value * found.customers) + found.unassigned_customers == found.customers


def test_an_even_flow_has_no_headline(world):
    facts, _, _ = world
    found = decompose(facts, theme="care")
    assert found.headline is None and len(found.rows) == 3 and found.customers > 100


def test_too_few_customers_have_no_headline(world):
    facts, draft, _ = world
    assert decompose(facts, Filter(until=draft.date_of(3)), theme="shop").headline is None


def test_a_flow_of_own_steps(world):
    facts, _, _ = world
    flow = (Step("找", ("shop/find", "shop/browse")), Step("填", ("shop/address",), owner="电商产品小组"), Step("付", ("shop/pay",)))
    found = decompose(facts, steps=flow)
    assert found.rows[0].step.owner == "电商产品小组" and found.unassigned_customers == 0
    assert decompose(facts, steps=flow, theme="shop").unassigned_customers > 0


def test_children_fold_deeper_paths():
    plan = Plan(voices=500, aspects=("a/b/c", "a/b/d", "a/e", "ab/x"), rates=(0.2,) * 4, harms=(1.0,) * 4)
    facts = stored(draw(plan))
    assert [step.name for step in children(facts, "a")] == ["a/b", "a/e"]


def test_neither_theme_nor_steps_is_an_error():
    with pytest.raises(ValueError, match="theme"):
        decompose(DuckDBFacts())


def test_an_unknown_theme_is_empty():
    found = decompose(DuckDBFacts(), theme="nowhere")
    assert found.customers == 0 and found.headline is None and found.rows == ()


def test_the_tail_is_exact_for_one_label_and_close_for_many():
    from scipy import stats

    assert even_tail(40, np.array([0, 100, 0, 0]), 3) == pytest.approx(stats.binom.sf(39, 100, 1 / 3))
    exact = even_tail(4_150, np.array([0, 8_000, 2_000, 0]), 3)
    drawn = np.random.default_rng(1).binomial(8_000, 1 / 3, 200_000) + np.random.default_rng(2).binomial(2_000, 2 / 3, 200_000)
    assert exact == pytest.approx((drawn >= 4_150).mean(), abs=0.002)
