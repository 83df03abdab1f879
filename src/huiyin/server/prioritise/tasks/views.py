"""Screens of tasks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.people.models import Team, User
from huiyin.server.foundation.people.selectors import teams_as_tree
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.tasks.models import Task
from huiyin.server.prioritise.tasks.selectors import LISTS, rows_of, tasks_for, tasks_of
from huiyin.server.prioritise.tasks.services import TaskRefused, task_make, task_move
from huiyin.server.web.fragments import go_to, number_asked, render_screen
from huiyin.server.web.rights import needs
from huiyin.server.web.taking import csv_file, dated


def section(request: HttpRequest, problem_id: str) -> dict[str, Any]:
    """What `tasks/_section.html` shows on a problem's page."""
    writes = request.user.has_perm("problems.write")
    return {
        "tasks": tasks_of(problem_id),
        "problem_id": problem_id,
        "states": Task.State.choices,
        "writes": writes,
        "teams": teams_as_tree() if writes else [],
        "people": User.objects.filter(is_active=True).order_by("display_name", "id") if writes else [],
    }


@require_GET
@needs("problems.read")
def tasks(request: HttpRequest) -> HttpResponse:
    """我的任务, those of the team, or all."""
    which, everything = _which(request), request.GET.get("done") == "1"
    rows = tasks_for(request.user, which, only_open=not everything)
    context = {"rows": rows, "which": which, "everything": everything, "states": Task.State.choices, "late": sum(one.late for one in rows)}
    return render_screen(request, "tasks/tasks.html", context)


@require_GET
@needs("voices.export")
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The list as it is looked at."""
    rows = tasks_for(request.user, _which(request), only_open=request.GET.get("done") != "1")
    with state_write():
        record("tasks.exported", "", actor=request.user, object_type="tasks", object_name=_("任务"))
    return csv_file(rows_of(rows), dated("tasks", "csv"))


@require_POST
@needs("problems.write")
def make(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Turn a problem into a task."""
    said, back = request.POST, reverse("problems:problem", args=[problem_id]) + "#tasks"
    try:
        due = date.fromisoformat(said["due"]) if said.get("due") else None
    except ValueError:
        return go_to(request, back, toast=_("日期不对"))
    team = Team.objects.filter(pk=number_asked(said.get("team", ""))).first()
    person = User.objects.filter(pk=number_asked(said.get("person", "")), is_active=True).first()
    try:
        task_make(request.user, problem_id, said.get("title", ""), team, person, due)
    except TaskRefused as refused:
        return go_to(request, back, toast=str(refused))
    except KeyError:
        raise Http404 from None
    return go_to(request, back, toast=_("已转为任务"))


@require_POST
@needs("problems.read")
def move(request: HttpRequest, number: int) -> HttpResponse:
    """Say how far a task is: whoever may write problems, and whoever it was given to."""
    task = get_object_or_404(Task, pk=number)
    if not may_move(request.user, task):
        raise Http404
    back = reverse("tasks:tasks") if request.POST.get("back") == "tasks" else reverse("problems:problem", args=[task.problem_id]) + "#tasks"
    try:
        task_move(request.user, task, request.POST.get("state", ""), request.POST.get("reason", ""))
    except TaskRefused as refused:
        return go_to(request, back, toast=str(refused))
    return go_to(request, back, toast=_("已更新"))


def may_move(user: Any, task: Task) -> bool:
    """Whether somebody may say how far a task is."""
    return bool(user.has_perm("problems.write") or task.person_id == user.pk or (task.team_id and task.team_id == user.team_id))


def _which(request: HttpRequest) -> str:
    asked = request.GET.get("which", LISTS[0])
    return asked if asked in LISTS else LISTS[0]
