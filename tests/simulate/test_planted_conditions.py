"""Conditions and flows carry the lift and the share they claim."""

import numpy as np

from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.conditions import plant_attribute, plant_band, plant_condition, plant_flow, plant_number


def test_a_condition_multiplies_the_rate_where_it_holds():
    draft = draw(Plan(seed=1, voices=30_000))
    plant_attribute(draft, "天气", ("晴", "雨"), known=0.8)
    plant_condition(draft, "app/crash", "天气", ("雨",), 3.0)
    said = draft.complains[:, draft.aspect("app/crash")]
    wet = np.array([one == "雨" for one in draft.attributes["天气"]])
    assert 2.6 < said[wet].mean() / said[~wet].mean() < 3.4
    missing = np.mean([one is None for one in draft.attributes["天气"]])
    assert 0.18 < missing < 0.22


def test_a_band_of_numbers():
    draft = draw(Plan(seed=1, voices=30_000))
    plant_number(draft, "车速", 0, 130)
    truth = plant_band(draft, "product/noise", "车速", 60, 80, 4.0)
    assert {float(one) for one in truth.values} <= set(range(60, 81))
    said = draft.complains[:, draft.aspect("product/noise")]
    inside = np.array([60 <= float(one) <= 80 for one in draft.attributes["车速"]])
    assert 3.2 < said[inside].mean() / said[~inside].mean() < 4.8


def test_a_flow_gathers_in_its_step():
    aspects = ("shop", "shop/address", "shop/pay", "shop/find")
    draft = draw(Plan(seed=1, voices=30_000, aspects=aspects, rates=(0.01,) * 4, harms=(1.0,) * 4))
    plant_flow(draft, "shop", "shop/address", 0.7, 0.1)
    said = draft.complains
    assert 0.68 < said[said.any(axis=1), 1].mean() < 0.72
    assert said[:, 0].any() and not (said[:, 0] & said[:, 1:].any(axis=1)).any()
    assert (said[:, 1:].sum(axis=1) > 1).any()
    assert not (draft.praises & said).any()
