"""A problem turned into tasks: who gets one is told, they stay with the problem through merges, and nobody else moves them."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.utils import timezone

from huiyin.facts import Filter
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.people.models import Team
from huiyin.server.prioritise.notices.selectors import notices_of
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.services import problem_merge, problem_unmerge
from huiyin.server.prioritise.tasks.models import Task
from huiyin.server.prioritise.tasks.selectors import tasks_for, tasks_of
from huiyin.server.prioritise.tasks.services import TaskRefused, task_make, task_move
from tests.server.world import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(company) -> str:
    return listing(Filter()).value.rows[0].problem_id


def test_who_gets_a_task_is_told_and_finds_it(first):
    lead, agent = person("cx_lead"), person("service_agent")
    task = task_make(lead, first, "查三月的库存差异", person=agent, due=timezone.localdate() - timedelta(days=1))
    (mine,) = tasks_for(agent)
    assert (mine.task.pk, mine.problem_id, mine.late, mine.who) == (task.pk, first, True, str(agent))
    assert tasks_for(lead) == []
    (told,) = notices_of(agent)
    assert (told.problem_id, told.kind) == (first, "task")
    assert "查三月的库存差异" in told.params["said"]
    task_move(agent, task, "done")
    assert tasks_for(agent) == []
    assert [one.task.state for one in tasks_for(agent, only_open=False)] == ["done"]
    verbs = list(AuditEntry.objects.filter(object_id=first, verb__startswith="problem.task").order_by("id").values_list("verb", flat=True))
    assert verbs == ["problem.task_made", "problem.task_moved"]


def test_a_task_goes_with_its_problem_and_comes_back_with_it(company):
    (stays, goes) = (row.problem_id for row in listing(Filter()).value.rows[:2])
    lead = person("cx_lead")
    task_make(lead, goes, "回访十位客户", person=lead)
    problem_merge(lead, goes, stays)
    assert [one.task.title for one in tasks_of(stays)] == ["回访十位客户"]
    assert tasks_for(lead)[0].problem_id == stays
    problem_unmerge(lead, goes)
    assert tasks_of(stays) == []
    assert tasks_for(lead)[0].problem_id == goes


@pytest.mark.parametrize(
    ("title", "given", "due"),
    [(" ", True, None), ("做", False, None), ("做", True, date(1999, 1, 1)), ("做", True, date(2999, 1, 1))],
)
def test_what_is_no_task_is_refused(first, title, given, due):
    lead = person("cx_lead")
    with pytest.raises(TaskRefused):
        task_make(lead, first, title, person=lead if given else None, due=due)
    assert Task.objects.count() == 0


def test_not_to_do_it_needs_a_reason(first):
    lead = person("cx_lead")
    task = task_make(lead, first, "换包装", person=lead)
    with pytest.raises(TaskRefused):
        task_move(lead, task, "dropped", "  ")
    task_move(lead, task, "dropped", "已停产")
    assert (task.state, task.reason) == ("dropped", "已停产")
    task_move(lead, task, "open")
    assert task.reason == ""


def test_only_whose_it_is_and_who_may_write_problems_moves_it(first, browser):
    lead = person("cx_lead")
    task = task_make(lead, first, "换包装", team=Team.objects.create(name="交付"))
    stranger = browser("everyone")
    assert stranger.post(f"/tasks/{task.pk}/", {"state": "done"}).status_code == 404
    task.refresh_from_db()
    assert task.state == "open"
    assert browser("product").post(f"/tasks/{task.pk}/", {"state": "doing"}).status_code in (302, 404)


def test_the_problem_page_makes_one_and_the_list_says_it_and_takes_it_along(first, browser):
    guest, somebody = browser("cx_lead"), person("product")
    answer = guest.post(f"/tasks/of/{first}/", {"title": "=1+1 <b>查</b>", "person": somebody.pk, "due": "2026-12-01"})
    assert answer.url.endswith(f"/problems/{first}/#tasks")
    page = guest.get(f"/problems/{first}/").content.decode()
    assert "=1+1 &lt;b&gt;查&lt;/b&gt;" in page
    listed = guest.get("/tasks/?which=all").content.decode()
    assert "&lt;b&gt;查" in listed and "2026-12-01" in listed
    rows = list(csv.reader(io.StringIO(b"".join(guest.get("/tasks/export/?which=all").streaming_content).decode("utf-8-sig"))))
    assert rows[1][0] == "'=1+1 <b>查</b>"
    assert rows[1][2] == first
