"""Every question of `problems`, `comparing`, `records` and the whole analysis has one answer, whatever engine holds the facts."""

import dataclasses
from datetime import date

import pytest
from tests.insight.engines import opened, same

from huiyin.facts import Filter
from huiyin.insight import AspectCard, Catalogue, Intake, ThemeCard, analyse, comparing, problems, records
from huiyin.insight.findings import Name
from huiyin.simulate.planted import Plan, draw

PLAN = Plan(seed=5, voices=6000, customers=4000)
WHERE = Filter(product=("A1", "B2"), since=date(2025, 9, 1))


def catalogue() -> Catalogue:
    cards = tuple(AspectCard(path, Name(path, path), None, "owner", None) for path in PLAN.aspects)
    parents = sorted({path.split("/")[0] for path in PLAN.aspects})
    themes = tuple(ThemeCard(one, Name(one, one), "flow", tuple(path for path in PLAN.aspects if path.startswith(one + "/"))) for one in parents)
    return Catalogue("test", "1", Name("测试", "test"), cards, themes)


def answers(store) -> dict[str, object]:
    definitions = problems.from_catalogue(catalogue())
    listing = problems.problem_list(store, definitions, WHERE)
    late, crash = Filter(aspect=("delivery/late",), polarity=(-1,)), Filter(aspect=("app/crash",), polarity=(-1,))
    findings = analyse(store, catalogue(), Intake("t", "now", 6000, 0, 0, False), WHERE)
    return {
        "rows": listing.rows,
        "why": problems.why(listing, listing.rows[1].problem_id),
        "needs": comparing.two_needs(store, late, crash, WHERE),
        "groups": comparing.by_aspect(store, Filter(product=("A1",)), Filter(product=("B2",)), WHERE),
        "words": comparing.words_apart(store, late, crash, WHERE),
        "opportunities": comparing.opportunities(store, WHERE),
        "grid": comparing.whitespace(store, {"A": Filter(product=("A1",)), "B": Filter(product=("B2",))}, WHERE),
        "count": records.count(store, WHERE),
        "page": records.page(store, WHERE, "most_negative", 5, 7)["feedback_id"].to_pylist(),
        "drawn": records.draw(store, 5, WHERE, seed=3).voices["text"].to_pylist(),
        "wall": records.wall(store, WHERE & late),
        "findings": dataclasses.replace(findings, checksum=""),
    }


@pytest.fixture(scope="module")
def both() -> tuple[dict[str, object], dict[str, object]]:
    draft = draw(PLAN)
    with opened(draft) as duckdb, opened(draft, "clickhouse") as clickhouse:
        return answers(duckdb), answers(clickhouse)


NAMES = ("rows", "why", "needs", "groups", "words", "opportunities", "grid", "count", "page", "drawn", "wall", "findings")


@pytest.mark.parametrize("name", NAMES)
def test_one_answer(both: tuple[dict[str, object], dict[str, object]], name: str) -> None:
    same(both[0][name], both[1][name], name)


def test_the_answers_are_not_empty(both: tuple[dict[str, object], dict[str, object]]) -> None:
    assert set(both[0]) == set(NAMES)
    assert len(both[0]["rows"]) == len(PLAN.aspects)
    assert len(both[0]["page"]) == 7
    assert both[0]["wall"].quotes
    assert both[0]["findings"].problems
