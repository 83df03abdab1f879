"""Intervals cover what they promise, and false discoveries stay controlled."""

import numpy as np
from scipy import stats

from huiyin.insight.intervals import false_discovery, mean, rate_ratio, wilson


def test_wilson_covers_the_truth_about_95_percent_of_the_time_even_for_small_n():
    for total, share in ((15, 0.1), (40, 0.5), (400, 0.02)):
        weights = stats.binom.pmf(np.arange(total + 1), total, share)
        inside = [(lambda e: e.low <= share <= e.high)(wilson(count, total)) for count in range(total + 1)]
        assert 0.92 <= float(weights @ inside) <= 0.985, (total, share)


def test_wilson_of_nothing_is_nothing():
    assert wilson(0, 0).value is None
    assert wilson(0, 20).low == 0.0
    assert wilson(20, 20).high == 1.0


def test_a_mean_of_too_few_is_not_told():
    assert mean(np.array([1.0, 2.0])).value is None
    assert mean(np.array([3.0] * 4 + [5.0] * 4)).value == 4.0


def test_rate_ratio_interval_covers_a_true_ratio():
    generator = np.random.default_rng(1)
    covered = 0
    for _ in range(400):
        a, b = generator.poisson(60), generator.poisson(30)
        _, low, high = rate_ratio(a, 1000, b, 1000)
        covered += low <= 2.0 <= high
    assert 0.92 <= covered / 400 <= 0.98


def test_rate_ratio_survives_an_empty_side():
    ratio, low, high = rate_ratio(0, 100, 10, 100)
    assert 0 < low < ratio < 1 and np.isfinite(high)


def test_false_discoveries_among_nulls_are_rare_and_nan_stays_nan():
    generator = np.random.default_rng(2)
    hits = [(false_discovery(generator.uniform(size=200)) <= 0.05).any() for _ in range(200)]
    assert np.mean(hits) <= 0.09
    assert np.isnan(false_discovery(np.array([0.01, np.nan]))[1])
