"""Writes of tasks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.people.models import Team, User
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.problems.models import ProblemFollow
from huiyin.server.prioritise.problems.register import name_of, register
from huiyin.server.prioritise.tasks.models import DROPPED, Task

_FARTHEST = 3 * 366
"""Days."""


class TaskRefused(ValueError):
    """A task that cannot be so; `str` of it is for the person."""


def task_make(user: Any, problem_id: str, title: str, team: Team | None = None, person: User | None = None, due: date | None = None) -> Task:
    """Turn a problem into a step for somebody. Who gets it follows the problem from now on, and so is told.

    Raises:
        TaskRefused: it says nothing, is nobody's, or due on a day that is none.
        KeyError: no such problem.
    """
    one = register().living(problem_id)
    if not title.strip():
        raise TaskRefused(_("写上做什么。"))
    if team is None and person is None:
        raise TaskRefused(_("选一个人或一个小组。"))
    _due(due)
    with state_write():
        if person is not None:
            ProblemFollow.objects.get_or_create(problem_id=one.problem_id, user=person)
        made = Task.objects.create(problem_id=one.problem_id, title=title.strip()[:200], team=team, person=person, due=due, author=user)
        _recorded("problem.task_made", made, user, {"who": who(made), "due": due.isoformat() if due else ""})
    return made


def task_move(user: Any, task: Task, state: str, reason: str = "") -> None:
    """Say how far it is.

    Raises:
        TaskRefused: no such state, or not to be done without a reason.
    """
    if state not in Task.State.values:
        raise TaskRefused(_("没有这种状态。"))
    said = reason.strip()[:300] if state == DROPPED else ""
    if state == DROPPED and not said:
        raise TaskRefused(_("写上为什么不做。"))
    with state_write():
        before = task.state
        if (before, task.reason) == (state, said):
            return
        task.state, task.reason = state, said
        task.save(update_fields=["state", "reason", "moved_at"])
        _recorded("problem.task_moved", task, user, {"state": str(Task.State(state).label), **({"reason": said} if said else {})})


def who(task: Task) -> str:
    """周砚 · 客户体验部."""
    return " · ".join(str(one) for one in (task.person, task.team) if one)


def _due(day: date | None) -> None:
    if day is not None and (day.year < 2000 or (day - timezone.localdate()).days > _FARTHEST):
        raise TaskRefused(_("日期不对：%(day)s") % {"day": day.isoformat()})


def _recorded(verb: str, task: Task, user: Any, after: dict[str, Any]) -> None:
    """In the history of the problem: there it is looked for, and from there it reaches who follows, and other programs."""
    one = register().living(task.problem_id)
    told = {"task": task.title, **after}
    record(verb, one.problem_id, actor=user, object_type="problem", object_name=name_of(one), after=told)
    publish("problems", {"problem": one.problem_id})
