"""Queues are read as long as the server lives."""

from __future__ import annotations

from huiyin.server.collect.sources.queue.listening import Listeners

ORDER = 70
_running: list[Listeners] = []


def start() -> None:
    """Begin to listen."""
    listeners = Listeners()
    listeners.start()
    _running.append(listeners)


def stop() -> None:
    """Keep what is held, and let go."""
    while _running:
        _running.pop().stop()
