"""A merge can be taken back: both problems stand as they did, under their ids, with what was written beside them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.facts import Filter
from huiyin.insight.problems import RegisterError
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.prioritise.problems.deciding import problem_comment
from huiyin.server.prioritise.problems.models import ProblemChange
from huiyin.server.prioritise.problems.notes import comments_of, merged_lately
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import register
from huiyin.server.prioritise.problems.services import UNDONE_WITHIN, problem_merge, problem_rename, problem_split, problem_unmerge
from tests.server.world import person

pytestmark = pytest.mark.django_db


def ranked() -> list[tuple[str, int]]:
    return [(row.problem_id, row.customers) for row in listing(Filter()).value.rows]


def test_both_stand_as_they_did_with_what_was_said_of_them(company):
    user, before = person("cx_lead"), ranked()
    stays, goes = before[0][0], before[1][0]
    problem_comment(user, goes, "先查库存")
    problem_rename(user, goes, "老名字")
    problem_merge(user, goes, stays)
    assert register().resolve(goes) == stays
    assert [one for one, _name in merged_lately(stays)] == [goes]
    assert problem_unmerge(user, goes) == stays
    assert ranked() == before
    assert register().problems[goes].name == "老名字"
    assert [one.text for one in comments_of(goes)] == ["先查库存"]
    assert comments_of(stays) == []
    assert merged_lately(stays) == []
    assert AuditEntry.objects.filter(verb="problem.unmerged", object_id=goes).count() == 1


def test_what_stands_in_the_way_is_said_and_nothing_changes(company):
    user = person("cx_lead")
    (stays, _n), (goes, _m), (third, _k), *_rest = ranked()
    with pytest.raises(RegisterError):
        problem_unmerge(user, goes)
    problem_merge(user, goes, stays)
    one = register().problems[stays]
    problem_split(user, stays, [{"name": "甲", "aspects": one.aspects[1:]}, {"name": "乙", "aspects": one.aspects[:1]}])
    rows = ProblemChange.objects.count()
    with pytest.raises(RegisterError):
        problem_unmerge(user, goes)
    assert ProblemChange.objects.count() == rows
    assert register().resolve(goes) == stays
    problem_merge(user, third, stays)
    ProblemChange.objects.filter(kind="merge", problem_id=third).update(at=ProblemChange.objects.latest("id").at - UNDONE_WITHIN - timedelta(days=1))
    with pytest.raises(RegisterError):
        problem_unmerge(user, third)


def test_the_page_offers_it_after_a_merge_and_in_the_history(company, browser):
    (stays, _n), (goes, _m), *_rest = ranked()
    guest = browser("cx_lead")
    answer = guest.post(f"/problems/{goes}/merge/", {"into": stays})
    assert answer.status_code == 302
    page = guest.get(answer.url).content.decode()
    assert page.count(f"/problems/{goes}/unmerge/") == 2
    assert guest.post(f"/problems/{goes}/unmerge/").url == f"/problems/{goes}/"
    assert f"/problems/{goes}/unmerge/" not in guest.get(f"/problems/{stays}/").content.decode()
    assert {goes, stays} <= set(register().problems)
