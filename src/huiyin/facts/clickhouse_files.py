"""A ClickHouse store as a file: the backup is a DuckDB store, so that either engine can take over from the other."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from huiyin.facts import duckdb_files
from huiyin.facts.clickhouse_server import Server
from huiyin.facts.clickhouse_tables import CORRECTION_ROW, FEEDBACK_ROW, MENTION_ROW, OPERATION_ROW
from huiyin.facts.duckdb_writes import registered
from huiyin.facts.facts import Facts
from huiyin.facts.filters import Filter
from huiyin.facts.migrations import create
from huiyin.facts.quiet import quiet
from huiyin.facts.results import plain
from huiyin.facts.schema import FEEDBACK, MENTION

_Ask = Callable[..., pa.Table]
_ROWS = {"feedback": FEEDBACK_ROW, "mention": MENTION_ROW, "operation": OPERATION_ROW, "correction": CORRECTION_ROW}
_STEP = 200_000
"""Rows read at once."""


def backup(ask: _Ask, versions: pa.Table, revision: int, version: str, target: Path) -> Mapping[str, int]:
    """Write all tables into a DuckDB file; gives the rows of each."""
    working = duckdb_files.beside(target, "partial")
    connection = duckdb.connect(str(working))
    try:
        quiet(connection)
        create(connection)
        connection.execute("DELETE FROM taxonomy")
        for name, schema in _ROWS.items():
            for part in _parts(ask, name, schema):
                _put(connection, name, part)
        _put(connection, "taxonomy", versions)
        _put(connection, "snapshot", _snapshots(ask))
        connection.execute("UPDATE state SET value = CASE name WHEN 'version' THEN ? WHEN 'revision' THEN ? ELSE value END", [version, str(revision)])
        found = {name: rows for name, (rows, _) in duckdb_files.contents(connection).items()}
    finally:
        connection.close()
    duckdb_files.put_in_place(working, target)
    return found


def restore(server: Server, source: Path) -> Mapping[str, int]:
    """Fill the tables of an open store from a backup of either engine; gives the rows of each."""
    rows = duckdb_files.verify(source)
    connection = duckdb.connect(str(source), read_only=True)
    try:
        quiet(connection)
        for name in ("mention", "feedback", "operation", "correction", "taxonomy", "snapshot"):
            server.command(f"TRUNCATE TABLE {name}")
        for name in (one for one in ("mention", "feedback", "operation", "correction") if one in rows):
            for batch in connection.sql(f"SELECT * FROM {name}").to_arrow_reader(_STEP):
                server.insert(name, pa.Table.from_batches([batch]).cast(_ROWS[name]))
        number = time.time_ns()
        taxonomy = connection.execute("SELECT name, state, author, changed_at FROM taxonomy").fetchall()
        server.put("taxonomy", [[*row, number] for row in taxonomy], ["name", "state", "author", "changed_at", "number"])
        kept = connection.execute("SELECT name, day, rows FROM snapshot").fetchall()
        packed = [[name, day, base64.b64encode(content).decode(), number] for name, day, content in kept]
        server.put("snapshot", packed, ["name", "day", "rows", "number"])
        (version,) = connection.execute("SELECT value FROM state WHERE name = 'version'").fetchall()[0]
        server.put("state", [["version", version, number], ["revision", "", number]], ["name", "value", "number"])
    finally:
        connection.close()
    return rows


def export(facts: Facts, ask: _Ask, folder: Path, where: Filter | None) -> tuple[Path, Path]:
    """Write both tables as Parquet in the columns of the schema."""
    targets = folder / "feedback.parquet", folder / "mentions.parquet"
    for (view, table, schema), target in zip((("voice", "feedback", FEEDBACK), ("opinion", "mention", MENTION)), targets, strict=True):
        order = duckdb_files.ORDER[table].removeprefix("version, ")
        columns = ", ".join(f'"{name}"' for name in schema.names)
        if where is not None:
            rows = facts.query(f"SELECT {columns} FROM {view} ORDER BY {order}", where=where)
        else:
            labelled = " WHERE version = {label: String}" if table == "mention" else ""
            rows = ask(f"SELECT {columns.replace(chr(34), '`')} FROM {table}{labelled} ORDER BY {order}", {"label": facts.version})
        working = target.with_name(target.name + ".partial")
        try:
            pq.write_table(plain(rows).cast(schema), working, compression="zstd", row_group_size=100_000)
        except BaseException:
            working.unlink(missing_ok=True)
            raise
        working.replace(target)
    return targets


def _parts(ask: _Ask, name: str, schema: pa.Schema) -> Iterator[pa.Table]:
    """All rows of a table, in parts that fit in memory: by ranges of the hash of the id, which needs no order of rows."""
    columns, key = ", ".join(f"`{one}`" for one in schema.names), "operation_id" if name == "operation" else "feedback_id"
    total = ask(f"SELECT count() AS n FROM {name}")["n"][0].as_py()
    parts = max(1, -(-total // _STEP))
    for part in range(parts):
        yield plain(ask(f"SELECT {columns} FROM {name} WHERE cityHash64({key}) % {parts} = {part}")).cast(schema)


def _snapshots(ask: _Ask) -> pa.Table:
    rows = ask("SELECT name, day, argMax(rows, number) AS rows FROM snapshot GROUP BY name, day").to_pylist()
    return pa.table(
        {
            "name": pa.array([row["name"] for row in rows], pa.string()),
            "day": pa.array([row["day"] for row in rows], pa.date32()),
            "rows": pa.array([base64.b64decode(row["rows"]) for row in rows], pa.binary()),
        }
    )


def _put(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    with registered(connection, taken=rows):
        connection.execute(f"INSERT INTO {name} SELECT * FROM taken")
