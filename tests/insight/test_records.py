"""As many voices stand behind a number as it says; the blind draw is blind."""

from collections import Counter

import pytest
from scipy import stats
from tests.insight.engines import opened

from huiyin.facts import Filter
from huiyin.insight import records
from huiyin.simulate.planted import Plan, draw

PLAN = Plan(seed=21, voices=3000, customers=1500)
FILTERS = [
    Filter(),
    Filter(product=("A1",), polarity=(-1,)),
    Filter(aspect=("app",), region=("华东", "华南")),
    Filter(aspect=("delivery/late",), polarity=(-1,), store=("门店01", "门店02", "门店03")),
    Filter(text=("不行",), invited=True),
    Filter(product=("none",)),
    Filter(text=("app",), polarity=(-1,)),
    Filter(text=("C++ (的",)),
]


@pytest.fixture(scope="module")
def store():
    with opened(draw(PLAN)) as held:
        yield held


@pytest.mark.parametrize("where", FILTERS, ids=lambda where: where.to_query()[:40] or "all")
def test_the_pages_hold_exactly_the_voices_that_are_counted(store, where: Filter) -> None:
    behind = records.count(store, where)
    for order in ("newest", "oldest", "most_negative", "most_positive"):
        ids = []
        for first in range(0, behind.voices + 1, 700):
            ids += records.page(store, where, order, first, 700)["feedback_id"].to_pylist()
        assert len(ids) == len(set(ids)) == behind.voices
    assert records.overview(store, where).behind == behind
    assert sum(records.overview(store, where).days.values()) == behind.voices  # every drawn voice has a day
    drawn = records.draw(store, 10**6, where)
    assert drawn.frame == behind.voices == drawn.voices.num_rows
    assert records.wall(store, where).opinions == behind.opinions


def test_pages_follow_their_order(store) -> None:
    days = records.page(store, order="newest", size=500)["day"].to_pylist()
    assert days == sorted(days, reverse=True)
    felt = records.page(store, order="most_negative", size=500)["sentiment"].to_pylist()
    assert felt == sorted(felt)


def test_every_voice_is_as_likely_to_be_drawn(store) -> None:
    times: Counter[str] = Counter()
    for seed in range(300):
        times.update(records.draw(store, 100, seed=seed).voices["feedback_id"].to_pylist())
    counts = [times.get(one, 0) for one in records.page(store, size=PLAN.voices)["feedback_id"].to_pylist()]
    spread = sum((count - 10) ** 2 / (10 * (1 - 100 / 3000)) for count in counts)
    assert stats.chi2.sf(spread, len(counts) - 1) > 1e-4
    assert stats.chi2.cdf(spread, len(counts) - 1) > 1e-4


def test_the_same_seed_draws_the_same_voices_in_the_same_order(store) -> None:
    once, again, other = (records.draw(store, 10, seed=seed).voices["feedback_id"].to_pylist() for seed in (4, 4, 5))
    assert once == again != other


def test_the_wall_shows_one_voice_a_customer_most_intense_first(store) -> None:
    wall = records.wall(store, Filter(polarity=(-1,)), shown=20)
    customers = [quote.customer for quote in wall.quotes]
    assert len(customers) == len(set(customers))
    strengths = [quote.intensity for quote in wall.quotes]
    assert strengths == sorted(strengths, reverse=True)
    assert wall.customers >= len(customers) + sum(quote.folded for quote in wall.quotes)


@pytest.mark.parametrize("counted", ["voices", "customers"])
def test_the_commonest_values_come_first_with_what_stands_behind_each(store, counted) -> None:
    found = records.commonest(store, "product", None, 3, counted)
    assert found == sorted(found, key=lambda pair: (-pair[1], pair[0])) and 0 < len(found) <= 3
    for value, count in found:
        behind = records.count(store, Filter(product=(value,)) if counted == "voices" else Filter(product=(value,), polarity=(-1, 0, 1)))
        assert count == (behind.voices if counted == "voices" else behind.customers)


def test_values_of_what_is_no_column_are_not_asked_for(store) -> None:
    with pytest.raises(ValueError, match="column"):
        records.commonest(store, "text; DROP TABLE feedback")
