"""Reads of tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.server.prioritise.problems.notes import former_ids
from huiyin.server.prioritise.problems.register import name_of, register
from huiyin.server.prioritise.tasks.models import OPEN_STATES, Task
from huiyin.server.prioritise.tasks.services import who

LISTS = ("mine", "team", "all")


@dataclass(frozen=True, slots=True)
class Listed:
    """A task with the problem it belongs to now."""

    task: Task
    problem_id: str
    problem: str
    who: str
    late: bool


def tasks_of(problem_id: str) -> list[Listed]:
    """Those of a problem and of all that went into it: what is left to do first."""
    found = listed(Task.objects.filter(problem_id__in=former_ids(problem_id)))
    return sorted(found, key=lambda one: not one.task.is_open)


def tasks_for(user: Any, which: str = "mine", only_open: bool = True) -> list[Listed]:
    """One's own, those of one's team as well, or everybody's."""
    asked = Task.objects.all()
    if which != "all":
        own = Q(person=user)
        if which == "team" and user.team_id:
            own |= Q(team_id=user.team_id)
        asked = asked.filter(own)
    return listed(asked.filter(state__in=OPEN_STATES) if only_open else asked)


def listed(rows: Any) -> list[Listed]:
    """Rows with their problems; one whose problem was never given stands under its id."""
    known, today, found = register(), timezone.localdate(), []
    for task in rows.select_related("person", "team"):
        try:
            one = known.living(task.problem_id)
            problem_id, name = one.problem_id, name_of(one)
        except KeyError:
            problem_id = name = task.problem_id
        late = task.is_open and task.due is not None and task.due < today
        found.append(Listed(task, problem_id, name, who(task), late))
    return found


def rows_of(tasks: Sequence[Listed]) -> Iterator[Sequence[Any]]:
    """As a file: the head, then a line each."""
    yield (_("任务"), _("问题"), _("问题编号"), _("谁来做"), _("期限"), _("状态"), _("为什么"), _("何时建的"))
    for one in tasks:
        task = one.task
        made = timezone.localtime(task.made_at).strftime("%Y-%m-%d %H:%M")
        yield (task.title, one.problem, one.problem_id, one.who, str(task.due or ""), str(task.get_state_display()), task.reason, made)
