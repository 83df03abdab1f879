"""Who hears that an erasure is done."""

from __future__ import annotations

from typing import Any

from huiyin.server.foundation.live.topics import admit


def register() -> None:
    """Open the topic `privacy`; it carries numbers of receipts only."""
    admit("privacy", _may_erase)


def _may_erase(user: Any, rest: str) -> bool:
    return bool(user.has_perm("voices.erase"))
