"""Words and addresses of ownership."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from huiyin.server.prioritise.ownership import chain

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


@register.inclusion_tag("ownership/_state.html")
def owned_state(state: str) -> dict[str, Any]:
    """The chip of a state."""
    word, colour, icon = STATES[state]
    return {"word": word, "colour": colour, "icon": icon}
