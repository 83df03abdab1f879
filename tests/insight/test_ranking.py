"""The ranking finds a planted order, gets harm right where complaints go together, and says when it cannot tell."""

import numpy as np
import pytest

from huiyin.insight.population import BUCKETS, Complaints, Population, Scores
from huiyin.insight.ranking import rank


def world(
    rates: dict[str, float], harms: dict[str, float], people: int = 6000, seed: int = 1, together: float = 0.0
) -> tuple[Population, Scores, Complaints]:
    """Customers who complain of each aspect at a rate and lose `harms` points for it; `together` adds b to that share of a's complainers."""
    generator = np.random.default_rng(seed)
    names = sorted(rates)
    said = {name: generator.random(people) < rates[name] for name in names}
    if together:
        said["b"] = said["b"] | (said["a"] & (generator.random(people) < together))
    stratum = generator.integers(0, 4, people)
    score = 8.0 + 0.5 * stratum + generator.normal(0, 1, people) - sum(harms[name] * said[name] for name in names)
    unit = np.concatenate([np.flatnonzero(said[name]) for name in names])
    aspect = np.concatenate([np.full(said[name].sum(), at) for at, name in enumerate(names)])
    keys = np.sort(generator.integers(0, 2**63, people, dtype=np.uint64))
    ones = np.ones(len(unit), dtype=np.int64)
    population = Population(keys, (keys % np.uint64(BUCKETS)).astype(np.int64))
    count, total = np.zeros((2, BUCKETS, 4))
    np.add.at(count, (population.bucket, stratum), 1.0)
    np.add.at(total, (population.bucket, stratum), score)
    order = np.argsort(population.bucket, kind="stable")
    row, problem = np.nonzero(np.stack([said[name] for name in names], axis=1)[order])
    scores = Scores(count, total, population.bucket[order], stratum[order], np.ones(people), score[order], row, problem)
    return population, scores, Complaints(unit, aspect, np.full(len(unit), 0.6), ones, ones, tuple(names))


def test_the_planted_order_is_found_and_sure():
    people, scores, complaints = world({"a": 0.10, "b": 0.05, "c": 0.05}, {"a": 2.0, "b": 2.0, "c": 0.2})
    found = rank(people, complaints, scores)
    assert [complaints.aspects[at] for at in found.aspect] == ["a", "b", "c"]
    assert found.rank_probabilities().diagonal().min() > 0.95
    assert found.ties() == [(), (), ()]


def test_harm_is_the_loss_of_those_who_complain():
    people, scores, complaints = world({"a": 0.10, "b": 0.05}, {"a": 2.0, "b": 0.5})
    found = rank(people, complaints, scores)
    harm = dict(zip((complaints.aspects[at] for at in found.aspect), found.harm, strict=True))
    assert harm["a"] == pytest.approx(2.0, abs=0.2)
    assert harm["b"] == pytest.approx(0.5, abs=0.2)


def test_a_harmless_complaint_made_beside_a_harmful_one_is_not_blamed():
    people, scores, complaints = world({"a": 0.10, "b": 0.02}, {"a": 3.0, "b": 0.0}, together=0.5)
    found = rank(people, complaints, scores)
    harm = dict(zip((complaints.aspects[at] for at in found.aspect), found.harm, strict=True))
    assert abs(harm["b"]) < 0.35
    assert harm["a"] == pytest.approx(3.0, abs=0.25)


def test_equal_problems_are_told_as_a_tie():
    people, scores, complaints = world({"a": 0.05, "b": 0.05}, {"a": 1.0, "b": 1.0})
    found = rank(people, complaints, scores)
    assert found.ties() == [(2,), (1,)]
    assert found.rank_probabilities()[0, 0] < 0.95


def test_harm_intervals_cover_the_truth():
    covered = 0
    for seed in range(60):
        people, scores, complaints = world({"a": 0.08, "b": 0.05}, {"a": 1.0, "b": 0.4}, people=2000, seed=seed)
        found = rank(people, complaints, scores)
        low, high = np.quantile(found.harm_replicates, [0.025, 0.975], axis=0)
        truth = np.array([{"a": 1.0, "b": 0.4}[complaints.aspects[at]] for at in found.aspect])
        covered += int(((low <= truth) & (truth <= high)).sum())
    assert 0.89 <= covered / 120 <= 0.99


def test_without_scores_the_product_is_of_two():
    people, scores, complaints = world({"a": 0.10, "b": 0.05}, {"a": 0.0, "b": 0.0})
    found = rank(people, complaints, _no_scores())
    assert found.scored == 0
    assert np.isnan(found.harm).all()
    assert found.score[0] == pytest.approx(1000 * found.customers[0] / len(people) * 0.6)


def test_a_handful_of_customers_is_listed_and_not_ranked():
    people, scores, complaints = world({"a": 0.10, "b": 0.0005}, {"a": 1.0, "b": 1.0})
    found = rank(people, complaints, scores)
    assert [complaints.aspects[at] for at in found.aspect] == ["a"]
    assert [complaints.aspects[at] for at in found.too_small] == ["b"]


def test_nobody_complains():
    people, _, _ = world({"a": 0.1}, {"a": 1.0}, people=100)
    none = np.zeros(0, dtype=np.int64)
    found = rank(people, Complaints(none, none, np.zeros(0), none, none, ()), _no_scores())
    assert len(found.aspect) == 0
    assert found.ties() == []


def _no_scores() -> Scores:
    none = np.zeros(0, dtype=np.int64)
    return Scores(np.zeros((BUCKETS, 1)), np.zeros((BUCKETS, 1)), none, none, np.zeros(0), np.zeros(0), none, none)
