"""The voices behind a problem, as a filter of the explorer whose counts are the counts of the list.

An opinion belongs to the most specific definition that fits. So a problem that stands beside more specific ones (a part that was split
off) is not all that its aspects and condition admit: what the others take is left out, value by value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from huiyin.facts import Filter
from huiyin.insight.problems import Definition
from huiyin.insight.problems.definitions import CONDITIONS
from huiyin.server.prioritise.problems.register import register, register_key
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import reckoned

COMPLAINTS = (-1,)


def heard(one: Definition) -> Filter:
    """The complaints of a problem."""
    return replace(voiced(one), polarity=COMPLAINTS)


def voiced(one: Definition) -> Filter:
    """Whatever is said of what a problem is about, praise and wishes too."""
    whole = replace(one.condition, aspect=one.aspects)
    before = _before(one)
    if not before:
        return whole
    return reckoned(("heard", one.problem_id, register_key()), lambda: _left_over(one, whole, before)).value


def _left_over(one: Definition, whole: Filter, before: Sequence[Definition]) -> Filter:
    for part in CONDITIONS:
        taken = {value for other in before for value in getattr(other.condition, part) if not _also(other, part)}
        if taken and not getattr(one.condition, part):
            left: dict[str, Any] = {part: tuple(value for value in _values(one, part) if value not in taken) or ("",)}
            whole = replace(whole, **left)
    return whole


def _before(one: Definition) -> list[Definition]:
    """Definitions that take opinions of the same aspects before this one does."""
    own = set(one.aspects)
    same = [other for other in register().problems.values() if other.problem_id != one.problem_id and not own.isdisjoint(other.aspects)]
    return [other for other in same if other.specificity > one.specificity]


def _also(other: Definition, part: str) -> bool:
    """Whether it is told apart by something else too: then its values of this part are not wholly its own."""
    return any(getattr(other.condition, name) for name in CONDITIONS if name != part)


def _values(one: Definition, part: str) -> list[str]:
    """The values of a part under the problem's aspects, none being one of them."""
    rows = facts_store().query(
        f"SELECT coalesce({part}, '') AS value FROM opinion GROUP BY coalesce({part}, '') ORDER BY value",
        where=Filter(aspect=one.aspects, polarity=COMPLAINTS),
    )
    found: list[str] = rows["value"].to_pylist()
    return found
