"""Words and addresses of ownership."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from huiyin.server.prioritise.ownership import chain
from huiyin.server.prioritise.ownership.selectors import Owned, owners_of
from huiyin.server.prioritise.problems.register import register as problems

register = template.Library()
STATES: dict[str, tuple[Any, str, str]] = {
    chain.UNOWNED: (_("无主"), "harm", "user-off"),
    chain.PROPOSED: (_("等答复"), "waiting", "clock"),
    chain.ACCEPTED: (_("已认领"), "good", "check"),
    chain.DISPUTED: (_("由他处转来"), "moved", "arrows-exchange"),
    chain.AT_ARBITER: (_("等裁定"), "harm", "gavel"),
    chain.DECIDED: (_("已裁定，等认领"), "waiting", "gavel"),
}
"""State → word, colour of its chip, icon."""


@register.simple_tag
def with_owners(rows: Iterable[Mapping[str, Any]], shown: bool) -> list[tuple[Mapping[str, Any], Owned | None]]:
    """Rows that carry a `problem_id`, each with whose problem it is; with nobody where ownership is not `shown`."""
    listed = list(rows)
    known = problems().problems if shown else {}
    owners = owners_of(known[one["problem_id"]] for one in listed if one["problem_id"] in known) if known else {}
    return [(one, owners.get(one["problem_id"])) for one in listed]


@register.inclusion_tag("ownership/_state.html")
def owned_state(state: str) -> dict[str, Any]:
    """The chip of a state."""
    word, colour, icon = STATES[state]
    return {"word": word, "colour": colour, "icon": icon}
