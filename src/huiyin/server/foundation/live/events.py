"""Events that leave when the transaction commits, and never when it does not.

A topic is a name with dots: `jobs.12`, `inbox`, `sources.3`. Who listens to `jobs` hears every `jobs.…` too.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from huiyin.server.foundation.live import hub

_LOG = logging.getLogger(__name__)
Listener = Callable[[str, Mapping[str, Any]], None]
_LISTENERS: list[tuple[str, Listener]] = []
_LOCK = threading.Lock()


def publish(topic: str, data: Mapping[str, Any] | None = None) -> None:
    """Send an event once the caller's transaction is committed; at once where there is none. Data is small and names nobody."""
    body = dict(data or {})
    transaction.on_commit(lambda: _send(topic, body))


def subscribe(topic: str, listener: Listener) -> Callable[[], None]:
    """Call `listener(topic, data)` after every event of a topic, in the thread that committed; gives the function that ends it.

    A listener does no work of its own: it wakes a thread or enqueues a job. What it raises is logged and harms nobody.
    """
    entry = (topic, listener)
    with _LOCK:
        _LISTENERS.append(entry)

    def leave() -> None:
        with _LOCK:
            if entry in _LISTENERS:
                _LISTENERS.remove(entry)

    return leave


def covers(wanted: str, topic: str) -> bool:
    """Whether a topic is the wanted one or stands below it."""
    return topic == wanted or topic.startswith(f"{wanted}.")


def _send(topic: str, data: Mapping[str, Any]) -> None:
    with _LOCK:
        listeners = [listener for wanted, listener in _LISTENERS if covers(wanted, topic)]
    for listener in listeners:
        try:
            listener(topic, data)
        except Exception:
            _LOG.exception("a listener of %s failed", topic)
    hub.send(topic, data)
