"""Facts by their address."""

from __future__ import annotations

from pathlib import Path

from huiyin.facts.duckdb_facts import DuckDBFacts
from huiyin.facts.facts import Facts


def open_facts(address: str | Path | None = None, time_zone: str = "Asia/Shanghai", memory_limit: str | None = None) -> Facts:
    """The store at an address: a file for DuckDB, `http://…` for ClickHouse, `chdb://…` for its embedded engine, None for memory.

    `memory_limit`, like `4GB`, is what DuckDB may hold, parts of the file that it keeps at hand included; work beyond it is spilled beside the file.

    Raises:
        FactsError: it cannot be opened; the message says why and what to do.
    """
    if isinstance(address, str) and "://" in address:
        # Imported here: who keeps the facts in a file needs no ClickHouse client.
        from huiyin.facts.clickhouse_facts import ClickHouseFacts

        return ClickHouseFacts(address, time_zone)
    return DuckDBFacts(Path(address) if address else None, time_zone, memory_limit=memory_limit)
