"""Who may hear of notices."""

from __future__ import annotations

from huiyin.server.foundation.live.topics import admit


def register() -> None:
    """Open `notices.7` to person 7 alone. It carries nothing: the browser asks anew."""
    admit("notices", lambda user, rest: rest == str(user.pk))
