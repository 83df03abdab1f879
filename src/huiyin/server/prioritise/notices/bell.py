"""The bell in the top bar: its count comes with the page, and is asked for again while the page stays open."""

from __future__ import annotations

from typing import Any

from huiyin.server.prioritise.notices.selectors import notices_of


def unread(user: Any) -> int | None:
    """How many notices wait; None for whoever is told nothing."""
    return notices_of(user, unread=True).count() if user.has_perm("problems.read") else None
