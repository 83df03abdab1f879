"""When the verdict of a fix changes, followers and whoever answers for the problem are told, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.insight.analysis import problem_id
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.people.models import User
from huiyin.server.foundation.people.services.teams import team_make
from huiyin.server.prioritise.fixes.models import Fix
from huiyin.server.prioritise.fixes.services import fix_make, verdicts_tell
from huiyin.server.prioritise.notices.models import Kind, Notice
from huiyin.server.prioritise.notices.selectors import notices_of
from huiyin.server.prioritise.notices.services import notices_choose
from huiyin.server.prioritise.ownership.services.claims import claim_assign
from huiyin.server.prioritise.problems.deciding import problem_follow
from tests.server.world import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def fixed(company):
    """A fix that the voices call good, watched today, its follower and a person who answers for the problem."""
    planted, lead = company.effects["fix_that_works"], person("cx_lead")
    problem = problem_id(planted.path)
    owner, other = person("service_agent"), person("marketing")
    team = team_make(actor=lead, name="采购", parent=None, scope={})
    User.objects.filter(pk=owner.pk).update(team=team)
    claim_assign(lead, problem, team)
    problem_follow(other, problem, True)
    return fix_make(lead, problem, "换了供应商", planted.starts), owner, other


def _during(monkeypatch, day):
    monkeypatch.setattr("huiyin.server.prioritise.fixes.services.timezone.localdate", lambda: day)


def test_followers_and_owners_hear_of_a_verdict_once(fixed, monkeypatch):
    fix, owner, other = fixed
    Notice.objects.all().delete()
    _during(monkeypatch, fix.until)
    assert (verdicts_tell(), verdicts_tell()) == (1, 0)
    for one in (owner, other):
        notice = notices_of(one).get()
        assert (notice.kind, notice.told, notice.by_itself) == (Kind.VERDICT, "换了供应商 · 有效", True)
        assert notice.url.endswith("#fixes")
    entry = AuditEntry.objects.get(verb="fix.judged")
    assert (entry.before, entry.after) == ({"verdict": ""}, {"verdict": "worked"})


def test_another_verdict_is_told_and_an_open_one_is_not(fixed, monkeypatch):
    fix, _owner, other = fixed
    _during(monkeypatch, fix.until)
    Fix.objects.update(told="worse")
    assert verdicts_tell() == 1
    assert AuditEntry.objects.get(verb="fix.judged").before == {"verdict": "worse"}
    later = fix_make(person("analyst"), fix.problem_id, "同时的", fix.day)
    # Two at once cannot be told apart: what was told before stands.
    assert verdicts_tell() == 0
    assert set(Fix.objects.values_list("pk", "told")) == {(fix.pk, "worked"), (later.pk, "")}


def test_old_news_are_kept_without_a_word(fixed, monkeypatch):
    fix, _owner, _other = fixed
    _during(monkeypatch, fix.until + timedelta(days=1))
    Notice.objects.all().delete()
    assert verdicts_tell() == 0
    fix.refresh_from_db()
    assert (fix.told, Notice.objects.count()) == ("worked", 0)


def test_who_does_not_want_verdicts_hears_none(fixed, monkeypatch):
    fix, owner, other = fixed
    _during(monkeypatch, fix.until)
    notices_choose(owner, [kind for kind in Kind.values if kind != Kind.VERDICT])
    verdicts_tell()
    assert "fix.judged" not in [one.verb for one in notices_of(owner)]
    assert "fix.judged" in [one.verb for one in notices_of(other)]
