"""Two needs, two groups, words apart, opportunity and white space: planted differences are found, none are invented."""

import numpy as np
import pytest
from tests.insight.engines import opened

from huiyin.facts import Filter
from huiyin.insight import comparing
from huiyin.simulate.planted import Draft, Plan, draw

PLAN = Plan(seed=11, voices=16_000, customers=12_000)
A, B = Filter(product=("A1",)), Filter(product=("B2",))


def planted() -> Draft:
    """B2 crashes three times as often as the rest; everyone on B2 likes its price."""
    draft = draw(PLAN)
    crash, price = draft.aspect("app/crash"), draft.aspect("price/high")
    b2 = draft.product == PLAN.products.index("B2")
    draft.chance[b2, crash] *= 3
    draft.redraw(crash)
    draft.complains[b2, price] = False
    draft.praises[b2, price] |= draft.rng.random(int(b2.sum())) < 0.05
    return draft


@pytest.fixture(scope="module")
def store():
    with opened(planted()) as held:
        yield held


def need(path: str) -> Filter:
    return Filter(aspect=(path,), polarity=(-1,))


def test_two_needs_give_the_counts_of_the_store(store) -> None:
    found = comparing.two_needs(store, need("app/crash"), need("service/attitude"), A)
    for side, path in ((found.first, "app/crash"), (found.second, "service/attitude")):
        row = store.query(
            f"SELECT count(DISTINCT unit) AS n, count(DISTINCT feedback_id) AS m FROM opinion WHERE polarity = -1 AND aspect = '{path}' AND product = 'A1'"
        ).to_pylist()[0]
        assert (side.customers, side.voices) == (row["n"], row["m"])
        assert sum(count for _, count in side.weeks) == side.voices
        assert side.complaints == side.customers
        assert side.wishes == 0
    assert found.ratio.low < 2.0 < found.ratio.high  # planted .04 ÷ .02
    assert found.p_value < 1e-4


def test_a_need_against_itself_is_one(store) -> None:
    found = comparing.two_needs(store, need("app/crash"), need("app/crash"))
    assert found.both == found.first.customers
    assert (found.ratio.low, found.ratio.value, found.ratio.high) == (1.0, 1.0, 1.0)
    assert found.p_value == 1.0


def test_nobody_on_either_side_has_no_ratio(store) -> None:
    found = comparing.two_needs(store, need("no/such"), need("neither/here"))
    assert found.ratio.value is None


def test_groups_differ_where_they_were_made_to(store) -> None:
    gaps = {one.aspect: one for one in comparing.by_aspect(store, A, B)}
    assert gaps["app/crash"].attention_verdict == "second"
    assert gaps["price/high"].content_verdict == "second"
    assert gaps["price/high"].content.high < 0
    quiet = [one for name, one in gaps.items() if name not in ("app/crash", "price/high")]
    assert all(one.content_verdict == "not_shown" for one in quiet if one.aspect.startswith(("delivery", "service")))


def test_groups_alike_show_no_difference() -> None:
    shown = 0
    for seed in range(12):
        with opened(draw(Plan(seed=seed, voices=4000, customers=3500))) as store:
            shown += sum(one.attention_verdict != "not_shown" or one.content_verdict != "not_shown" for one in comparing.by_aspect(store, A, B))
    assert shown <= 2  # of 96 aspects; false discoveries are controlled within each world


def test_words_of_a_group_are_its_own(store) -> None:
    words = comparing.words_apart(store, A, B, tokens=lambda text: set(text.split("，")))
    assert "app的crash不行" in [one.word for one in words.of_second]
    assert "price的high不行" in [one.word for one in words.of_first]
    assert all(one.low > 0 for one in words.of_first)
    assert all(one.q_value <= 0.05 for one in (*words.of_first, *words.of_second))


def test_words_of_the_same_voices_are_not_apart(store) -> None:
    words = comparing.words_apart(store, A, A)
    assert words.of_first == words.of_second == ()


def test_a_badly_served_need_much_spoken_of_is_the_opportunity(store) -> None:
    found = comparing.opportunities(store, B)
    assert found[0].aspect == "app/crash"
    assert found[0].source == "mined"
    for one in found:
        assert 0 <= one.importance.low <= one.importance.high <= 10
        assert one.score.value == pytest.approx(one.importance.value + max(one.importance.value - one.satisfaction.value, 0))


def test_a_survey_goes_before_what_was_mined(store) -> None:
    found = {one.aspect: one for one in comparing.opportunities(store, survey={"app/login": (9.0, 3.0)})}
    assert found["app/login"].source == "survey"
    assert found["app/login"].score.value == 15.0
    assert found["app/login"].score.low is None
    assert found["app/crash"].source == "mined"


def test_white_space_is_what_nobody_serves(store) -> None:
    grid = comparing.whitespace(store, {"A1": A, "B2": B})
    assert len(grid.cells) == 2 * len(PLAN.aspects)
    assert "app/crash" in grid.white
    assert "price/high" not in grid.white
    served = next(cell for cell in grid.cells if (cell.aspect, cell.player) == ("price/high", "B2"))
    assert served.served is True
    assert served.satisfaction.low >= 6


def test_a_player_nobody_speaks_of_is_told_nothing_about() -> None:
    with opened(draw(Plan(seed=2, voices=500, customers=400))) as store:
        grid = comparing.whitespace(store, {"gone": Filter(product=("none",))})
    assert grid.cells == () or all(cell.served is None for cell in grid.cells)


def test_overlap_narrows_the_interval() -> None:
    apart, together = comparing.overlapping_ratio(300, 100, 0), comparing.overlapping_ratio(300, 100, 90)
    assert together.high - together.low < apart.high - apart.low
    assert np.isclose(apart.value, together.value)
