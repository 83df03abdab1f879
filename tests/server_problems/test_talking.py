"""Colleagues are named, told, and see who said what; links are checked; looking is counted once a day."""

from __future__ import annotations

import pytest

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.prioritise.problems.deciding import Refused, link_add, problem_comment, problem_seen
from huiyin.server.prioritise.problems.models import Mention, ProblemLink, ProblemView
from huiyin.server.prioritise.problems.notes import attention, mentions_of
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.services import problem_merge
from tests.server.world import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(company):
    from huiyin.facts import Filter

    return listing(Filter()).value.rows[0].problem_id


def test_whoever_is_named_is_told_until_she_looked(first, client):
    author, named = person("cx_lead"), person("product")
    problem_comment(author, first, f"@{named.display_name} 这周能看吗？@没有这个人")
    assert [one.comment.text[:1] for one in mentions_of(named)] == ["@"]
    assert not mentions_of(author)
    client.force_login(named)
    assert "提到你的" in client.get("/problems/").content.decode()
    page = client.get(f"/problems/{first}/")
    assert "这周能看吗" in page.content.decode()
    assert not mentions_of(named)
    assert Mention.objects.get().seen_at is not None


def test_what_is_said_escapes(first, client):
    person_ = person("cx_lead")
    problem_comment(person_, first, "<script>alert(1)</script>")
    client.force_login(person_)
    assert "<script>alert(1)" not in client.get(f"/problems/{first}/").content.decode()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.b/c", "http://", "https://user:pass@host/", "http://a b/", "//host/x", "data:text/html,x"]
)
def test_only_web_addresses_are_links(first, url):
    with pytest.raises(Refused):
        link_add(person("cx_lead"), first, "题", url)
    assert not ProblemLink.objects.exists()


def test_a_link_is_kept_and_recorded(first):
    link_add(person("cx_lead"), first, "缺陷单", "https://tracker.example.com/T-1")
    assert ProblemLink.objects.get().url == "https://tracker.example.com/T-1"
    assert AuditEntry.objects.filter(verb="problem.linked", object_id=first).count() == 1


def test_looking_counts_people_and_days(first):
    one, other = person("cx_lead"), person("product")
    for looker in (one, one, other):
        problem_seen(looker, first)
    assert ProblemView.objects.count() == 2
    assert attention() == {first: 2.0}


def test_what_was_said_of_a_merged_problem_belongs_to_the_one_that_stays(company):
    from huiyin.facts import Filter
    from huiyin.server.prioritise.problems.notes import comments_of

    stays, gone = (row.problem_id for row in listing(Filter()).value.rows[:2])
    user = person("cx_lead")
    problem_comment(user, gone, "先说的")
    problem_merge(user, gone, stays)
    problem_comment(user, gone, "后说的")
    assert [one.text for one in comments_of(stays)] == ["先说的", "后说的"]


def test_an_old_address_leads_on(company, client):
    from huiyin.facts import Filter

    stays, gone = (row.problem_id for row in listing(Filter()).value.rows[:2])
    user = person("cx_lead")
    problem_merge(user, gone, stays)
    client.force_login(user)
    assert client.get(f"/problems/{gone}/?period=all").headers["Location"] == f"/problems/{stays}/?period=all"
    assert client.get("/problems/P-NOSUCH/").status_code == 404
