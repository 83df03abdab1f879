"""Who may hear of problems."""

from __future__ import annotations

from huiyin.server.foundation.live.topics import admit


def register() -> None:
    """Open `problems` to those who read the list. It carries ids and counts only."""
    admit("problems", lambda user, rest: user.has_perm("problems.read"))
