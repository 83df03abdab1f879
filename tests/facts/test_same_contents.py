"""Every question, under every kind of filter, has the same contents in memory, in a file and in ClickHouse."""

import math
from datetime import date

import pytest
from tests.facts.questions import QUESTIONS

from huiyin.facts import Filter

FILTERS = {
    "everything": None,
    "period and region": Filter(since=date(2026, 4, 1), until=date(2026, 4, 20), region=("华东", "")),
    "opinions": Filter(aspect=("delivery",), polarity=(-1,), intent=("complaint", "")),
    "all together": Filter(
        segment=("vip", "new"), text=("app",), invited=False, attributes={"颜色": ("", "红")}, store=("门店01", ""), intent=("wish", "praise")
    ),
}


def rows(table):
    return [tuple(sorted(value) if isinstance(value, list) else value for value in row.values()) for row in table.to_pylist()]


def same(one, other) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) or (math.isnan(one) and math.isnan(other))
    return type(one) is type(other) and one == other


@pytest.mark.parametrize("narrowed", FILTERS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_engine_gives_the_same_contents(engines, question, narrowed):
    sql, parameters = QUESTIONS[question]
    answers = {kind: facts.query(sql, parameters, where=FILTERS[narrowed]) for kind, facts in engines.items()}
    expected = answers["memory"]
    for kind, answer in answers.items():
        assert answer.column_names == expected.column_names, kind
        assert [str(one) for one in answer.schema.types] == [str(one) for one in expected.schema.types], kind
        assert len(rows(answer)) == len(rows(expected)), kind
        for mine, theirs in zip(rows(answer), rows(expected), strict=True):
            assert all(map(same, mine, theirs)), (kind, mine, theirs)


def test_the_questions_find_something(engines):
    empty = [name for name, (sql, parameters) in QUESTIONS.items() if engines["memory"].query(sql, parameters).num_rows == 0]
    assert empty == ["rows without numbers"]
