"""Who may hear of topics."""

from __future__ import annotations

from huiyin.server.foundation.live.topics import admit


def register() -> None:
    """Open `topics` to those who read voices."""
    admit("topics", lambda user, rest: user.has_perm("voices.read"))
