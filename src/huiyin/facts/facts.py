"""The door to the facts, whichever engine holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pyarrow as pa

from huiyin.facts.filters import Filter


class Voices(Protocol):
    """What `insight` needs: a query over `voice` and `opinion` (see `views`), rows as an Arrow table.

    `sql` is written once in a plain subset of DuckDB's SQL that sqlglot carries over to ClickHouse: CASE instead of FILTER,
    explicit casts and window frames, ORDER BY with tie-breakers.
    """

    def query(self, sql: str, parameters: Sequence[object] = (), where: Filter | None = None) -> pa.Table:
        """Rows of a query as an Arrow table."""
        ...
