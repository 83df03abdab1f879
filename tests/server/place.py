"""Where tests of the server keep their facts."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

from huiyin.facts import Facts

_NUMBERS = itertools.count()
EMBEDDED = os.environ.get("HUIYIN_TEST_FACTS") == "chdb"
"""Whether this run is on ClickHouse's embedded engine."""


def place(usual: str = ":memory:") -> str:
    """As usual; or, asked by HUIYIN_TEST_FACTS=chdb, a fresh database of ClickHouse's embedded engine."""
    return f"chdb://memory/server_{os.getpid()}_{next(_NUMBERS)}" if EMBEDDED else usual


@contextmanager
def opened(address: str) -> Iterator[Facts]:
    """The server's own store, at that address until the block ends; one that was left open before is closed first."""
    from huiyin.server.understand.reading.facts import close_store, open_store

    close_store()
    yield open_store(address)
    close_store()
