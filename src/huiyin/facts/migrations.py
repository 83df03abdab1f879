"""The layout of a DuckDB store and how an older one becomes the present one."""

from __future__ import annotations

import duckdb

from huiyin.facts.errors import StoreTooNew
from huiyin.facts.results import one_row
from huiyin.facts.schema import CORRECTION, DUCKDB_TYPES, FEEDBACK, INTERNAL, MENTION, OPERATION, duckdb_columns

LAYOUT = 4
"""The layout this release reads and writes. 1: feedback and mention alone. 2: taxonomy versions, corrections, snapshots, state. 3: operations.
4: conditions of mentions, reasons of the spam flag."""
FIRST_VERSION = "initial"
"""The taxonomy version of mentions that were labelled before anybody published one."""

_OPERATION = f"CREATE TABLE operation ({duckdb_columns(OPERATION)}, day DATE)"
_SIDE_TABLES = (
    "CREATE TABLE state (name VARCHAR, value VARCHAR)",
    f"CREATE TABLE correction ({duckdb_columns(CORRECTION)}, made BIGINT)",
    "CREATE TABLE taxonomy (name VARCHAR, state VARCHAR, author VARCHAR, changed_at TIMESTAMPTZ)",
    "CREATE TABLE snapshot (name VARCHAR, day DATE, rows BLOB)",
    f"INSERT INTO state VALUES ('layout', '{LAYOUT}'), ('revision', '0'), ('version', '{FIRST_VERSION}')",
    f"INSERT INTO taxonomy VALUES ('{FIRST_VERSION}', 'published', NULL, now())",
)
TABLES = ("feedback", "mention", "operation", "correction", "taxonomy", "snapshot", "state")
"""Every table of a store, in the order a copy is made."""


def create(cursor: duckdb.DuckDBPyConnection) -> None:
    """Make an empty store of the present layout. Runs inside the caller's transaction."""
    internal = duckdb_columns(INTERNAL)
    cursor.execute(f"CREATE TABLE feedback ({duckdb_columns(FEEDBACK)}, {internal})")
    cursor.execute(f"CREATE TABLE mention ({duckdb_columns(MENTION)}, {internal}, version VARCHAR)")
    for statement in (*_SIDE_TABLES, _OPERATION):
        cursor.execute(statement)


def layout_of(cursor: duckdb.DuckDBPyConnection) -> int | None:
    """The layout of an opened file; None for an empty one."""
    tables = cursor.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()").fetchall()
    found = {row[0] for row in tables}
    if "state" in found:
        row = one_row(cursor, "SELECT value FROM state WHERE name = 'layout'")
        return int(row[0]) if row else 1
    return 1 if "feedback" in found else None


def migrate(connection: duckdb.DuckDBPyConnection, place: str) -> None:
    """Bring a store to the present layout, each step in one transaction: killed in the middle, it is as it was before the step.

    Raises:
        StoreTooNew: a later release wrote it.
    """
    layout = layout_of(connection)
    if layout is not None and layout > LAYOUT:
        raise StoreTooNew(
            f"{place} 由更新的版本写成（布局 {layout}，本程序认识 {LAYOUT}）。请升级程序，或从备份恢复",
            f"{place} was written by a later release (layout {layout}, this one knows {LAYOUT}). Upgrade, or restore a backup",
        )
    for step in (create,) if layout is None else _STEPS[layout - 1 :]:
        connection.execute("BEGIN")
        try:
            step(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _to_2(cursor: duckdb.DuckDBPyConnection) -> None:
    """Layout 1 kept `unit` unsigned and knew no taxonomy versions; rewritten, so that the rows also lie in the order of days."""
    for name, extra in (("feedback", ""), ("mention", f", '{FIRST_VERSION}' AS version")):
        cursor.execute(f"ALTER TABLE {name} RENAME TO {name}_1")
        cursor.execute(f"CREATE TABLE {name} AS SELECT * REPLACE (CAST(unit >> 1 AS BIGINT) AS unit){extra} FROM {name}_1 ORDER BY day")
        cursor.execute(f"DROP TABLE {name}_1")
    for statement in _SIDE_TABLES:
        cursor.execute(statement)
    cursor.execute("UPDATE state SET value = '2' WHERE name = 'layout'")


def _to_3(cursor: duckdb.DuckDBPyConnection) -> None:
    """Layout 2 knew what customers said, not what happened with them."""
    cursor.execute(_OPERATION)
    cursor.execute("UPDATE state SET value = '3' WHERE name = 'layout'")


def _to_4(cursor: duckdb.DuckDBPyConnection) -> None:
    """Layout 3 kept neither the conditions of a mention nor why a feedback is flagged. Rewritten: rows are inserted by the order of columns."""
    for name, schema, added, empty in (("feedback", FEEDBACK, "spam_reason", "NULL"), ("mention", MENTION, "conditions", "MAP {}")):
        kind = DUCKDB_TYPES[schema.field(added).type]
        columns = ", ".join(f'CAST({empty} AS {kind}) AS "{one}"' if one == added else f'"{one}"' for one in (*schema.names, *INTERNAL.names))
        version = ", version" if name == "mention" else ""
        cursor.execute(f"ALTER TABLE {name} RENAME TO {name}_3")
        cursor.execute(f"CREATE TABLE {name} AS SELECT {columns}{version} FROM {name}_3 ORDER BY rowid")
        cursor.execute(f"DROP TABLE {name}_3")
    cursor.execute("UPDATE state SET value = '4' WHERE name = 'layout'")


_STEPS = (_to_2, _to_3, _to_4)
