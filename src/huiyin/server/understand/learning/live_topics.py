"""Who may watch a training."""

from __future__ import annotations

from huiyin.server.foundation.live.topics import admit


def register() -> None:
    """Open the topic `learning` to those who correct."""
    admit("learning", lambda user, rest: user.has_perm("voices.correct"))
