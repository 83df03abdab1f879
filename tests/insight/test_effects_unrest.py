"""The error of an effect is right on both sides of a fix, whether weeks are restless because complaints cluster or because chances swing."""

import numpy as np
import pytest

from huiyin.insight.effects.comparing import compared
from huiyin.insight.effects.regression import fit

WEEKS = 51
AFTER = np.arange(WEEKS) >= 39


def swinging(rng, mean):
    """Every week multiplies all chances by a factor of its own; weeks remember the one before."""
    luck = rng.normal(size=WEEKS)
    for week in range(1, WEEKS):
        luck[week] = 0.3 * luck[week - 1] + np.sqrt(0.91) * luck[week]
    return rng.poisson(mean * np.exp(0.3 * luck - 0.045)).astype(float)


def clustered(rng, mean):
    """Complaints come in clusters: the variance is twice the mean at every level."""
    return rng.negative_binomial(mean, 0.5).astype(float)


@pytest.mark.parametrize("law", [swinging, clustered])
@pytest.mark.parametrize("ratio", [0.2, 1.0, 1.8])
def test_the_stated_error_is_the_true_one(law, ratio):
    rng = np.random.default_rng(6)
    effects, errors, held = [], [], 0
    for _ in range(400):
        target = law(rng, 14 * np.where(AFTER, ratio, 1.0))
        pool = np.sum([law(rng, np.full(WEEKS, 9.0)) for _ in range(6)], axis=0)
        one = compared(target, pool, np.zeros(WEEKS), AFTER)
        effects.append(one.beta[1])
        errors.append(one.error(1))
        held += one.interval(1)[1] <= ratio <= one.interval(1)[2]
    assert np.mean(errors) == pytest.approx(np.std(effects), rel=0.15)
    assert 0.92 <= held / 400 <= 0.975


def test_calm_weeks_have_the_error_of_plain_counts():
    counts = np.where(AFTER, 10.0, 20.0)
    one = fit(np.column_stack([np.ones(WEEKS), AFTER]), counts, None, np.zeros(WEEKS))
    assert one.error(1) == pytest.approx(np.sqrt(1 / counts[AFTER].sum() + 1 / counts[~AFTER].sum()), rel=1e-6)


def test_unrest_widens_the_error_more_where_it_has_memory():
    rng = np.random.default_rng(7)
    swing = np.repeat(np.exp(0.4 * rng.normal(size=17)), 3)
    shuffled = rng.permutation(swing)
    design = np.column_stack([np.ones(WEEKS), AFTER])
    slow, quick = (fit(design, np.rint(40 * weeks), None, np.zeros(WEEKS)) for weeks in (swing, shuffled))
    assert slow.correlation > 0.4 > quick.correlation
    assert slow.error(1) > 1.3 * quick.error(1)
