"""Problems keep their ids: through rename, merge, split, a new taxonomy version, a rebuild.

A register is the fold of a list of changes, each a plain row with author and time, so that it survives whatever happens to the
facts: read the rows, apply them in order, and the same problems stand there under the same ids. An id is never given twice and
never lost: of a merged problem it leads to the one it went into, of a split one to its first part.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from scipy.optimize import linear_sum_assignment

from huiyin.facts import Filter
from huiyin.insight.problems.definitions import Definition

Kind = Literal["add", "rename", "merge", "unmerge", "split", "move"]


class RegisterError(ValueError):
    """A change that cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """One edit. `problem_id` is what it acts on; `content` depends on the kind.

    add     {"name", "aspects", "condition"}                  a new problem under this id
    rename  {"name"}
    merge   {"into"}                                          this one goes into another
    unmerge {"name", "aspects", "condition"}                  and comes out again as it was
    split   {"parts": [{"id", "name", "aspects", "condition"}]}   the parts take over; the first keeps the old id
    move    {"aspects"}                                       the same problem under other aspects (a new taxonomy version)
    """

    kind: Kind
    problem_id: str
    content: Mapping[str, Any]
    author: str
    at: str
    """ISO 8601 time."""

    def as_row(self) -> dict[str, str]:
        """For storing."""
        content = json.dumps(self.content, ensure_ascii=False, sort_keys=True)
        return {"kind": self.kind, "problem_id": self.problem_id, "content": content, "author": self.author, "at": self.at}

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> Change:
        """The change that `as_row` wrote."""
        return cls(row["kind"], row["problem_id"], json.loads(row["content"]), row["author"], row["at"])  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Register:
    """The problems there are, and where former ids lead."""

    problems: Mapping[str, Definition]
    went_into: Mapping[str, str]

    @classmethod
    def of(cls, definitions: Iterable[Definition], changes: Iterable[Change] = ()) -> Register:
        """The problems of a taxonomy, with every change applied in order."""
        register = cls({one.problem_id: one for one in definitions}, {})
        for change in changes:
            register = register.after(change)
        return register

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The living problems, by id."""
        return tuple(self.problems[one] for one in sorted(self.problems))

    def resolve(self, problem_id: str) -> str:
        """The living problem an id, present or former, leads to.

        Raises:
            KeyError: no such id was ever given.
        """
        while problem_id in self.went_into:
            problem_id = self.went_into[problem_id]
        if problem_id not in self.problems:
            raise KeyError(problem_id)
        return problem_id

    def after(self, change: Change) -> Register:
        """The register with one change made.

        Raises:
            RegisterError: it acts on a problem that is not there, or would lose or double an id.
        """
        return _MAKERS[change.kind](self, change)

    def living(self, problem_id: str) -> Definition:
        """The living problem an id, present or former, leads to.

        Raises:
            KeyError: no such id was ever given.
        """
        return self.problems[self.resolve(problem_id)]

    def _to_change(self, problem_id: str) -> Definition:
        try:
            return self.living(problem_id)
        except KeyError:
            raise RegisterError(f"there is no problem {problem_id}") from None

    def _added(self, change: Change) -> Register:
        if change.problem_id in self.problems or change.problem_id in self.went_into:
            raise RegisterError(f"the id {change.problem_id} has been given before")
        return Register({**self.problems, change.problem_id: _definition(change.problem_id, change.content)}, self.went_into)

    def _renamed(self, change: Change) -> Register:
        one = self._to_change(change.problem_id)
        return Register({**self.problems, one.problem_id: replace(one, name=str(change.content["name"]))}, self.went_into)

    def _moved(self, change: Change) -> Register:
        one = self._to_change(change.problem_id)
        return Register({**self.problems, one.problem_id: replace(one, aspects=tuple(change.content["aspects"]))}, self.went_into)

    def _merged(self, change: Change) -> Register:
        gone, kept = self._to_change(change.problem_id), self._to_change(str(change.content["into"]))
        if gone.problem_id == kept.problem_id:
            raise RegisterError(f"{change.problem_id} cannot be merged into itself")
        if gone.condition != kept.condition:
            raise RegisterError("problems under different conditions cannot be merged; change the conditions first")
        together = replace(kept, aspects=tuple(dict.fromkeys((*kept.aspects, *gone.aspects))))
        problems = {key: one for key, one in self.problems.items() if key != gone.problem_id}
        return Register({**problems, kept.problem_id: together}, {**self.went_into, gone.problem_id: kept.problem_id})

    def _unmerged(self, change: Change) -> Register:
        if change.problem_id not in self.went_into:
            raise RegisterError(f"{change.problem_id} went into no other problem")
        back, kept = _definition(change.problem_id, change.content), self._to_change(change.problem_id)
        left = tuple(one for one in kept.aspects if one not in back.aspects)
        if back.condition != kept.condition or len(left) + len(back.aspects) != len(kept.aspects) or not left:
            raise RegisterError(f"what {change.problem_id} brought is not there any more as it came")
        went_into = {key: into for key, into in self.went_into.items() if key != change.problem_id}
        return Register({**self.problems, kept.problem_id: replace(kept, aspects=left), back.problem_id: back}, went_into)

    def _split(self, change: Change) -> Register:
        whole = self._to_change(change.problem_id)
        parts = list(change.content["parts"])
        if len(parts) < 2:
            raise RegisterError("a problem is split into two parts or more")
        made = [_definition(whole.problem_id if at == 0 else str(part["id"]), part) for at, part in enumerate(parts)]
        new = [one.problem_id for one in made[1:]]
        if len(set(new)) < len(new) or any(one in self.problems or one in self.went_into for one in new):
            raise RegisterError("the parts of a split problem need new ids")
        return Register({**self.problems, **{one.problem_id: one for one in made}}, self.went_into)


_MAKERS = {
    "add": Register._added,
    "rename": Register._renamed,
    "merge": Register._merged,
    "unmerge": Register._unmerged,
    "split": Register._split,
    "move": Register._moved,
}


def part_id(problem_id: str, number: int, at: str) -> str:
    """A new id for part `number` of a problem split at a time: never that of another part.

    >>> part_id("P-1", 1, "2026-01-01T00:00:00") != part_id("P-1", 2, "2026-01-01T00:00:00")
    True
    """
    return "P-" + hashlib.sha256(f"{problem_id}|{number}|{at}".encode()).hexdigest()[:6].upper()


def carried_over(before: Mapping[str, Sequence[str]], found: Sequence[Sequence[str]], least: float = 0.3) -> list[str | None]:
    """Which former problem each newly found group of voices is, by the feedback they share; None where it is new.

    Groups are paired so that the sum of Jaccard resemblances is largest (Kuhn, "The Hungarian method", 1955); a pair that
    resembles less than `least` is none. Each former problem is carried over at most once.

    >>> carried_over({"P-1": ["a", "b", "c"], "P-2": ["x"]}, [["q"], ["b", "c", "d"]])
    [None, 'P-1']
    """
    if not before or not found:
        return [None] * len(found)
    keys = sorted(before)
    old = [frozenset(before[key]) for key in keys]
    new = [frozenset(one) for one in found]
    alike = np.array([[len(a & b) / max(len(a | b), 1) for b in old] for a in new])
    rows, columns = linear_sum_assignment(-alike)
    pairs = {int(row): keys[int(column)] for row, column in zip(rows, columns, strict=True) if alike[row, column] >= least}
    return [pairs.get(at) for at in range(len(found))]


def _definition(problem_id: str, content: Mapping[str, Any]) -> Definition:
    return Definition(problem_id, str(content["name"]), tuple(content["aspects"]), Filter.from_query(str(content.get("condition", ""))))
