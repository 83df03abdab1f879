"""What the planters of fixes, scores and churn say they planted is in the arrays."""

import numpy as np
import pytest

from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.churn import plant_churn
from huiyin.simulate.planted.effects import plant_displacing_fix, plant_fading_fix, plant_fix, plant_unrest
from huiyin.simulate.planted.scores import plant_base, plant_harm, plant_mix, plant_silent_scale_break, plant_waves, with_scale_break

PLAN = Plan(seed=1, voices=60_000)


def rate(draft, aspect, since, until=10**6):
    rows = (draft.day >= since) & (draft.day < until)
    return draft.complains[rows, draft.aspect(aspect)].mean()


def test_a_fix_divides_the_rate_by_what_it_says():
    draft = draw(PLAN)
    truth = plant_fix(draft, "delivery/late", 200, 0.5)
    assert truth.ratio == 0.5
    assert rate(draft, "delivery/late", 200) / rate(draft, "delivery/late", 0, 200) == pytest.approx(0.5, abs=0.06)
    assert rate(draft, "app/crash", 200) / rate(draft, "app/crash", 0, 200) == pytest.approx(1.0, abs=0.1)


def test_displaced_complaints_are_neither_lost_nor_gained():
    draft = draw(PLAN)
    plant_displacing_fix(draft, "delivery/late", "service/wait", 200, 0.3)
    both = [rate(draft, "delivery/late", *span) + rate(draft, "service/wait", *span) for span in ((0, 200), (200, 400))]
    assert both[0] == pytest.approx(both[1], rel=0.06)
    assert rate(draft, "service/wait", 200) > 1.5 * rate(draft, "service/wait", 0, 200)


def test_a_fading_fix_comes_back():
    draft = draw(PLAN)
    plant_fading_fix(draft, "delivery/late", 120, 0.4, 240)
    first, fixed, back = (rate(draft, "delivery/late", *span) for span in ((0, 120), (120, 240), (240, 400)))
    assert fixed < 0.5 * first and back == pytest.approx(first, rel=0.12)


def test_unrest_keeps_the_mean_and_stirs_the_weeks():
    draft = draw(PLAN)
    plant_unrest(draft, 0.4, 0.5)
    at = draft.aspect("delivery/late")
    weeks = np.bincount(draft.day // 7, weights=draft.complains[:, at]) / np.bincount(draft.day // 7)
    assert weeks[:-1].mean() == pytest.approx(0.06, rel=0.25)
    assert weeks[:-1].std() > 0.25 * weeks[:-1].mean()


def test_scores_move_by_mix_by_harm_or_for_all():
    mix, harm, base, still = (draw(PLAN) for _ in range(4))
    plant_mix(mix, "delivery/late", 200, 2.0)
    plant_harm(harm, "delivery/late", 200, 2.0)
    plant_base(base, 200, -1.0)
    late = still.day >= 200
    assert rate(mix, "delivery/late", 200) == pytest.approx(0.12, abs=0.01)
    assert (harm.complains == still.complains).all() and (base.complains == still.complains).all()
    said = late & still.complains[:, 0]
    assert (still.score - harm.score)[said].mean() == pytest.approx(2.0, abs=0.1)
    assert (harm.score == still.score)[~said].all()
    assert (still.score - base.score)[late].mean() == pytest.approx(1.0, abs=0.05)


def test_waves_hold_all_scores():
    draft = draw(Plan(seed=2, voices=5000))
    waves = plant_waves(draft, 60, 7, first=20)
    days = set(draft.day[~np.isnan(draft.score)].tolist())
    assert waves[0] == (20, 26) and days <= {day for a, b in waves for day in range(a, b + 1)}


def test_scale_breaks_are_stated_or_silent():
    draft = draw(Plan(seed=2, voices=3000))
    table = with_scale_break(draft, draft.tables()[0], 180, 5.0)
    tops = np.array(table["scale_max"].to_pylist())
    assert set(tops[draft.day < 180]) == {10.0} and set(tops[draft.day >= 180]) == {5.0}
    assert max(table["score"].to_numpy()[draft.day >= 180]) == 5.0
    plant_silent_scale_break(draft, 180)
    assert set(draft.score[draft.day >= 180].tolist()) <= {0.0, 2.0, 4.0, 6.0, 8.0, 10.0}


def test_churn_comes_from_its_causes():
    draft = draw(PLAN)
    planted = plant_churn(draft, {"app/crash": 1.5})
    left = dict(zip(planted.customers["customer_id"].to_pylist(), planted.customers["churned"].to_pylist(), strict=True))
    said = {f"c{one:06d}" for one in draft.customer[draft.complains[:, draft.aspect("app/crash")]]}
    shares = [np.mean([churned for name, churned in left.items() if (name in said) == side]) for side in (True, False)]
    odds = [share / (1 - share) for share in shares]
    assert np.log(odds[0] / odds[1]) == pytest.approx(1.5, abs=0.25)
    assert plant_churn(draft, {"app/crash": 1.5}).customers.equals(planted.customers)
