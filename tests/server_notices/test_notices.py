"""Who follows a problem is told what others do with it, from then on, until read, and only of the kinds wanted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.prioritise.notices.selectors import KINDS, notices_of
from huiyin.server.prioritise.notices.services import notices_choose, notices_read
from huiyin.server.prioritise.problems.deciding import problem_comment, problem_follow, problem_snooze
from huiyin.server.prioritise.problems.notes import mentions_of
from huiyin.server.prioritise.problems.register import register
from huiyin.server.prioritise.problems.services import problem_merge, problem_rename
from tests.server.world import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def problems(company):
    return [one.problem_id for one in register().definitions[:2]]


@pytest.fixture
def follower(problems):
    who = person("product")
    problem_follow(who, problems[0], True)
    return who


def told(user):
    return [one.entry.verb for one in notices_of(user)]


def test_a_follower_hears_of_others_and_not_of_herself(problems, follower):
    lead = person("cx_lead")
    problem_comment(lead, problems[0], "先看物流")
    problem_snooze(lead, problems[0], timezone.localdate() + timedelta(days=3), "等版本")
    problem_rename(follower, problems[0], "换了名字")
    problem_comment(lead, problems[1], "别的问题")
    assert told(follower) == ["problem.snoozed", "problem.commented"]
    assert notices_of(follower)[0].problem == "换了名字"
    assert told(person("analyst")) == []


def test_what_happened_before_she_followed_is_not_news(problems):
    late, lead = person("product"), person("cx_lead")
    problem_rename(lead, problems[0], "早先的名字")
    problem_follow(late, problems[0], True)
    assert told(late) == []


def test_a_merged_problem_is_told_under_the_one_that_stayed(problems, follower):
    lead = person("cx_lead")
    problem_merge(lead, problems[0], problems[1])
    problem_comment(lead, problems[1], "并到这里了")
    stayed = register().resolve(problems[0])
    assert "problem.commented" in told(follower)
    assert "problem.merged" in told(follower)
    assert {one.problem_id for one in notices_of(follower)} == {stayed}


def test_a_comment_that_names_her_is_told_once(problems, follower):
    problem_comment(person("cx_lead"), problems[0], f"@{follower.display_name} 看一下")
    assert len(mentions_of(follower)) == 1
    assert told(follower) == []


def test_a_kind_not_wanted_is_not_told_and_the_choice_is_recorded(problems, follower):
    problem_comment(person("cx_lead"), problems[0], "一句")
    notices_choose(follower, [key for key in KINDS if key != "comments"])
    assert told(follower) == []
    assert AuditEntry.objects.get(verb="notices.chosen").after == {"silent": ["comments"]}


def test_read_stays_read_and_what_came_since_does_not(problems, follower, client):
    lead = person("cx_lead")
    problem_comment(lead, problems[0], "第一句")
    seen = notices_of(follower)[0].entry.pk
    problem_comment(lead, problems[0], "第二句")
    client.force_login(follower)
    client.post("/notices/read/", {"to": seen})
    assert [one.unread for one in notices_of(follower)] == [True, False]
    assert len(notices_of(follower, only_unread=True)) == 1
    notices_read(follower, seen - 1)
    assert len(notices_of(follower, only_unread=True)) == 1


def test_the_page_and_its_count_in_the_side_bar(problems, follower, client):
    client.force_login(follower)
    assert "没有通知" in client.get("/notices/").content.decode()
    problem_comment(person("cx_lead"), problems[0], "一句")
    page = client.get("/notices/").content.decode()
    assert "评论了问题" in page
    assert "未读" in page
    assert '<span>通知</span><b class="count">1</b>' in page
    client.post("/notices/choose/", {"kind": ["owner"]})
    assert "没有通知" in client.get("/notices/").content.decode()
