"""Facts and reading live as long as the server: opened first, closed last."""

from __future__ import annotations

from huiyin.server.understand.reading.facts import close_store, open_store
from huiyin.server.understand.reading.writer import ReaderWriter

ORDER = 20
_running: list[ReaderWriter] = []


def start() -> None:
    """Open the facts, start reading."""
    open_store()
    writer = ReaderWriter()
    writer.start()
    _running.append(writer)


def stop() -> None:
    """Finish the batch in hand, close the facts."""
    while _running:
        _running.pop().stop()
    close_store()
