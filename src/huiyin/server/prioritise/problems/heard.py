"""The voices behind a problem, as a filter of the explorer whose counts are the counts of the list.

An opinion belongs to the most specific definition that fits. So a problem that stands beside more specific ones (a part that was split
off) is not all that its aspects and condition admit: what the others take is left out, value by value.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from huiyin.facts import Filter
from huiyin.insight.problems import Definition
from huiyin.insight.problems.definitions import CONDITIONS
from huiyin.server.prioritise.problems.register import register, register_key
from huiyin.server.prioritise.reckoning.keeping import reckoned
from huiyin.server.understand.reading.facts import facts_store

COMPLAINTS = (-1,)


def heard(one: Definition) -> Filter:
    """The complaints of a problem."""
    return replace(voiced(one), polarity=COMPLAINTS)


def voiced(one: Definition) -> Filter:
    """Whatever is said of what a problem is about, praise and wishes too."""
    return reckoned(("heard", one.problem_id, register_key()), lambda: _voiced(one)).value


def _voiced(one: Definition) -> Filter:
    whole = replace(one.condition, aspect=one.aspects)
    for part in CONDITIONS:
        taken = {value for other in _before(one) for value in getattr(other.condition, part) if not _also(other, part)}
        if taken and not getattr(one.condition, part):
            left: dict[str, Any] = {part: tuple(value for value in _values(one, part) if value not in taken) or ("",)}
            whole = replace(whole, **left)
    return whole


def _before(one: Definition) -> list[Definition]:
    """Definitions that take opinions of the same aspects before this one does."""
    return [
        other
        for other in register().definitions
        if other.problem_id != one.problem_id and other.specificity > one.specificity and set(other.aspects) & set(one.aspects)
    ]


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
