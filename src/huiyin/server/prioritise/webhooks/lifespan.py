"""Events go out soon after they happen: what others publish wakes the collecting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.foundation.live.events import subscribe
from huiyin.server.prioritise.webhooks.jobs import COLLECT
from huiyin.server.prioritise.webhooks.models import Endpoint

ORDER = 65
_TOGETHER = timedelta(seconds=1)
"""So long changes wait for one another."""
_TOPICS = ("problems", "ownership", "boards", "taxonomy", "privacy", "reading.done")
_left: list[Callable[[], None]] = []


def start() -> None:
    """Listen."""
    _left.extend(subscribe(topic, _collect) for topic in _TOPICS)


def stop() -> None:
    """Listen no more."""
    while _left:
        _left.pop()()


def _collect(topic: str, data: Mapping[str, Any]) -> None:
    if Endpoint.objects.filter(enabled=True).exists():
        enqueue(COLLECT, key="soon", delay=_TOGETHER)
