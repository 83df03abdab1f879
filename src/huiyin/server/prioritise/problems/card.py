"""The definition card: 已定义 已量化 已归属 已接受, and where each stands.

Who owns a problem and whether the team accepted it is told by the ownership app, which says so by `tell_owners`. Until it does, the
team that answers for the aspect in the taxonomy owns it, and nobody accepted anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from huiyin.insight.problems import Definition, Row
from huiyin.insight.ranking import MINIMUM_CUSTOMERS
from huiyin.server.prioritise.problems.models import ProblemNote
from huiyin.server.understand.taxonomy.selectors import accountable_teams, version_in_use


@dataclass(frozen=True, slots=True)
class Owned:
    """Who answers for a problem. `state` is a word of the ownership app; empty where it is not asked."""

    team: str = ""
    person: str = ""
    accepted: bool = False
    days_without: int | None = None
    """Days for which nobody has answered for it; None where that is not known."""
    state: str = ""
    promise: str = ""

    @property
    def anybody(self) -> bool:
        """Whether there is somebody."""
        return bool(self.team or self.person)


Teller = Callable[[Sequence[Definition]], Mapping[str, Owned]]
_TOLD_BY: list[Teller] = []


@dataclass(frozen=True, slots=True)
class Meaning:
    """What belongs to a problem and what does not, in words; `written` where people wrote it here."""

    text: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    written: bool


@dataclass(frozen=True, slots=True)
class Card:
    """The four boxes."""

    meaning: Meaning
    row: Row | None
    owned: Owned

    @property
    def defined(self) -> bool:
        """Whether somebody said what it is."""
        return bool(self.meaning.text)

    @property
    def quantified(self) -> bool:
        """Whether enough customers spoke of it to give it numbers."""
        return self.row is not None and self.row.customers >= MINIMUM_CUSTOMERS

    @property
    def filled(self) -> int:
        """How many of the four."""
        return sum((self.defined, self.quantified, self.owned.anybody, self.owned.accepted))

    @property
    def ready(self) -> bool:
        """Whether all four are."""
        return self.filled == 4


def owning(problems: Sequence[Definition]) -> Mapping[str, Owned]:
    """Who answers for each problem."""
    if _TOLD_BY:
        return _TOLD_BY[-1](problems)
    teams = accountable_teams()
    return {one.problem_id: Owned(team=next((teams[path] for path in one.aspects if path in teams), "")) for one in problems}


def tell_owners(told: Teller) -> None:
    """Who answers is told by this function from now on; the ownership app calls it when it is ready."""
    _TOLD_BY[:] = [told]


def card_of(one: Definition, row: Row | None) -> Card:
    """The card of a problem."""
    return Card(meaning_of(one), row, owning([one])[one.problem_id])


def meaning_of(one: Definition) -> Meaning:
    """What people wrote here, else what the taxonomy says of its aspects."""
    note = ProblemNote.objects.filter(problem_id=one.problem_id).first()
    if note is not None and (note.definition or note.include or note.exclude):
        return Meaning(note.definition, _lines(note.include), _lines(note.exclude), True)
    tree = version_in_use().tree
    paths = tree.paths()
    nodes = [node for node, _depth in tree.walk() if paths[node.id] in one.aspects]
    language = "en" if get_language() == "en" else "zh"
    texts = [node.definition.get(language) or node.definition.get("zh") or "" for node in nodes]
    include = tuple(dict.fromkeys(line for node in nodes for line in node.include))
    exclude = tuple(dict.fromkeys(line for node in nodes for line in node.exclude))
    return Meaning("\n".join(dict.fromkeys(text for text in texts if text)), include, exclude, False)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
