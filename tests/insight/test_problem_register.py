"""Names, merges and splits survive re-runs, rebuilds and a new taxonomy; former ids still lead somewhere."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.insight.engines import opened

from huiyin.facts import Filter
from huiyin.insight import problems
from huiyin.insight.problems import Change, Register, RegisterError
from huiyin.insight.problems.definitions import Definition
from huiyin.simulate.planted import Plan, draw

START = (Definition("P-1", "慢", ("delivery/late",)), Definition("P-2", "闪退", ("app/crash",)), Definition("P-3", "贵", ("price/high",)))


def change(kind: str, problem_id: str, **content: object) -> Change:
    return Change(kind, problem_id, content, "林", "2026-11-22T10:00:00+08:00")


SPLIT = {
    "parts": [
        {"id": "P-2", "name": "闪退（A1）", "aspects": ["app/crash"], "condition": "product=A1"},
        {"id": "P-9", "name": "闪退（其他）", "aspects": ["app/crash"], "condition": ""},
    ]
}


def test_a_day_of_edits_is_the_same_after_a_replay_from_rows() -> None:
    changes = [
        change("rename", "P-1", name="送得慢"),
        change("merge", "P-3", into="P-1"),
        change("split", "P-2", **SPLIT),
        change("move", "P-1", aspects=["logistics/late", "price/high"]),
        change("rename", "P-3", name="慢而且贵"),
    ]
    register = Register.of(START, changes)
    again = Register.of(START, [Change.from_row(one.as_row()) for one in changes])
    assert again == register
    assert register.resolve("P-3") == "P-1"
    assert register.problems["P-1"].name == "慢而且贵"
    assert register.problems["P-1"].aspects == ("logistics/late", "price/high")
    assert [one.problem_id for one in register.definitions] == ["P-1", "P-2", "P-9"]


@pytest.mark.parametrize(
    "wrong",
    [
        change("rename", "P-8", name="x"),
        change("merge", "P-1", into="P-1"),
        change("merge", "P-1", into="P-8"),
        change("add", "P-1", name="x", aspects=[], condition=""),
        change("split", "P-1", parts=[{"id": "P-1", "name": "x", "aspects": [], "condition": ""}]),
        change("split", "P-1", parts=[SPLIT["parts"][0], {**SPLIT["parts"][1], "id": "P-3"}]),
    ],
)
def test_an_edit_that_would_lose_or_double_an_id_is_refused(wrong: Change) -> None:
    with pytest.raises(RegisterError):
        Register.of(START).after(wrong)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(["rename", "merge", "unmerge", "split"]), st.integers(1, 6), st.integers(1, 6)), max_size=12))
def test_no_id_is_ever_lost_or_given_twice(edits: list[tuple[str, int, int]]) -> None:
    register, given_ids = Register.of(START), {one.problem_id for one in START}
    for number, (kind, one, other) in enumerate(edits):
        ids = sorted(given_ids)
        subject = ids[one % len(ids)]
        made = change(kind, subject, name=str(number), into=ids[other % len(ids)])
        if kind == "split":
            fresh = problems.part_id(subject, 1, str(number))
            parts = [{"id": subject, "name": "a", "aspects": ["x"], "condition": ""}, {"id": fresh, "name": "b", "aspects": ["y"], "condition": ""}]
            made = change("split", subject, parts=parts)
        if kind == "unmerge":
            came = next((each.aspects for each in START if each.problem_id == subject), ("y",))
            made = change("unmerge", subject, name="c", aspects=list(came), condition="")
        try:
            register = register.after(made)
        except RegisterError:
            continue
        given_ids |= set(register.problems)
        assert all(register.resolve(known) in register.problems for known in given_ids)


def test_what_was_merged_comes_out_again_as_it_was() -> None:
    merged = Register.of(START, [change("rename", "P-3", name="太贵"), change("merge", "P-3", into="P-1")])
    back = merged.after(change("unmerge", "P-3", name="太贵", aspects=["price/high"], condition=""))
    assert back == Register.of(START, [change("rename", "P-3", name="太贵")])
    moved = merged.after(change("move", "P-1", aspects=["logistics/late"]))
    for stands in (moved, Register.of(START)):
        with pytest.raises(RegisterError):
            stands.after(change("unmerge", "P-3", name="太贵", aspects=["price/high"], condition=""))


def test_groups_found_anew_keep_the_id_of_what_they_were() -> None:
    before = {"P-1": ["a", "b", "c", "d"], "P-2": ["e", "f"], "P-3": ["g"]}
    assert problems.carried_over(before, [["e", "f", "h"], ["a", "b", "c"], ["x", "y"]]) == ["P-2", "P-1", None]
    assert problems.carried_over({}, [["a"]]) == [None]


@pytest.mark.parametrize("kind", ["duckdb", "clickhouse"])
def test_any_past_day_is_shown_as_it_stood(kind: str) -> None:
    plan = Plan(seed=9, voices=6000, customers=5000, days=120)
    draft = draw(plan)
    definitions = tuple(Definition(f"P-{path}", path, (path,)) for path in plan.aspects)
    where = Filter(product=("A1",))
    with opened(draft, kind) as store:
        yesterday, today = date(2025, 10, 27), date(2025, 10, 28)
        old = problems.problem_list(store, definitions, Filter(until=yesterday))
        problems.take(store, old, yesterday)
        problems.take(store, problems.problem_list(store, definitions, where), yesterday, where)
        store.erase_customer("c000001")
        new = problems.problem_list(store, definitions)
        problems.take(store, new, today)
        assert problems.days(store) == [yesterday, today]
        shown = problems.replay(store, yesterday)
        assert shown.rows == old.rows
        assert shown.population == old.population
        assert problems.replay(store, yesterday, where).where == where
        assert problems.replay(store, date(2025, 1, 1)) is None
        moved = problems.compare(new.rows, shown.rows)
        assert [one.problem_id for one in moved] == [row.problem_id for row in new.rows]
        assert all(one.places == one.before - one.rank for one in moved)
        assert not any(one.shown for one in moved)
