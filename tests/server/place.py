"""Where tests of the server keep their facts."""

from __future__ import annotations

import itertools
import os

_NUMBERS = itertools.count()
EMBEDDED = os.environ.get("HUIYIN_TEST_FACTS") == "chdb"
"""Whether this run is on ClickHouse's embedded engine."""


def place(usual: str = ":memory:") -> str:
    """As usual; or, asked by HUIYIN_TEST_FACTS=chdb, a fresh database of ClickHouse's embedded engine."""
    return f"chdb://memory/server_{os.getpid()}_{next(_NUMBERS)}" if EMBEDDED else usual
