"""Quarantine changes no record: the metric is shown both ways, and a reviewer decides."""

import numpy as np
import pytest

from huiyin.facts import DuckDBFacts, Filter
from huiyin.insight.integrity import audit, metric_both_ways, quarantine
from huiyin.insight.integrity.quarantine import summary
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.gaming import TRICKS, Overlay, honest_answers, tables


@pytest.fixture(scope="module")
def gamed():
    draft, overlay = draw(Plan(seed=3, voices=9_000, customers=8_000)), Overlay()
    honest_answers(draft)
    honest = draft.score.copy()
    for store in ("门店01", "门店02", "门店03"):
        TRICKS["device"](draft, store, 0.4, overlay)
    facts = DuckDBFacts()
    facts.append(*tables(draft, overlay))
    return facts, draft, honest, audit(facts)


def test_without_the_suspects_the_metric_is_nearer_the_truth(gamed):
    facts, draft, honest, found = gamed
    stores = Filter(store=("门店01", "门店02", "门店03"))
    truth = honest[draft.store < 3].mean()
    both = metric_both_ways(facts, quarantine(found), stores)
    assert both.difference > 0.3
    assert abs(both.without.value - truth) < abs(both.everyone.value - truth) / 2
    assert both.without.low <= truth <= both.without.high
    assert both.everyone.n - both.without.n == both.removed


def test_nothing_is_deleted(gamed):
    facts, draft, _, found = gamed
    before = facts.query("SELECT count(*) AS n FROM voice")["n"][0].as_py()
    metric_both_ways(facts, quarantine(found))
    assert facts.query("SELECT count(*) AS n FROM voice")["n"][0].as_py() == before == len(draft)


def test_a_reviewer_keeps_a_response(gamed):
    _, _, _, found = gamed
    one = found.suspects[0].feedback_id
    assert one in quarantine(found) and one not in quarantine(found, kept=[one])


def test_nps_both_ways(gamed):
    facts, draft, _, found = gamed
    both = metric_both_ways(facts, quarantine(found), metric="nps")
    assert both.everyone.value == pytest.approx(100 * ((draft.score >= 9).mean() - (draft.score <= 6).mean()))
    assert both.difference > 0


def test_an_empty_quarantine_changes_nothing(gamed):
    facts, *_ = gamed
    both = metric_both_ways(facts, ())
    assert both.difference == 0 and both.removed == 0


def test_below_the_minimum_no_number_is_shown(gamed):
    facts, draft, _, found = gamed
    both = metric_both_ways(facts, quarantine(found), Filter(since=draft.date_of(0), until=draft.date_of(0)))
    assert both.everyone.value is None or both.everyone.n >= 30
    assert metric_both_ways(DuckDBFacts(), ()).everyone.value is None


def test_the_interval_is_that_of_the_scores():
    scores = np.random.default_rng(1).integers(0, 11, 400).astype(float)
    points, counts = np.unique(scores, return_counts=True)
    found = summary(points, counts.astype(float), "mean")
    assert found.value == pytest.approx(scores.mean())
    assert found.high - found.value == pytest.approx(1.966 * scores.std(ddof=1) / 20, rel=1e-3)
