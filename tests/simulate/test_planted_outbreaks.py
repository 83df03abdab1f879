"""The planted truth is what stands in the arrays, and nothing else changes."""

import numpy as np

from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.outbreaks import plant_outbreak, plant_overdispersion, plant_weekday, plant_words, weekly_counts

PLAN = Plan(seed=2, voices=30_000)


def test_an_outbreak_raises_one_aspect_of_one_product_from_its_day():
    plain, draft = draw(PLAN), draw(PLAN)
    plant_outbreak(draft, "app/login", "B2", 200, 3.0, last_day=300)
    column, product = draft.aspect("app/login"), draft.plan.products.index("B2")
    hit = (draft.day >= 200) & (draft.day <= 300) & (draft.product == product)
    assert 2.4 < draft.complains[hit, column].mean() / plain.complains[~hit, column].mean() < 3.6
    assert (draft.complains[~hit] == plain.complains[~hit]).all()
    others = [at for at in range(8) if at != column]
    assert (draft.complains[:, others] == plain.complains[:, others]).all()


def test_a_ramp_grows():
    draft = draw(PLAN)
    plant_outbreak(draft, "app/login", None, 100, 5.0, ramp_days=100)
    chance = draft.chance[:, draft.aspect("app/login")]
    assert chance[draft.day == 101].max() < 0.04 and np.isclose(chance[draft.day >= 200], 0.15).all()


def test_luck_and_rhythm_leave_the_level():
    plain, draft = draw(PLAN), draw(PLAN)
    plant_overdispersion(draft, 0.1)
    assert abs(draft.complains.mean() / plain.complains.mean() - 1) < 0.05
    rhythm = draw(PLAN)
    plant_weekday(rhythm, "app/login", (7.0, 0, 0, 0, 0, 0, 0))
    weekday = (PLAN.first_day.weekday() + rhythm.day) % 7
    assert not rhythm.complains[weekday > 0, rhythm.aspect("app/login")].any()


def test_words_stand_in_the_texts_from_their_day():
    draft = draw(PLAN)
    truth = plant_words(draft, "跳闸", 300, 0.1)
    with_words = np.array(["跳闸" in text for text in draft.text])
    assert with_words.sum() == truth.voices and not with_words[draft.day < 300].any()


def test_weekly_counts_are_the_complaints():
    draft = draw(PLAN)
    keys, counts, voices = weekly_counts(draft)
    assert counts.shape == voices.shape == (len(keys), 52)
    assert counts.sum() == draft.complains[draft.day < 364].sum()
    assert voices[:4].sum() == (draft.day < 364).sum()
