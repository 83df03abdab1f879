"""The same drawn company in DuckDB and in ClickHouse's embedded engine."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from huiyin.facts import Facts, open_facts
from huiyin.simulate.planted import Draft

_NUMBERS = itertools.count()


@contextmanager
def opened(draft: Draft, kind: str = "duckdb") -> Iterator[Facts]:
    """A store that holds the draft."""
    with open_facts(f"chdb://memory/insight_{next(_NUMBERS)}" if kind == "clickhouse" else None) as store:
        store.append(*draft.tables())
        yield store
