"""Kappa and alpha against hand-computed tables and the libraries of the field."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

from huiyin.insight.agreement import accuracy, cohen, krippendorff


def test_kappa_by_hand():
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: pₒ = 0.7, pₑ = 0.5·0.6 + 0.5·0.4 = 0.5, κ = 0.4.
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    found = cohen(first, second)
    assert found.kappa.value == pytest.approx(0.4)
    assert found.raw.value == pytest.approx(0.7)
    theirs = cohens_kappa(np.array([[20, 5], [10, 15]]))
    assert found.kappa.low == pytest.approx(theirs.kappa_low, abs=0.04)
    assert found.kappa.high == pytest.approx(theirs.kappa_upp, abs=0.04)
    assert cohen(first, second) == found


def test_kappa_as_scikit_learn_has_it_over_many_names():
    random = np.random.default_rng(3)
    first = random.integers(0, 12, 300)
    second = np.where(random.random(300) < 0.6, first, random.integers(0, 12, 300))
    assert cohen(first.tolist(), second.tolist()).kappa.value == pytest.approx(cohen_kappa_score(first, second))


def test_the_interval_covers_the_truth_as_often_as_it_says():
    random, true, covered = np.random.default_rng(5), 0.5, 0
    for _ in range(200):
        first = random.integers(0, 2, 120)
        second = np.where(random.random(120) < true, first, random.integers(0, 2, 120))  # equal chances: κ is the share that copies
        found = cohen(first.tolist(), second.tolist()).kappa
        covered += found.low <= true <= found.high
    assert covered >= 180


def test_perfect_agreement_is_not_taken_for_certainty():
    found = cohen([0, 1] * 20, [0, 1] * 20).kappa
    assert (found.value, found.high) == (1, 1)
    assert found.low < 0.9


def test_alpha_by_hand_with_answers_missing():
    # Units aa, ab, bb, bb, aa, bb and one with a single answer, which counts for nothing: 1 − 11 · 2 ÷ 70.
    units = [["a", "a"], ["a", "b"], ["b", "b"], ["b", "b"], ["a", "a"], ["b", "b"], ["a"]]
    found = krippendorff(units, minimum=1)
    assert found.value == pytest.approx(1 - 22 / 70)
    assert found.n == 6
    # Ten units, three names, coincidences counted by hand: a 5, b 10, c 5 of 20 answers, two units of unequal ones.
    ten = [["a", "a"], ["a", "a"], ["b", "b"], ["b", "b"], ["b", "b"], ["b", "b"], ["c", "c"], ["c", "c"], ["c", "b"], ["a", "b"]]
    assert krippendorff(ten, minimum=1).value == pytest.approx(1 - 19 * 4 / (400 - 25 - 100 - 25))


def test_too_few_say_nothing():
    assert cohen([1] * 10, [1] * 10).kappa.value is None
    assert cohen([1] * 10, [1] * 10).missing == 20
    assert krippendorff([["a", "b"]] * 5).value is None
    assert accuracy(9, 10).value is None
