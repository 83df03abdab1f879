"""The register follows the taxonomy: at the start, and whenever a version came into use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.foundation.live.events import subscribe
from huiyin.server.prioritise.problems.following import taxonomy_follow
from huiyin.server.prioritise.problems.jobs import FOLLOW

ORDER = 25
"""After the facts are open and the taxonomy's file is there, before jobs run."""
_left: list[Callable[[], None]] = []


def start() -> None:
    """Follow what happened while the server was down, and listen."""
    taxonomy_follow()
    _left.append(subscribe("taxonomy", _follow))


def stop() -> None:
    """Listen no more."""
    while _left:
        _left.pop()()


def _follow(topic: str, data: Mapping[str, Any]) -> None:
    enqueue(FOLLOW, key="follow")
