"""The regression of counts agrees with a reference, and its errors hold under unrest and memory."""

import numpy as np
import pytest

from huiyin.insight.effects.comparing import compared, drifts, interrupted
from huiyin.insight.effects.regression import fit, memory


def test_poisson_and_binomial_agree_with_a_reference():
    sm = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(60), rng.normal(0, 1, 60)])
    counts = rng.poisson(np.exp(2 + 0.4 * x[:, 1])).astype(float)
    trials = rng.integers(20, 60, 60).astype(float)
    hits = rng.binomial(trials.astype(int), 1 / (1 + np.exp(1 - 0.5 * x[:, 1]))).astype(float)
    offset = rng.normal(0, 0.1, 60)
    poisson = sm.GLM(counts, x, family=sm.families.Poisson(), offset=offset).fit()
    binomial = sm.GLM(np.column_stack([hits, trials - hits]), x, family=sm.families.Binomial(), offset=offset).fit()
    assert fit(x, counts, None, offset).beta == pytest.approx(poisson.params, abs=1e-6)
    assert fit(x, hits, trials, offset).beta == pytest.approx(binomial.params, abs=1e-6)


def test_intervals_cover_under_unrest_with_memory():
    rng = np.random.default_rng(2)
    after = np.arange(51) >= 39

    def weeks() -> np.ndarray:
        u = rng.normal(0, 1, 51)
        for at in range(1, 51):
            u[at] = 0.3 * u[at - 1] + np.sqrt(1 - 0.09) * u[at]
        return np.exp(0.15 * u)

    held = 0
    for _ in range(250):
        target = rng.poisson(18 * np.where(after, 0.6, 1.0) * weeks()).astype(float)
        pool = np.sum([rng.poisson(12 * weeks()) for _ in range(6)], axis=0).astype(float)
        _, low, high = compared(target, pool, np.zeros(51), after).interval(1)
        held += low <= 0.6 <= high
    assert 0.90 <= held / 250 <= 0.985


def test_memory_widens_the_error_and_white_noise_hardly_does():
    rng = np.random.default_rng(3)
    slow = np.cumsum(rng.normal(0, 1, 60))
    assert memory(slow - slow.mean(), 1) > 0.6
    assert np.mean([memory(rng.normal(0, 1, 60), 2) for _ in range(200)]) < 0.1


def test_nothing_at_all_after_a_fix_is_still_a_number():
    after = np.arange(20) >= 12
    ratio, low, high = compared(np.where(after, 0.0, 10.0), np.full(20, 50.0), np.zeros(20), after).interval(1)
    assert 0 < low < ratio < 0.05 and high < 1


def test_an_interrupted_series_follows_its_own_trend():
    block = np.arange(-30, 12)
    voices = np.full(42, 1000.0)
    rising = 30 * np.exp(0.02 * block)
    ratio, low, high = interrupted(rising, voices, block, block >= 0).interval(1)
    assert ratio == pytest.approx(1.0, abs=0.01) and low < 1 < high


def test_a_drift_before_is_seen():
    rng = np.random.default_rng(4)
    block = np.arange(-39, 0)
    voices = np.full(39, 1000.0)
    swing = rng.poisson(40 * (1 + 0.5 * np.sin(2 * np.pi * block / 52))).astype(float)
    assert drifts(swing, voices, block)
    assert np.mean([drifts(rng.poisson(40, 39).astype(float), voices, block) for _ in range(60)]) <= 0.15
