"""Writes of the register: every edit is a row, and a problem keeps its id through all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from huiyin.facts import Filter
from huiyin.insight.problems import Definition, Register, RegisterError, part_id
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.problems.models import ProblemChange
from huiyin.server.prioritise.problems.register import name_of, register

UNDONE_WITHIN = timedelta(days=30)
"""For so long a merge can be taken back."""


def problem_rename(user: Any, problem_id: str, name: str) -> None:
    """Give a problem another name; an empty one lets it be called by its aspect again.

    Raises:
        RegisterError: there is no such problem.
    """
    with state_write():
        one = living(problem_id)
        _change("rename", one, {"name": name.strip()}, user)
        record("problem.renamed", one.problem_id, actor=user, object_type="problem", object_name=name_of(one), after={"name": name.strip()})


def problem_merge(user: Any, problem_id: str, into: str) -> str:
    """Let a problem go into another: its id leads there from now on. Gives the id that stays.

    Raises:
        RegisterError: one of them is not there, they are the same, or their conditions differ.
    """
    with state_write():
        gone, kept = living(problem_id), living(into)
        _stored(kept, user)
        _change("merge", gone, {"into": kept.problem_id}, user)
        record("problem.merged", gone.problem_id, actor=user, object_type="problem", object_name=name_of(gone), after={"into": name_of(kept)})
    return kept.problem_id


def problem_unmerge(user: Any, problem_id: str) -> str:
    """Let a problem come out again of the one it went into, as it was. Gives the id of the one it leaves.

    Raises:
        RegisterError: it was not merged lately, or what was done since stands in the way.
    """
    with state_write():
        rows = list(ProblemChange.objects.all())
        merged = next((row for row in reversed(rows) if row.kind == "merge" and row.problem_id == problem_id), None)
        if merged is None or merged.at < timezone.now() - UNDONE_WITHIN:
            raise RegisterError(f"{problem_id} was not merged lately")
        before = Register.of((), (row.change for row in rows if row.pk < merged.pk)).problems
        back, kept = before[problem_id], before.get(str(merged.content["into"]))
        if kept is not None and set(kept.aspects) & set(back.aspects):
            raise RegisterError(f"{problem_id} brought aspects that were there before")
        leaves = living(problem_id)
        _change("unmerge", back, _content(back), user)
        record("problem.unmerged", problem_id, actor=user, object_type="problem", object_name=name_of(back), after={"out_of": name_of(leaves)})
    return leaves.problem_id


def problem_split(user: Any, problem_id: str, parts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Split a problem into parts, each with `name`, `aspects` and `condition` (a `Filter`); the first keeps the id. Gives all ids.

    Raises:
        RegisterError: there is no such problem, or fewer than two parts.
    """
    with state_write():
        whole = living(problem_id)
        now = timezone.now().isoformat()
        ids = [whole.problem_id if at == 0 else part_id(whole.problem_id, at, now) for at in range(len(parts))]
        told = [
            {"id": key, "name": part["name"], "aspects": list(part["aspects"]), "condition": part.get("condition", Filter()).to_query()}
            for key, part in zip(ids, parts, strict=True)
        ]
        _change("split", whole, {"parts": told}, user)
        parts_named = [str(part["name"]) for part in parts]
        record("problem.split", whole.problem_id, actor=user, object_type="problem", object_name=name_of(whole), after={"parts": parts_named})
    return ids


def problem_exported(user: Any, one: Definition, name: str) -> None:
    """Note that somebody took a part of its page along, as a file or as a picture."""
    with state_write():
        record("problem.exported", one.problem_id, actor=user, object_type="problem", object_name=name)


def living(problem_id: str) -> Definition:
    """The problem that an id, present or former, leads to.

    Raises:
        RegisterError: no such id was ever given.
    """
    try:
        return register().living(problem_id)
    except KeyError:
        raise RegisterError(f"there is no problem {problem_id}") from None


def _stored(one: Definition, user: Any) -> None:
    """The problem as a row, where it had none: from here on its id stands, whatever becomes of its aspect."""
    if not ProblemChange.objects.filter(problem_id=one.problem_id).exists() and not _made_by_split(one.problem_id):
        change_write("add", one.problem_id, _content(one), user)


def _content(one: Definition) -> dict[str, Any]:
    """A problem as a row of the register tells it."""
    return {"name": one.name, "aspects": list(one.aspects), "condition": one.condition.to_query()}


def _made_by_split(problem_id: str) -> bool:
    return any(part["id"] == problem_id for row in ProblemChange.objects.filter(kind="split") for part in row.content["parts"])


def _change(kind: str, one: Definition, content: Mapping[str, Any], user: Any) -> None:
    """One edit, tried on the register before it is kept."""
    _stored(one, user)
    row = change_write(kind, one.problem_id, content, user)
    # A register that cannot be folded would close every page: the transaction ends here if this edit is the one.
    register()
    publish("problems", {"problem": row.problem_id})


def change_write(kind: str, problem_id: str, content: Mapping[str, Any], user: Any) -> ProblemChange:
    """One row of the register, inside the caller's transaction and with the caller's audit row."""
    author = user if getattr(user, "pk", None) else None
    return ProblemChange.objects.create(
        kind=kind, problem_id=problem_id, content=dict(content), author=author, author_name=str(user or ""), at=timezone.now()
    )
