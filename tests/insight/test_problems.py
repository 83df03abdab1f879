"""The ranked list over a lasting store: planted order, moved weights, reasons, plan, neglect, escalation."""

import math

import numpy as np
import pytest
from tests.insight.engines import opened

from huiyin.facts import Filter
from huiyin.insight import problems
from huiyin.insight.problems.definitions import Definition
from huiyin.insight.problems.escalation import Rule, lifted
from huiyin.insight.ranking import Weights
from huiyin.simulate.planted import Plan, draw

PLAN = Plan(
    seed=3,
    voices=30_000,
    customers=24_000,
    aspects=("delivery/late", "app/crash", "service/attitude", "price/high"),
    rates=(0.08, 0.05, 0.02, 0.06),
    harms=(0.4, 2.0, 2.5, 0.5),
    mean_score=6.5,  # far from the ends of the scale, where a loss could not show
    score_noise=1.0,
)


def definitions(*paths: str) -> tuple[Definition, ...]:
    return tuple(Definition(f"P-{path}", path, (path,)) for path in paths or PLAN.aspects)


@pytest.fixture(scope="module")
def store():
    with opened(draw(PLAN)) as held:
        yield held


@pytest.fixture(scope="module")
def listing(store) -> problems.Listing:
    return problems.problem_list(store, definitions())


def test_the_planted_order_stands(listing: problems.Listing) -> None:
    # rate × harm: crash .100, attitude .050, late .032, price .030; intensity is drawn alike for all.
    assert [row.problem_id for row in listing.rows][:2] == ["P-app/crash", "P-service/attitude"]
    assert {row.problem_id for row in listing.rows[2:]} == {"P-delivery/late", "P-price/high"}
    crash = listing.row("P-app/crash")
    assert crash.harm.low < 2.0 < crash.harm.high
    assert crash.rank_low == crash.rank == crash.rank_high == 1
    assert crash.rank_certainty > 0.95


def test_frequency_is_customers_per_thousand_of_all_customers(store, listing: problems.Listing) -> None:
    people = store.query("SELECT count(DISTINCT unit) AS n FROM voice")["n"][0].as_py()
    who = store.query("SELECT count(DISTINCT unit) AS n FROM opinion WHERE polarity = -1 AND aspect = 'app/crash'")["n"][0].as_py()
    assert listing.row("P-app/crash").frequency.value == pytest.approx(1000 * who / people)


def test_without_harm_the_loudest_leads(store) -> None:
    by_voice = problems.problem_list(store, definitions(), weights=Weights(harm=0))
    assert by_voice.rows[0].problem_id == "P-delivery/late"
    with pytest.raises(ValueError, match="negative"):
        Weights(harm=-1)


def test_reasons_add_up_and_the_factor_makes_a_tie(listing: problems.Listing) -> None:
    why = problems.why(listing, listing.rows[1].problem_id)
    for against in (why.above, why.below):
        assert math.exp(sum(against.terms.values())) == pytest.approx(against.ratio)
        other = listing.row(against.other_id)
        row = listing.rows[1]
        for part, factor in against.factor.items():
            moved = {name: getattr(row, name).value for name in ("frequency", "intensity", "harm")}
            moved[part] *= factor
            assert math.prod(moved.values()) == pytest.approx(other.score.value)
    assert why.above.ratio < 1 < why.below.ratio
    assert why.leading == "harm"


def test_the_turning_weight_makes_a_tie(store, listing: problems.Listing) -> None:
    why = problems.why(listing, listing.rows[0].problem_id)
    turning = why.below.weight["frequency"]
    assert turning is None or turning >= 0
    against = why.below
    part = next(part for part, weight in against.weight.items() if weight is not None)
    weights = Weights(**{name: (against.weight[part] if name == part else 1.0) for name in ("frequency", "intensity", "harm")})
    again = problems.problem_list(store, definitions(), weights=weights)
    scores = {row.problem_id: row.score.value for row in again.rows}
    assert scores[listing.rows[0].problem_id] == pytest.approx(scores[against.other_id])


def test_an_unknown_problem_is_named(listing: problems.Listing) -> None:
    with pytest.raises(KeyError, match="P-none"):
        problems.why(listing, "P-none")


def test_a_filter_narrows_the_list(store) -> None:
    part = problems.problem_list(store, definitions(), Filter(product=("A1",)))
    assert part.population < 24_000
    assert all(row.customers < 1500 for row in part.rows)


def test_too_few_are_told_apart_and_not_ranked(store) -> None:
    few = problems.problem_list(store, definitions(), Filter(store=("门店01",), product=("A1",), region=("华东",)))
    assert not few.rows or min(row.customers for row in few.rows) >= 8
    assert few.too_small


def test_a_split_problem_counts_every_complaint_once(store, listing: problems.Listing) -> None:
    parts = (
        Definition("P-crash-a", "A1 crash", ("app/crash",), Filter(product=("A1",))),
        Definition("P-crash-rest", "crash elsewhere", ("app/crash",)),
    )
    split = problems.problem_list(store, parts)
    both = {row.problem_id: row.customers for row in split.rows}
    a1 = store.query("SELECT count(DISTINCT unit) AS n FROM opinion WHERE polarity = -1 AND aspect = 'app/crash' AND product = 'A1'")["n"][0].as_py()
    assert both["P-crash-a"] == a1
    assert a1 < listing.row("P-app/crash").customers <= sum(both.values())


def test_a_merged_problem_counts_a_customer_once(store, listing: problems.Listing) -> None:
    merged = problems.problem_list(store, (Definition("P-m", "both", ("app/crash", "price/high")),))
    who = store.query("SELECT count(DISTINCT unit) AS n FROM opinion WHERE polarity = -1 AND aspect IN ('app/crash', 'price/high')")["n"][0].as_py()
    assert merged.rows[0].customers == who
    assert who < listing.row("P-app/crash").customers + listing.row("P-price/high").customers


def test_a_condition_beyond_the_columns_of_an_opinion_is_refused() -> None:
    with pytest.raises(ValueError, match="told apart"):
        Definition("P", "x", ("a",), Filter(text=("慢",)))


def test_the_plan_is_the_best_set_and_says_how_sure_it_is(listing: problems.Listing) -> None:
    ids = [row.problem_id for row in listing.rows]
    fixes = {one: problems.Fix(effort) for one, effort in zip(ids, (8, 5, 4, 3), strict=True)}
    plan = problems.plan(listing, fixes, capacity=12)
    best = max(
        (sum(listing.rows[at].score.value for at in chosen), chosen)
        for chosen in _subsets(4)
        if sum(list(fixes.values())[at].effort for at in chosen) <= 12
    )
    assert {one.problem_id for one in plan.candidates if one.chosen} == {ids[at] for at in best[1]}
    assert plan.removed.value == pytest.approx(best[0])
    assert plan.removed.low <= plan.removed.value <= plan.removed.high
    assert plan.used <= 12
    assert all(0 <= one.support <= 1 for one in plan.candidates)


def test_a_must_is_in_the_plan_or_the_plan_is_refused(listing: problems.Listing) -> None:
    last = listing.rows[-1].problem_id
    fixes = {listing.rows[0].problem_id: problems.Fix(5), last: problems.Fix(5, must=True)}
    plan = problems.plan(listing, fixes, capacity=5)
    assert [one.problem_id for one in plan.candidates if one.chosen] == [last]
    with pytest.raises(ValueError, match="must"):
        problems.plan(listing, fixes, capacity=4)


def test_a_plan_without_fixes_removes_nothing(listing: problems.Listing) -> None:
    assert problems.plan(listing, {}, 10).removed.value == 0.0


def test_what_hurts_and_is_not_looked_at_is_neglected(listing: problems.Listing) -> None:
    attention = {row.problem_id: 100.0 - 10 * row.rank for row in listing.rows[1:]}
    found = problems.neglect(listing, attention, least=2)
    assert found[0].problem_id == listing.rows[0].problem_id
    assert found[0].neglected
    assert found[0].gap == 3
    assert not any(one.neglected for one in found[1:])


def test_a_rule_lifts_on_the_lower_end_and_never_lowers(listing: problems.Listing) -> None:
    row = listing.rows[0]
    reached = Rule("many", 2, frequency=row.frequency.low - 0.01)
    missed = Rule("more", 1, frequency=(row.frequency.low + row.frequency.value) / 2)
    assert lifted(row, 3, [reached, missed]).after == 2
    assert lifted(row, 3, [reached, missed]).rule == "many"
    assert lifted(row, 1, [reached]).after == 1
    assert lifted(row, None, [missed]).after is None
    assert lifted(row, None, [Rule("harm", 1, harm=1.0, rank=1)]).after == 1


def test_moved_sliders_give_the_list_that_reading_again_would(store, listing: problems.Listing) -> None:
    for weights in (Weights(frequency=2), Weights(harm=0), Weights(intensity=0.5, harm=3), Weights()):
        moved = problems.reweighted(listing, weights)
        again = problems.problem_list(store, definitions(), weights=weights)
        assert moved.rows == again.rows
        assert moved.weights == weights
        assert problems.why(moved, moved.rows[0].problem_id) == problems.why(again, again.rows[0].problem_id)
    heavy = problems.reweighted(listing, Weights(frequency=2)).ranked
    assert np.allclose(heavy.score, heavy.frequency**2 * heavy.intensity * np.maximum(heavy.harm, 0))


def _subsets(count: int) -> list[tuple[int, ...]]:
    return [tuple(at for at in range(count) if mask >> at & 1) for mask in range(1 << count)]
