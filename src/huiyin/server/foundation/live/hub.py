"""The browsers that listen: each a queue in the event loop, fed from any thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_MOST = 200
"""Events that may wait for one slow browser; then the oldest go, and the page, which reads the state anew, misses nothing."""


@dataclass(eq=False)
class Ear:
    """One open stream."""

    topics: tuple[str, ...]
    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[tuple[str, Mapping[str, Any]] | None] = field(default_factory=lambda: asyncio.Queue(_MOST))

    def offer(self, item: tuple[str, Mapping[str, Any]] | None) -> None:
        """Put an event; runs in the loop."""
        while self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(item)


_EARS: set[Ear] = set()
_LOCK = threading.Lock()
_CLOSED = threading.Event()


def listen(topics: Sequence[str]) -> Ear | None:
    """Open a stream in the running loop; None when the server is going down."""
    with _LOCK:
        if _CLOSED.is_set():
            return None
        ear = Ear(tuple(topics), asyncio.get_running_loop())
        _EARS.add(ear)
        return ear


def leave(ear: Ear) -> None:
    """Close a stream."""
    with _LOCK:
        _EARS.discard(ear)


def send(topic: str, data: Mapping[str, Any]) -> None:
    """Give an event to every stream that listens to its topic."""
    with _LOCK:
        ears = [ear for ear in _EARS if any(topic == one or topic.startswith(f"{one}.") for one in ear.topics)]
    for ear in ears:
        _to(ear, (topic, data))


def close() -> None:
    """End every stream: an open one would keep the server from going down."""
    with _LOCK:
        _CLOSED.set()
        ears = list(_EARS)
    for ear in ears:
        _to(ear, None)


def reopen() -> None:
    """Take streams again; a server that starts."""
    _CLOSED.clear()


def listening() -> int:
    """How many streams are open."""
    return len(_EARS)


def _to(ear: Ear, item: tuple[str, Mapping[str, Any]] | None) -> None:
    try:
        ear.loop.call_soon_threadsafe(ear.offer, item)
    except RuntimeError:
        # The loop is closed; so is the stream.
        leave(ear)
