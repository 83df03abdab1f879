"""The register follows the taxonomy: at the start, and whenever a version came into use. New voices are told to whoever reads the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.foundation.live.events import publish, subscribe
from huiyin.server.prioritise.problems.following import taxonomy_follow
from huiyin.server.prioritise.problems.jobs import FOLLOW, KEEP_FIRST

ORDER = 25
"""After the facts are open and the taxonomy's file is there, before jobs run."""
_left: list[Callable[[], None]] = []


def start() -> None:
    """Follow what happened while the server was down, and listen."""
    taxonomy_follow()
    _left.append(subscribe("taxonomy", _follow))
    _left.append(subscribe("reading.done", _heard))
    enqueue(KEEP_FIRST, key="keep_first")


def stop() -> None:
    """Listen no more."""
    while _left:
        _left.pop()()


def _follow(topic: str, data: Mapping[str, Any]) -> None:
    enqueue(FOLLOW, key="follow")


def _heard(topic: str, data: Mapping[str, Any]) -> None:
    publish("problems", {"voices": int(data.get("count", 0))})
