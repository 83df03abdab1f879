"""The reader-writer thread: the sole ordinary writer of the facts."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, connection

from huiyin.facts import FactsError
from huiyin.server.collect.feedback.selectors import waiting_rows
from huiyin.server.foundation.jobs.trouble import clear_trouble, set_trouble
from huiyin.server.foundation.live.events import publish, subscribe
from huiyin.server.understand.reading.process import ReaderProcess, ReaderRefused
from huiyin.server.understand.reading.services import TextReader, load_window, read_rows
from huiyin.server.understand.reading.window import Window

_LOG = logging.getLogger(__name__)
BATCH = 1000
_SWEEP = 1.0
_SHORT = 200
"""Rows below which a batch is short, and the next waits for company."""
_COMPANY, _REST, _LONGEST_REST = 0.05, 3.0, 0.5
"""Seconds waited at least; how many times as long as the last batch took; seconds at most."""
_LONGEST_PAUSE = 30.0


_TROUBLE = "reading"


def _nothing() -> None:
    """Nobody listens yet."""


class ReaderWriter:
    """Woken when rows are committed, else looks every second. What fails is tried again after a pause; rows wait meanwhile."""

    def __init__(self, reader: TextReader | None = None) -> None:
        self._process = None if reader else ReaderProcess()
        self._reader: TextReader = reader or self._process  # type: ignore[assignment]
        self._window: Window | None = None
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="reader-writer", daemon=True)
        self._leave: Callable[[], None] = _nothing

    def start(self) -> None:
        """Start the process and the thread."""
        if self._process:
            self._process.start()
        self._leave = subscribe("inbox", lambda topic, data: self._wake.set())
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch in hand, then end."""
        self._stopping.set()
        self._wake.set()
        self._leave()
        self._thread.join(30)
        if self._process:
            self._process.stop()

    @property
    def reader_pid(self) -> int | None:
        """The reader process."""
        return self._process.pid if self._process else None

    def read_waiting(self, most: int = BATCH) -> int:
        """Read one batch of what waits; gives how many rows were taken."""
        if self._window is None:
            self._window = load_window()
        rows = waiting_rows(most)
        if rows:
            read_rows(rows, self._reader, self._window)
        return len(rows)

    def _work(self) -> None:
        pause = 1.0
        while not self._stopping.is_set():
            self._wake.wait(_SWEEP)
            self._wake.clear()
            try:
                begun = time.monotonic()
                while not self._stopping.is_set() and (taken := self.read_waiting()):
                    pause = 1.0
                    if clear_trouble(_TROUBLE):
                        publish("reading.well", {})
                    if taken < _SHORT:
                        # Others are likely on their way: one write of the facts for several costs little more than for one. To rest
                        # several times as long as the last one took leaves the machine to those who read, however steady the stream is.
                        self._stopping.wait(min(max(_COMPANY, _REST * (time.monotonic() - begun)), _LONGEST_REST))
                    begun = time.monotonic()
            except Exception as error:
                _report(error)
                self._window = None
                close_old_connections()
                self._stopping.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
                self._wake.set()
        connection.close()


def _report(error: Exception) -> None:
    if isinstance(error, ReaderRefused | FactsError):
        set_trouble(_TROUBLE, error.message_zh, error.message_en)
        _LOG.error("reading waits: %s", error)
    else:
        set_trouble(_TROUBLE, "阅读出错，正在重试", "Reading failed and is being tried again")
        _LOG.exception("reading failed")


def drain_inbox(reader: Any = None) -> int:
    """Read everything that waits, in this thread; for tests and commands. Gives how many rows were taken."""
    from huiyin.server.understand.reading.local import LocalReader

    writer, done = ReaderWriter(reader or LocalReader()), 0
    while taken := writer.read_waiting():
        done += taken
    return done
