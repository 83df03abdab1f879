"""The one handle on the facts, opened and closed by the server's lifespan."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import NamedTuple

import pyarrow as pa
from django.conf import settings

from huiyin.facts import Facts, FactsError, open_facts
from huiyin.server.foundation.writing import writing_state

_ONE_WRITER = threading.RLock()
_HERE = threading.local()
_open: list[Facts] = []
_OPENINGS = count(1)
_opening = [0]
_arrived, _voices = [0], [0]
"""Revisions by which voices came in; voices."""


class FactsState(NamedTuple):
    """What an answer made from the facts is kept by."""

    opening: int
    """Which store stands open: two may stand at one revision."""
    revision: int
    acts: int
    """Revisions that were no mere arrival of voices: somebody or some job changed what stood there."""
    voices: int = 0
    """How many stood there when it was opened and came since."""


def open_store(address: str | None = None) -> Facts:
    """Open the facts that the settings name, or those at `address` (`:memory:` for tests); an open store is given back.

    Raises:
        FactsError: they cannot be opened; another process holding them is named.
    """
    with _ONE_WRITER:
        if not _open:
            where = address or settings.FACTS
            _open.append(open_facts(None if where == ":memory:" else where, settings.TIME_ZONE, settings.FACTS_MEMORY))
            _opening[0] = next(_OPENINGS)
            _voices[0] = int(_open[0].query("SELECT count(*) AS n FROM voice")["n"][0].as_py())
        return _open[0]


def close_store() -> None:
    """Write everything and let the store go."""
    with _ONE_WRITER:
        while _open:
            _open.pop().close()


def facts_store() -> Facts:
    """The open store, for reading; use `facts_write` around writes.

    Raises:
        FactsError: the server has not opened it.
    """
    if not _open:
        raise FactsError("数据仓没有打开，请启动服务", "The facts are not open; start the server")
    return _open[0]


def facts_state() -> FactsState:
    """The state of the open store.

    Raises:
        FactsError: the server has not opened it.
    """
    revision = facts_store().revision
    return FactsState(_opening[0], revision, revision - _arrived[0], _voices[0])


@contextmanager
def facts_write() -> Iterator[Facts]:
    """The store, held by one writer: the reader-writer thread, and jobs that write facts.

    Who changes state too takes this first and `state_write` inside, everywhere: two orders would make two threads wait for each other.

    Raises:
        RuntimeError: inside `state_write`.
    """
    if writing_state() and not getattr(_HERE, "held", 0):
        raise RuntimeError("take facts_write before state_write")
    with _ONE_WRITER:
        _HERE.held = getattr(_HERE, "held", 0) + 1
        try:
            yield facts_store()
        finally:
            _HERE.held -= 1


def voices_arrive(facts: Facts, feedback: pa.Table, mentions: pa.Table) -> None:
    """Put voices that came in into the facts, inside `facts_write`; what was reckoned before is only a little behind, not wrong."""
    before = facts.revision
    facts.replace(feedback, mentions)
    _arrived[0] += facts.revision - before
    _voices[0] += feedback.num_rows
