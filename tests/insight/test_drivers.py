"""Drivers: the planted head cause comes first, innocents are not blamed, ties and collinearity are told, thin data is refused."""

import itertools

import numpy as np
import pyarrow as pa
import pytest
from tests.insight.engines import stored

from huiyin.insight.driver_weights import logistic_weights, shapley, shapley_weights
from huiyin.insight.drivers import churn_drivers, score_drivers
from huiyin.insight.patterns import Patterns
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.churn import plant_churn

HARMS = (3.0, 0.4, 1.2, 0.4, 0.4, 0.8, 0.4, 0.0)


@pytest.fixture(scope="module")
def draft():
    return draw(Plan(seed=1, voices=10_000, customers=6_000, harms=HARMS))


@pytest.fixture(scope="module")
def store(draft):
    return stored(draft)


def patterns(rng: np.random.Generator, said: np.ndarray, outcome: np.ndarray) -> Patterns:
    names = tuple("abcdefgh"[: said.shape[1]])
    return Patterns(rng.integers(0, 512, len(said)), said, np.ones(len(said)), outcome, outcome**2, names)


def test_the_planted_head_cause_of_nps_comes_first(store):
    told = score_drivers(store, "nps")
    assert told.head == ("delivery/late",)
    assert sum(one.importance.value for one in told.drivers) == pytest.approx(1.0)
    first, last = told.drivers[0], next(one for one in told.drivers if one.aspect == "price/high")
    assert first.quadrant == "fix" and first.effect.low > 0
    assert last.importance.low == 0.0
    assert not told.collinear and first.inflation < 1.2


def test_shares_are_shapley_values():
    rng = np.random.default_rng(3)
    x = rng.normal(0, 1, (500, 4)) @ np.array([[1, 0.6, 0, 0], [0, 1, 0.3, 0], [0, 0, 1, 0], [0, 0, 0.5, 1]])
    y = x @ [1.0, 0.5, 0.0, 0.3] + rng.normal(0, 1, 500)
    correlation = np.corrcoef(np.column_stack([x, y]).T)

    def fit(chosen):
        chosen = list(chosen)
        return 0.0 if not chosen else correlation[4, chosen] @ np.linalg.solve(correlation[np.ix_(chosen, chosen)], correlation[chosen, 4])

    expected = np.mean(
        [[fit(order[: order.index(a) + 1]) - fit(order[: order.index(a)]) for a in range(4)] for order in itertools.permutations(range(4))], axis=0
    )
    assert shapley(correlation) == pytest.approx(expected)


def test_many_columns_still_sum_to_r_squared_and_stay_close_to_all_orders():
    rng = np.random.default_rng(5)
    x = (rng.random((4000, 9)) < 0.1).astype(float)
    x[:, 1] = np.maximum(x[:, 1], x[:, 0] * (rng.random(4000) < 0.5))
    y = x @ np.array([2, 1, 1, 0.5, 0, 0, 0, 0, 0]) + rng.normal(0, 1, 4000)
    found = shapley(np.corrcoef(np.column_stack([x, y]).T))
    inside = np.corrcoef(np.column_stack([x[:, :6], y]).T)
    assert found[:6] == pytest.approx(shapley(inside), abs=0.004)


def test_equal_drivers_are_told_as_tie():
    rng = np.random.default_rng(7)
    said = (rng.random((2000, 3)) < 0.1).astype(float)
    found = shapley_weights(patterns(rng, said, 8 - said @ [1.0, 1.0, 0.0] + rng.normal(0, 1.5, 2000)))
    assert 1 in found.ties(0.95)[0] and 2 not in found.ties(0.95)[0]


def test_collinear_complaints_are_told():
    rng = np.random.default_rng(8)
    first = rng.random(3000) < 0.1
    said = np.column_stack([first, first ^ (rng.random(3000) < 0.01), rng.random(3000) < 0.1]).astype(float)
    found = shapley_weights(patterns(rng, said, 8 - said @ [1.0, 1.0, 1.0] + rng.normal(0, 1, 3000)))
    assert found.inflation[0] > 5 and found.inflation[2] < 1.1


def test_churn_is_blamed_on_its_cause_and_odds_are_right(draft, store):
    planted = plant_churn(draft, {"app/crash": 1.6, "service/wait": 0.7})
    told = churn_drivers(store, planted.customers)
    assert told.head == ("app/crash",) and told.outcome == "churn"
    odds = {one.aspect: one.effect for one in told.drivers}
    assert odds["app/crash"].low < np.exp(1.6) < odds["app/crash"].high
    assert odds["delivery/late"].low < 1 < odds["delivery/late"].high
    assert told.left == planted.customers["churned"].to_numpy(zero_copy_only=False).sum()
    assert 0 < told.explained.value < 0.2


def test_churn_without_a_cause_names_no_head(draft, store):
    assert churn_drivers(store, plant_churn(draft, {}).customers).head == ()


def test_logistic_agrees_with_a_reference():
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(9)
    said = (rng.random((3000, 3)) < 0.15).astype(float)
    left = (rng.random(3000) < 1 / (1 + np.exp(2 - said @ [1.2, 0.6, 0.0]))).astype(float)
    reference = sm.Logit(left, sm.add_constant(said)).fit(disp=0)
    found = logistic_weights(patterns(rng, said, left))
    assert found.slope[0] == pytest.approx(reference.params[1:], abs=0.02)
    assert found.fit[0] == pytest.approx(reference.prsquared, abs=1e-3)


def test_thin_or_wrong_customer_tables_are_refused(draft, store):
    planted = plant_churn(draft, {"app/crash": 1.6}).customers
    assert churn_drivers(store, planted.slice(0, 60)).reason == "too_few_customers"
    nobody = pa.table({"customer_id": planted["customer_id"], "churned": pa.array([False] * len(planted))})
    assert churn_drivers(store, nobody).reason == "too_few_left"
    with pytest.raises(ValueError, match="churned"):
        churn_drivers(store, planted.drop_columns("churned"))
    with pytest.raises(ValueError, match="twice"):
        churn_drivers(store, pa.concat_tables([planted, planted]))
    assert score_drivers(store, "ces").reason == "refused"
