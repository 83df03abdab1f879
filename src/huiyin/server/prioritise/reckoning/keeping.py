"""One place that remembers answers made from the facts, each with the revision and the time it was made at.

While voices arrive the revision rises several times a second, and a ranking over millions of opinions takes seconds: to reckon it anew
for every page would stop the server. So an answer that was not quick to make may be shown for a while with the time it stands
for beside it, and is renewed meanwhile by one thread. What is quick to make is never old. Nobody reckons the same thing twice at
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
from queue import SimpleQueue
from typing import Any, Generic, TypeVar, cast

from huiyin.server.understand.reading.facts import facts_state

_LOG = logging.getLogger(__name__)
T = TypeVar("T")
MOST = 400
QUICK, LONG = 0.15, 1.0
"""Seconds below which an answer is made anew whenever the facts changed; and from which on nobody is made to wait for it."""
YOUNG, STALE = 5.0, 600.0
"""Seconds for which an answer that was not quick may be shown after the facts changed; and for which one that took long may. A renewal
waits until the answer is not young any more, so that a steady stream of voices does not keep a core busy."""


@dataclass(frozen=True, slots=True)
class Reckoned(Generic[T]):
    """An answer, the revision of the facts it was made from, and when."""

    value: T
    revision: Hashable
    at: datetime
    seconds: float

    @property
    def age(self) -> float:
        """Seconds since it was made."""
        return (datetime.now(UTC) - self.at).total_seconds()


class Keeping:
    """Answers by key."""

    def __init__(self, revision: Callable[[], Hashable]) -> None:
        self._revision = revision
        self._answers: OrderedDict[Hashable, Reckoned[Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        self._wanted: SimpleQueue[tuple[Hashable, Callable[[], Any], Callable[[Any], bool]] | None] = SimpleQueue()
        self._queued: set[Hashable] = set()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def reckoned(self, key: Hashable, make: Callable[[], T], worth: Callable[[T], bool] | None = None) -> Reckoned[T]:
        """The answer under a key: kept, kept but a little old, or made now. `make` reads the facts and nothing that the key leaves out.

        What is not `worth` it is told and not kept: made from nothing, it says nothing of how it will be once there is something.
        """
        worth = worth or _all
        revision = self._revision()
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
        if found is not None and found.revision == revision:
            return cast(Reckoned[T], found)
        if found is not None and self._thread is not None and found.age < _bearable(found.seconds):
            self._renew_later(key, make, worth)
            return cast(Reckoned[T], found)
        return self._made(key, make, worth)

    def start(self) -> None:
        """Begin renewing in the background."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="reckoning", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread and forget all answers."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stopping.set()
            self._wanted.put(None)
            thread.join()
        self.forget()

    def forget(self) -> None:
        """Forget all answers: a customer was erased, or a test begins."""
        with self._lock:
            self._answers.clear()
            self._queued.clear()

    def _made(self, key: Hashable, make: Callable[[], T], worth: Callable[[T], bool]) -> Reckoned[T]:
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
                if not worth(answer.value):
                    self._answers.pop(key, None)
                    return answer
                self._answers[key] = answer
                self._answers.move_to_end(key)
                while len(self._answers) > MOST:
                    gone, _answer = self._answers.popitem(last=False)
                    self._making.pop(gone, None)
        return answer

    def _renew_later(self, key: Hashable, make: Callable[[], Any], worth: Callable[[Any], bool]) -> None:
        with self._lock:
            if key in self._queued:
                return
            self._queued.add(key)
        self._wanted.put((key, make, worth))

    def _run(self) -> None:
        while not self._stopping.is_set() and (asked := self._wanted.get()) is not None:
            key, make, worth = asked
            with self._lock:
                found = self._answers.get(key)
            if found is not None:
                self._stopping.wait(max(YOUNG - found.age, 0.0))
            with self._lock:
                self._queued.discard(key)
            if found is None or self._stopping.is_set():
                continue
            try:
                self._made(key, make, worth)
            except Exception:
                _LOG.exception("an answer could not be renewed")


def _bearable(seconds: float) -> float:
    """For how long an answer that took so many seconds may be shown after the facts changed.

    >>> _bearable(0.05), _bearable(0.4), _bearable(4.0)
    (0.0, 5.0, 600.0)
    """
    return 0.0 if seconds < QUICK else YOUNG if seconds < LONG else STALE


def _all(value: object) -> bool:
    return True


KEPT = Keeping(facts_state)


def reckoned(key: Hashable, make: Callable[[], T], worth: Callable[[T], bool] | None = None) -> Reckoned[T]:
    """See `Keeping.reckoned`; everything is worth keeping unless said otherwise."""
    return KEPT.reckoned(key, make, worth or _all)
