"""The definition card: 已定义 已量化 已归属 已接受, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from huiyin.insight.problems import Definition, Row
from huiyin.insight.ranking import MINIMUM_CUSTOMERS
from huiyin.server.prioritise.ownership.telling import Owned, owning
from huiyin.server.prioritise.problems.models import ProblemNote
from huiyin.server.understand.taxonomy.selectors import version_in_use


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
