"""A problem keeps its id and its voices through rename, merge, split and a new version of the taxonomy."""

from __future__ import annotations

import pytest

from huiyin.facts import Filter
from huiyin.insight.problems import RegisterError
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import name_of, register
from huiyin.server.prioritise.problems.services import problem_merge, problem_rename, problem_split
from tests.server.world import person

pytestmark = pytest.mark.django_db


def rows():
    return {row.problem_id: row for row in listing(Filter()).value.rows}


def test_a_name_that_people_gave_stays(company):
    first = next(iter(rows()))
    problem_rename(person("cx_lead"), first, "换个名字")
    known = register()
    assert name_of(known.problems[first]) == "换个名字"
    assert first in rows()


def test_merged_problems_count_their_customers_once(company):
    before = rows()
    one, other = list(before)[:2]
    assert problem_merge(person("cx_lead"), other, one) == one
    after = rows()
    assert other not in after
    assert register().resolve(other) == one
    assert max(before[one].customers, before[other].customers) < after[one].customers <= before[one].customers + before[other].customers


def test_a_split_problem_is_parted_by_its_conditions(company):
    before = rows()
    first = next(iter(before))
    aspects = register().problems[first].aspects
    from huiyin.server.understand.reading.facts import facts_store

    product = (
        facts_store()
        .query(
            "SELECT product AS p, count(*) AS n FROM opinion WHERE aspect = ? AND polarity = -1 GROUP BY product ORDER BY n DESC, p", [aspects[0]]
        )["p"][0]
        .as_py()
    )
    parts = [{"name": "那一款", "aspects": aspects, "condition": Filter(product=(product,))}, {"name": "其余", "aspects": aspects}]
    ids = problem_split(person("cx_lead"), first, parts)
    assert ids[0] == first
    after = rows()
    assert after[ids[0]].customers + after[ids[1]].customers >= before[first].customers
    assert after[ids[0]].customers < before[first].customers


def test_an_edit_that_cannot_be_made_leaves_no_row(company):
    from huiyin.server.prioritise.problems.models import ProblemChange

    first = next(iter(rows()))
    with pytest.raises(RegisterError):
        problem_merge(person("cx_lead"), first, first)
    assert not ProblemChange.objects.exists()
