"""At the start, once the facts are open: what was erased must not have come back with a restored backup."""

from __future__ import annotations

from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.understand.privacy.jobs import REPLAY
from huiyin.server.understand.privacy.ledger import ledger_lines

ORDER = 50


def start() -> None:
    """Put the look on the queue."""
    if ledger_lines():
        enqueue(REPLAY, key="start")


def stop() -> None:
    """Nothing runs here."""
