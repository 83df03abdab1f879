"""Which rows a person may see, as a filter over the facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huiyin.facts import Filter
from huiyin.facts.filters import NOTHING
from huiyin.server.foundation.people.roles import STORE_MANAGER

PARTS = ("product", "region", "store")
"""Columns of the facts by which rows are parted among people."""

NO_ROWS = Filter(source=(NOTHING,))


def scope_filter(user: Any) -> Filter:
    """The rows of the facts that the person may see. Every query for a screen, file or answer is `asked & scope_filter(user)`.

    Own scope and, where stated, the team's are both applied. It fails closed: nobody signed in, or a store manager to whom no store
    was given, sees no row.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NO_ROWS
    found = filter_of(user.scope)
    if user.limited_to_team:
        if user.team is None:
            return NO_ROWS
        for team in user.team.line():
            found = found & filter_of(team.scope)
    if STORE_MANAGER in user.role_names and not found.store:
        return NO_ROWS
    return found


def filter_of(scope: Mapping[str, Any]) -> Filter:
    """A stored scope as a filter.

    >>> filter_of({"store": ["杭州滨江店"], "region": []}).to_query()
    'store=%E6%9D%AD%E5%B7%9E%E6%BB%A8%E6%B1%9F%E5%BA%97'
    """
    parts: dict[str, Any] = {part: tuple(scope[part]) for part in PARTS if scope.get(part)}
    return Filter(**parts)


def tidy(scope: Mapping[str, Any]) -> dict[str, list[str]]:
    """A scope as it is stored: known parts, no blanks, nothing twice, in order."""
    stripped = {part: sorted({str(one).strip() for one in scope.get(part, ()) if str(one).strip()}) for part in PARTS}
    return {part: values for part, values in stripped.items() if values}
