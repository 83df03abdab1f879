"""What a problem is made of: aspects, and conditions under which they count.

A problem starts as one aspect. People merge, split and rename: then it is a set of aspect subtrees, or a part of one (the
same complaint about one product). An opinion belongs to the first definition that fits, the most specific ones standing first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from huiyin.facts import Filter
from huiyin.insight.analysis import problem_id
from huiyin.insight.catalogue import Catalogue

CONDITIONS = ("channel", "product", "brand", "region", "segment", "touchpoint")
"""Columns of an opinion that may tell the parts of a split problem apart."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One problem: opinions below any of `aspects` that meet `condition`."""

    problem_id: str
    name: str
    aspects: tuple[str, ...]
    condition: Filter = field(default_factory=Filter)

    def __post_init__(self) -> None:
        beyond = self.condition.__class__(**{name: getattr(self.condition, name) for name in CONDITIONS})
        if beyond != self.condition:
            raise ValueError(f"a problem is told apart by {', '.join(CONDITIONS)} only")

    @property
    def specificity(self) -> tuple[int, int]:
        """More conditions first, then deeper aspects."""
        return sum(bool(getattr(self.condition, name)) for name in CONDITIONS), max((path.count("/") for path in self.aspects), default=0)


def from_catalogue(catalogue: Catalogue, language: str = "zh") -> tuple[Definition, ...]:
    """One problem for each aspect of a taxonomy."""
    return tuple(Definition(problem_id(card.path), getattr(card.name, language), (card.path,)) for card in catalogue.aspects)


def case_of(definitions: Sequence[Definition]) -> tuple[str, list[object]]:
    """An SQL expression over `opinion` that gives the number of the definition an opinion belongs to (NULL: none), and its parameters."""
    arms: list[str] = []
    values: list[object] = []
    order = sorted(range(len(definitions)), key=lambda at: (definitions[at].specificity, definitions[at].problem_id), reverse=True)
    for at in order:
        one = definitions[at]
        if not one.aspects:
            continue
        parts = ["(" + " OR ".join("aspect = ? OR starts_with(aspect, ?)" for _ in one.aspects) + ")"]
        values += [text for path in one.aspects for text in (path, path + "/")]
        for name in CONDITIONS:
            admitted = getattr(one.condition, name)
            if admitted:
                parts.append(f"coalesce({name}, '') IN ({', '.join('?' for _ in admitted)})")
                values += admitted
        arms.append(f"WHEN {' AND '.join(parts)} THEN {at}")
    return (f"CASE {' '.join(arms)} ELSE NULL END" if arms else "CAST(NULL AS BIGINT)"), values
