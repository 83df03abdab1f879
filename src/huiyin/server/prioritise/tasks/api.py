"""`/api/v1/tasks`: what problems were turned into."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.foundation.people.models import Team, User
from huiyin.server.prioritise.tasks.models import Task
from huiyin.server.prioritise.tasks.selectors import Listed, listed, tasks_for
from huiyin.server.prioritise.tasks.services import TaskRefused, task_make, task_move
from huiyin.server.web.rights import needs

router = Router(tags=["tasks"])
prefix = "/tasks"
_WRITES = Holding("problems.write")


class TaskIn(Schema):
    """A step; for a person, a team, or both."""

    problem_id: str = Field(max_length=20)
    title: str = Field(min_length=1, max_length=200)
    team: int | None = None
    person: int | None = None
    due: date | None = None


class Moving(Schema):
    """How far it is; `reason` for what will not be done."""

    state: Literal["open", "doing", "done", "dropped"]
    reason: str = Field("", max_length=300)


class TaskOut(Schema):
    """A task under the problem it belongs to now."""

    id: int
    problem_id: str
    problem: str
    title: str
    who: str
    due: date | None
    state: str
    reason: str
    late: bool


@router.get("", response=list[TaskOut], url_name="tasks")
@needs("problems.read")
def get_tasks(request: HttpRequest, which: Literal["mine", "team", "all"] = "mine", done: bool = False) -> Any:
    """One's own tasks, those of one's team, or all; with `done` also what is over."""
    return [_told(one) for one in tasks_for(request.user, which, only_open=not done)]


@router.post("", response={201: TaskOut}, url_name="tasks_make", auth=_WRITES)
@needs("problems.write")
def make(request: HttpRequest, body: TaskIn) -> Any:
    """Turn a problem into a task."""
    team = get_object_or_404(Team, pk=body.team) if body.team is not None else None
    person = get_object_or_404(User, pk=body.person, is_active=True) if body.person is not None else None
    try:
        made = task_make(request.user, body.problem_id, body.title, team, person, body.due)
    except TaskRefused as refused:
        raise HttpError(422, str(refused)) from None
    except KeyError:
        raise Http404 from None
    return Status(201, _one(made))


@router.post("/{int:number}", response=TaskOut, url_name="tasks_move", auth=_WRITES)
@needs("problems.write")
def move(request: HttpRequest, number: int, body: Moving) -> Any:
    """Say how far a task is."""
    task = get_object_or_404(Task, pk=number)
    try:
        task_move(request.user, task, body.state, body.reason)
    except TaskRefused as refused:
        raise HttpError(422, str(refused)) from None
    return _one(task)


def _one(task: Task) -> dict[str, Any]:
    return _told(listed(Task.objects.filter(pk=task.pk))[0])


def _told(one: Listed) -> dict[str, Any]:
    task = one.task
    return {
        "id": task.pk, "problem_id": one.problem_id, "problem": one.problem, "title": task.title, "who": one.who,
        "due": task.due, "state": task.state, "reason": task.reason, "late": one.late,
    }  # fmt: skip
