"""Ending the streams when the server is told to stop.

Uvicorn waits for open connections before it tells the lifespan, so a browser that listens would hold it up: the streams have to hear of
the signal itself.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any

from huiyin.server.foundation.live import hub

_WATCHED: set[int] = set()


def watch() -> None:
    """Put ourselves before the handlers of SIGTERM and SIGINT, once, from the main thread; elsewhere nothing happens."""
    if _WATCHED or threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if callable(before):
            _WATCHED.add(number)
            signal.signal(number, _closing_first(before))


def _closing_first(before: Any) -> Any:
    def handler(number: int, frame: FrameType | None) -> None:
        hub.close()
        before(number, frame)

    return handler
