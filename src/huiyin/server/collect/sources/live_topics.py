"""Who may hear of sources and the inbox."""

from __future__ import annotations

from typing import Any

from huiyin.server.foundation.live.topics import admit


def register() -> None:
    """Open the topics `sources`, `sources.<number>` and `inbox`. They carry counts only."""
    admit("sources", _may_see_sources)
    admit("inbox", _may_see_sources)


def _may_see_sources(user: Any, rest: str) -> bool:
    return bool(user.has_perm("sources.read"))
