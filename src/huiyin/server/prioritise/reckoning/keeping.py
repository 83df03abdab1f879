"""One place that remembers answers made from the facts, each with the revision and the time it was made at.

While voices arrive the revision rises several times a second, and a ranking over millions of opinions takes seconds: to reckon it anew
for every page would stop the server. So an answer that took long may be shown while it is at most `STALE` seconds old, with the time it
stands for beside it, and is renewed meanwhile by one thread. What is quick to make is never old. Nobody reckons the same thing twice at
once: who comes second waits for the first.

Keys name the question and all it depends on except the facts: filter, weights, language, the state of the register. What they hold in
memory is bounded by `MOST` answers, the longest unasked leave first.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar, cast

from huiyin.server.understand.reading.facts import facts_store

_LOG = logging.getLogger(__name__)
T = TypeVar("T")
MOST = 400
STALE = 600.0
"""Seconds for which an answer that took long may be shown after the facts changed."""
LONG = 0.15
"""Seconds from which on an answer took long."""
_AT_MOST = 5.0
"""A renewal waits until the answer is this old, so that a steady stream of voices does not keep a core busy."""


@dataclass(frozen=True, slots=True)
class Reckoned(Generic[T]):
    """An answer, the revision of the facts it was made from, and when."""

    value: T
    revision: int
    at: datetime
    seconds: float

    @property
    def age(self) -> float:
        """Seconds since it was made."""
        return (datetime.now(UTC) - self.at).total_seconds()


class Keeping:
    """Answers by key."""

    def __init__(self, revision: Callable[[], int]) -> None:
        self._revision = revision
        self._answers: OrderedDict[Hashable, Reckoned[Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        self._wanted: SimpleQueue[tuple[Hashable, Callable[[], Any]] | None] = SimpleQueue()
        self._queued: set[Hashable] = set()
        self._thread: threading.Thread | None = None

    def reckoned(self, key: Hashable, make: Callable[[], T]) -> Reckoned[T]:
        """The answer under a key: kept, kept but a little old, or made now. `make` reads the facts and nothing that the key leaves out."""
        revision = self._revision()
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
        if found is not None and found.revision == revision:
            return cast(Reckoned[T], found)
        if found is not None and self._thread is not None and found.seconds >= LONG and found.age < STALE:
            self._renew_later(key, make)
            return cast(Reckoned[T], found)
        return self._made(key, make)

    def start(self) -> None:
        """Begin renewing in the background."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="reckoning", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread and forget all answers."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._wanted.put(None)
            thread.join()
        self.forget()

    def forget(self) -> None:
        """Forget all answers: a customer was erased, or a test begins."""
        with self._lock:
            self._answers.clear()
            self._queued.clear()

    def _made(self, key: Hashable, make: Callable[[], T]) -> Reckoned[T]:
        with self._lock:
            turn = self._making.setdefault(key, threading.Lock())
        with turn:
            with self._lock:
                found = self._answers.get(key)
            revision = self._revision()
            if found is not None and found.revision == revision:
                return cast(Reckoned[T], found)
            begun = time.monotonic()
            answer = Reckoned(make(), revision, datetime.now(UTC), time.monotonic() - begun)
            with self._lock:
                self._answers[key] = answer
                self._answers.move_to_end(key)
                while len(self._answers) > MOST:
                    gone, _answer = self._answers.popitem(last=False)
                    self._making.pop(gone, None)
        return answer

    def _renew_later(self, key: Hashable, make: Callable[[], Any]) -> None:
        with self._lock:
            if key in self._queued:
                return
            self._queued.add(key)
        self._wanted.put((key, make))

    def _run(self) -> None:
        while self._thread is not None:
            try:
                asked = self._wanted.get(timeout=1.0)
            except Empty:
                continue
            if asked is None:
                return
            key, make = asked
            with self._lock:
                found = self._answers.get(key)
                self._queued.discard(key)
            if found is None or found.revision == self._revision():
                continue
            if found.age < _AT_MOST:
                # Not yet: whoever asks next puts it into the queue again.
                continue
            try:
                self._made(key, make)
            except Exception:
                _LOG.exception("an answer could not be renewed")


KEPT = Keeping(lambda: facts_store().revision)


def reckoned(key: Hashable, make: Callable[[], T]) -> Reckoned[T]:
    """See `Keeping.reckoned`."""
    return KEPT.reckoned(key, make)
