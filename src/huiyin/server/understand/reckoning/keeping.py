"""One place that remembers answers made from the facts, each with the state of the facts and the time it was made at.

While voices arrive the revision rises several times a second, and a ranking over millions of opinions takes seconds: to reckon it anew
for every page would stop the server. So an answer that was not quick to make may be shown for a while with the time it stands
for beside it, and is renewed meanwhile by one thread. How long depends on what happened since: where voices merely arrived, in
proportion to what it cost; where somebody changed something, only as long as one would otherwise be made to wait. What is very quick
is never old. Nobody reckons the same thing twice at once: who comes second waits for the first.

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
from functools import partial
from queue import SimpleQueue
from typing import Any, Generic, TypeVar, cast

from django.db import close_old_connections
from django.utils.translation import get_language, override

from huiyin.server.understand.reading.facts import FactsState, facts_state

_LOG = logging.getLogger(__name__)
T = TypeVar("T")
MOST = 2000
AT_ONCE, QUICK, LONG = 0.03, 0.15, 1.0
"""Seconds below which an answer is made anew whenever the facts changed; whenever somebody changed them; and from which on nobody is
made to wait for it."""
YOUNG, STALE = 5.0, 600.0
"""Seconds for which an answer that was not quick may be shown after somebody changed the facts; and for which one that took long may.
A renewal waits until the answer is not young any more."""
PATIENCE = 600.0
"""Where voices merely arrived an answer is shown for so many times as long as it took to make."""
FEW = 0.02
"""Of the voices there were: so many more change no picture. While a file is taken in, every answer is soon another one."""
REST = 2.0
"""The renewing thread rests for so many times as long as it worked, so that a steady stream of voices leaves the machine to people."""


@dataclass(frozen=True, slots=True)
class Reckoned(Generic[T]):
    """An answer, the state of the facts it was made from, and when."""

    value: T
    state: FactsState
    at: datetime
    seconds: float

    @property
    def age(self) -> float:
        """Seconds since it was made."""
        return (datetime.now(UTC) - self.at).total_seconds()


class Keeping:
    """Answers by key."""

    def __init__(self, state: Callable[[], FactsState]) -> None:
        self._state = state
        self._answers: OrderedDict[Hashable, Reckoned[Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        self._wanted: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._queued: set[Hashable] = set()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def reckoned(self, key: Hashable, make: Callable[[], T], worth: Callable[[T], bool] | None = None) -> Reckoned[T]:
        """The answer under a key: kept, kept but a little old, or made now. `make` reads the facts and nothing that the key leaves out.

        What is not `worth` it is told and not kept: made from nothing, it says nothing of how it will be once there is something.
        """
        worth = worth or _all
        state = self._state()
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
        if found is not None and found.state == state:
            return cast(Reckoned[T], found)
        if found is not None and self._thread is not None and found.age < _bearable(found.seconds, _only_arrivals(found.state, state)):
            self._renew_later(key, make, worth)
            return cast(Reckoned[T], found)
        return self._made(key, make, worth)

    def beforehand(self, ask: Callable[[], None]) -> None:
        """Ask for answers behind the scenes, before anybody does: for pages that many will open."""
        self._wanted.put(ask)

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
            state = self._state()
            if found is not None and found.state == state:
                return cast(Reckoned[T], found)
            begun = time.monotonic()
            answer = Reckoned(make(), state, datetime.now(UTC), time.monotonic() - begun)
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
        self._wanted.put(partial(self._renew, key, _in_language(get_language(), make), worth))

    def _renew(self, key: Hashable, make: Callable[[], Any], worth: Callable[[Any], bool]) -> None:
        with self._lock:
            found = self._answers.get(key)
        if found is not None:
            self._stopping.wait(max(YOUNG - found.age, 0.0))
        with self._lock:
            self._queued.discard(key)
        if found is not None and not self._stopping.is_set():
            self._made(key, make, worth)

    def _run(self) -> None:
        while not self._stopping.is_set() and (asked := self._wanted.get()) is not None:
            begun = time.monotonic()
            try:
                asked()
            except Exception:
                _LOG.exception("an answer could not be renewed")
            close_old_connections()
            self._stopping.wait(REST * (time.monotonic() - begun))


def _only_arrivals(then: FactsState, now: FactsState) -> bool:
    """Whether between two states nothing happened but that some voices came in: few beside those that were there."""
    return (then.opening, then.acts) == (now.opening, now.acts) and now.voices - then.voices <= FEW * then.voices


def _bearable(seconds: float, only_arrivals: bool) -> float:
    """For how long an answer that took so many seconds may be shown after the facts changed.

    >>> [_bearable(seconds, False) for seconds in (0.05, 0.4, 4.0)]
    [0.0, 5.0, 600.0]
    >>> [_bearable(seconds, True) for seconds in (0.02, 0.05, 0.4, 4.0)]
    [0.0, 30.0, 240.0, 600.0]
    """
    if only_arrivals:
        return 0.0 if seconds < AT_ONCE else min(PATIENCE * seconds, STALE)
    return 0.0 if seconds < QUICK else YOUNG if seconds < LONG else STALE


def _in_language(language: str | None, make: Callable[[], T]) -> Callable[[], T]:
    """`make` as whoever asked would have had it: the renewing thread speaks no language of its own."""

    def made() -> T:
        with override(language):
            return make()

    return made


def _all(value: object) -> bool:
    return True


KEPT = Keeping(facts_state)


def reckoned(key: Hashable, make: Callable[[], T], worth: Callable[[T], bool] | None = None) -> Reckoned[T]:
    """See `Keeping.reckoned`; everything is worth keeping unless said otherwise."""
    return KEPT.reckoned(key, make, worth or _all)
