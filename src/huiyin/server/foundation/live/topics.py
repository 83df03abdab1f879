"""Who may listen to what. A topic without a rule is open to nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Rule = Callable[[Any, str], bool]
_RULES: dict[str, Rule] = {}
MOST = 20
"""Topics of one stream."""


def admit(name: str, rule: Rule) -> None:
    """Open topics `name` and `name.…` to users for whom `rule(user, rest)` holds; `rest` is what follows the first dot."""
    _RULES[name] = rule


def admitted(user: Any, topics: Sequence[str]) -> list[str]:
    """Of the topics asked for, those the user may hear, each once."""
    found = []
    for topic in dict.fromkeys(topics[:MOST]):
        name, _, rest = topic.partition(".")
        rule = _RULES.get(name)
        if rule is not None and rule(user, rest):
            found.append(topic)
    return found
