"""What a problem can be split by, and the two parts that a choice makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from huiyin.facts import Filter
from huiyin.insight.problems import Definition
from huiyin.server.prioritise.problems.forms import SPLIT_BY
from huiyin.server.prioritise.problems.heard import heard
from huiyin.server.understand.explorer import names
from huiyin.server.understand.explorer.chips import label_of
from huiyin.server.understand.reckoning.commonest import commonest

_VALUES = 12


@dataclass(frozen=True, slots=True)
class Ways:
    """One dimension to split by, with its commonest values and the customers of each."""

    by: str
    label: str
    values: tuple[tuple[str, str, int], ...]
    """(value, name, customers)."""


def ways_of(one: Definition, within: Filter, dimensions: Sequence[str] = SPLIT_BY) -> list[Ways]:
    """Those of the dimensions in which the problem has more than one value; those it is told apart by already are none."""
    asked = within & heard(one)
    found = []
    for by in dimensions:
        if by != "aspect" and getattr(one.condition, by):
            continue
        counted = commonest(by, asked, _VALUES, "customers")
        if by == "aspect":
            counted = [(path, count) for path, count in counted if path in one.aspects]
        if len(counted) > 1:
            values = tuple((value, names.aspect_name(value) if by == "aspect" else value, count) for value, count in counted)
            found.append(Ways(by, label_of(by), values))
    return found


def parts_of(one: Definition, by: str, values: Sequence[str], name: str) -> list[dict[str, Any]]:
    """The part that keeps the id, and the one that is split off; empty where nothing would be left of either."""
    if by == "aspect":
        taken = tuple(path for path in one.aspects if path in values)
        left = tuple(path for path in one.aspects if path not in values)
        if not taken or not left:
            return []
        return [
            {"name": one.name, "aspects": left, "condition": one.condition},
            {"name": name, "aspects": taken, "condition": one.condition},
        ]
    condition: dict[str, Any] = {by: tuple(values)}
    kept = {"name": one.name, "aspects": one.aspects, "condition": one.condition}
    return [kept, {"name": name, "aspects": one.aspects, "condition": replace(one.condition, **condition)}]
