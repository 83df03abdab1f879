"""Followers hear what happened to their problems, whoever is named always does, nobody hears of herself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from huiyin.facts import Filter
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.live.topics import admitted
from huiyin.server.foundation.people.models import User
from huiyin.server.foundation.people.services.teams import team_make
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.fixes.services import fix_make
from huiyin.server.prioritise.notices.models import Kind, Notice
from huiyin.server.prioritise.notices.selectors import notices_of
from huiyin.server.prioritise.notices.services import notices_choose, notices_forget, notices_see
from huiyin.server.prioritise.ownership.services.claims import claim_assign
from huiyin.server.prioritise.problems.deciding import problem_comment, problem_follow, problem_snooze, problem_wake, snoozes_end
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.services import problem_merge, problem_rename
from tests.server.world import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def problems(company):
    return [row.problem_id for row in listing(Filter()).value.rows]


@pytest.fixture
def lead():
    return person("cx_lead")


@pytest.fixture
def follower(problems):
    found = person("product")
    problem_follow(found, problems[0], True)
    return found


def _verbs(user) -> list[str]:
    return [one.verb for one in notices_of(user)]


def test_a_follower_hears_of_every_change_and_the_doer_of_none(problems, lead, follower):
    problem_follow(lead, problems[0], True)
    problem_rename(lead, problems[0], "底盘有响声")
    problem_snooze(lead, problems[0], timezone.localdate() + timedelta(days=3), "等下一版")
    problem_wake(lead, problems[0])
    problem_comment(lead, problems[0], "已经在看")
    fix_make(lead, problems[0], "换了衬套", date(2024, 5, 1), "", "")
    claim_assign(lead, problems[0], team_make(actor=lead, name="底盘", parent=None, scope={}))
    assert _verbs(follower) == ["claim.assigned", "fix.made", "problem.commented", "problem.woken", "problem.snoozed", "problem.renamed"]
    assert not _verbs(lead)
    assert {one.problem_name for one in notices_of(follower)[:5]} == {"底盘有响声"}


def test_followers_of_both_problems_hear_of_a_merge(problems, lead, follower):
    other = person("marketing")
    problem_follow(other, problems[1], True)
    problem_merge(lead, problems[0], problems[1])
    assert _verbs(follower) == _verbs(other) == ["problem.merged"]
    problem_comment(lead, problems[1], "合在一起了")
    assert _verbs(follower)[0] == "problem.commented"


def test_whoever_is_named_hears_of_it_once_whatever_she_chose(problems, lead, follower):
    notices_choose(follower, [])
    problem_comment(lead, problems[0], "先放着")
    problem_comment(lead, problems[0], f"@{follower.display_name} 请看")
    assert [one.kind for one in notices_of(follower)] == [Kind.NAMED]
    assert AuditEntry.objects.get(verb="notices.chosen").after == {"unwanted": ["comment", "state", "owner", "fix", "task", "verdict", "awake"]}


def test_nothing_is_told_of_what_did_not_happen(problems, lead, follower):
    with state_write():
        problem_rename(lead, problems[0], "不算数")
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_who_left_or_follows_no_longer_hears_nothing(problems, lead, follower):
    problem_follow(follower, problems[0], False)
    gone = person("marketing")
    problem_follow(gone, problems[0], True)
    gone.is_active = False
    gone.save()
    problem_rename(lead, problems[0], "响声")
    assert not Notice.objects.exists()


def test_the_page_escapes_clips_and_counts(problems, lead, follower, client):
    problem_comment(lead, problems[0], "<script>alert(1)</script>" + "很长" * 200)
    client.force_login(follower)
    page = client.get("/notices/").content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;" in page
    assert "很长" * 80 not in page
    assert 'class="bell-count">1<' in client.get("/notices/bell/").content.decode()
    number = notices_of(follower).get().pk
    assert client.get(f"/notices/{number}/").headers["Location"] == f"/problems/{problems[0]}/#comments"
    assert "bell-count" not in client.get("/notices/bell/").content.decode()
    assert "没有未读的通知" in client.get("/notices/?unread=1").content.decode()


def test_nobody_reads_or_marks_the_notices_of_another(problems, lead, follower, client):
    problem_rename(lead, problems[0], "响声")
    one = notices_of(follower).get()
    client.force_login(lead)
    assert client.get(f"/notices/{one.pk}/").headers["Location"] == "/notices/"
    client.post("/notices/see/", {"notice": one.pk})
    client.post("/notices/see/")
    one.refresh_from_db()
    assert one.seen_at is None
    assert admitted(lead, [f"notices.{follower.pk}", "notices", f"notices.{lead.pk}"]) == [f"notices.{lead.pk}"]


def test_one_or_all_are_marked_as_read(problems, lead, follower, client):
    for name in ("一", "二", "三"):
        problem_rename(lead, problems[0], name)
    client.force_login(follower)
    client.post("/notices/see/", {"notice": notices_of(follower)[0].pk})
    assert notices_of(follower, unread=True).count() == 2
    client.post("/notices/see/")
    assert not notices_of(follower, unread=True).exists()
    assert notices_see(follower) == 0


def test_the_end_of_waiting_is_told_once_to_followers_and_owners(problems, lead, follower, monkeypatch):
    owner = person("service_agent")
    team = team_make(actor=lead, name="底盘", parent=None, scope={})
    User.objects.filter(pk=owner.pk).update(team=team)
    claim_assign(lead, problems[0], team)
    today = timezone.localdate()
    problem_snooze(lead, problems[0], today + timedelta(days=2), "等下一版")
    Notice.objects.all().delete()
    assert snoozes_end() == 0
    monkeypatch.setattr("huiyin.server.prioritise.problems.deciding.timezone.localdate", lambda: today + timedelta(days=3))
    assert (snoozes_end(), snoozes_end()) == (1, 0)
    for one in (owner, follower):
        notice = notices_of(one).get()
        assert (notice.kind, notice.verb) == (Kind.AWAKE, "problem.snooze_ended")
        assert "等下一版" in notice.told
    problem_wake(lead, problems[0])
    assert "problem.woken" not in _verbs(follower)


def test_notices_are_kept_for_180_days(problems, lead, follower):
    problem_rename(lead, problems[0], "旧")
    Notice.objects.update(made_at=timezone.now() - timedelta(days=181))
    problem_rename(lead, problems[0], "新")
    assert notices_forget() == 1
    assert [one.params["said"] for one in notices_of(follower)] == ["新"]
