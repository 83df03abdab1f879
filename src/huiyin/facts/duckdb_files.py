"""A DuckDB store as a file: copy while it runs, compare, put in place, restore, export."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import duckdb

from huiyin.facts.errors import StoreReadOnly, damaged, explained
from huiyin.facts.filters import Filter
from huiyin.facts.holder import Hold
from huiyin.facts.migrations import LAYOUT, TABLES, layout_of, migrate
from huiyin.facts.quiet import quiet
from huiyin.facts.results import one_row
from huiyin.facts.schema import FEEDBACK, MENTION
from huiyin.facts.views import with_views

ORDER = {"feedback": "day, occurred_at, feedback_id", "mention": "version, day, feedback_id, mention_no"}
"""The order of rows in which a board's period and version leave whole row groups unread."""


def beside(path: Path, purpose: str) -> Path:
    """The working file for a purpose beside a store, free to be written: what a killed run left there is removed."""
    working = path.with_name(f"{path.name}.{purpose}")
    for left in (working, _log(working)):
        left.unlink(missing_ok=True)
    return working


def tidy(path: Path) -> None:
    """Remove what killed work on a store left beside it. Only its holder may."""
    for purpose in ("vacuum", "vacuum.partial", "rebuild", "restore"):
        beside(path, purpose)


def copy(cursor: duckdb.DuckDBPyConnection, target: Path, ordered: bool = False) -> dict[str, int]:
    """Write all tables, as one moment shows them, into a new file `target`; gives the rows of each.

    The copy is opened again and compared value by value before it gets its name.

    Raises:
        StoreDamaged: the copy differs, which means that the disk is not to be trusted.
    """
    working = beside(target, "partial")
    place = str(working).replace("'", "''")
    cursor.execute(f"ATTACH '{place}' AS copied")
    try:
        cursor.execute("BEGIN")
        for name in TABLES:
            order = f" ORDER BY {ORDER[name]}" if ordered and name in ORDER else ""
            cursor.execute(f"CREATE TABLE copied.{name} AS SELECT * FROM {name}{order}")
        given = contents(cursor)
        cursor.execute("COMMIT")
        cursor.execute("CHECKPOINT copied")
    except BaseException:
        with suppress(duckdb.Error):
            cursor.execute("ROLLBACK")
        raise
    finally:
        with suppress(duckdb.Error):
            cursor.execute("DETACH copied")
    if _contents_of_file(working) != given:
        raise damaged(working, "the copy differs from the store")
    put_in_place(working, target)
    return {name: rows for name, (rows, _) in given.items()}


def copy_file(path: Path, target: Path) -> Path:
    """Copy the bytes of a store whose log is empty and which nobody writes meanwhile; gives the working file beside `target`.

    A process of its own reads the file: closing it in this one would let go of the lock that the engine holds on it.

    Raises:
        OSError: the disk.
    """
    working = beside(target, "partial")
    done = subprocess.run([sys.executable, "-c", _COPYING, str(path), str(working)], check=False, capture_output=True)
    if done.returncode:
        working.unlink(missing_ok=True)
        raise OSError(done.returncode, os.strerror(done.returncode), str(target))
    return working


_COPYING = """
import shutil, sys
try:
    shutil.copyfile(sys.argv[1], sys.argv[2])
except OSError as error:
    sys.exit(error.errno or 5)
"""


def accepted(working: Path, target: Path) -> dict[str, int]:
    """Read every value of a finished copy, then give it its name; the rows of each table.

    Raises:
        StoreDamaged: it cannot be read, which means that the disk is not to be trusted.
    """
    found = _contents_of_file(working)
    try:
        put_in_place(working, target)
    except OSError as error:
        raise (explained(error, target) or error) from error
    return {name: rows for name, (rows, _) in found.items()}


def contents(cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Number of rows and a checksum over all values of each table, the same whatever the order of rows."""
    found = {}
    tables = {row[0] for row in cursor.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()").fetchall()}
    # A backup of an older layout lacks some; that it can be read is asked of what it has.
    for name in (one for one in TABLES if one in tables):
        rows, checksum = one_row(cursor, f"SELECT count(*), coalesce(bit_xor(hash(t)), 0) FROM {name} t")
        found[name] = (int(rows), int(checksum))
    return found


def verify(path: Path) -> Mapping[str, int]:
    """Read every value of a store or backup that nobody has open; gives the rows of each table.

    Raises:
        StoreDamaged: it is no store, or something in it cannot be read. StoreHeld: somebody has it open.
    """
    hold = None
    # A backup on a disk that cannot be written cannot be written by anybody else either.
    with suppress(StoreReadOnly):
        hold = Hold(path) if path.exists() else None
    try:
        return {name: rows for name, (rows, _) in _contents_of_file(path).items()}
    finally:
        if hold is not None:
            hold.release()


def restore(backup: Path, target: Path) -> Mapping[str, int]:
    """Put a backup in the place of a store that nobody has open; gives the rows of each table.

    The backup is verified first; the store that was there is gone only when the restored one is complete.

    Raises:
        StoreDamaged: the backup cannot be trusted; the store is untouched. StoreHeld: stop the service first. DiskFull.
    """
    hold = Hold(target)
    try:
        rows = verify(backup)
        working = beside(target, "restore")
        with backup.open("rb") as source, working.open("wb") as sink:
            while block := source.read(1 << 22):
                sink.write(block)
        _fold_log(target)
        put_in_place(working, target)
        return rows
    except (OSError, duckdb.Error) as error:
        raise (explained(error, target) or error) from error
    finally:
        hold.release()


def _fold_log(path: Path) -> None:
    """Write the log of a store that goes into its file: beside the one that comes it would be replayed into the wrong store, and
    removed too early it would be missed by the one that goes, if this process ended here."""
    if _log(path).exists():
        with suppress(duckdb.Error):
            duckdb.connect(str(path)).close()
        _log(path).unlink(missing_ok=True)


def put_in_place(finished: Path, target: Path) -> None:
    """Give a closed file its name, lastingly: after this line no loss of power brings the old one back or half of the new."""
    with finished.open("rb+") as file:
        os.fsync(file.fileno())
    _log(finished).unlink(missing_ok=True)
    finished.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def reorder(cursor: duckdb.DuckDBPyConnection) -> None:
    """Put the rows of a store in memory in order. Runs inside the caller's transaction."""
    for name, order in ORDER.items():
        cursor.execute(f"CREATE TABLE {name}_ordered AS SELECT * FROM {name} ORDER BY {order}")
        cursor.execute(f"DROP TABLE {name}")
        cursor.execute(f"ALTER TABLE {name}_ordered RENAME TO {name}")


def export(cursor: duckdb.DuckDBPyConnection, folder: Path, where: Filter | None, version: str) -> tuple[Path, Path]:
    """Write both tables as Parquet in the columns of the schema."""
    targets = folder / "feedback.parquet", folder / "mentions.parquet"
    for (view, table, schema), target in zip((("voice", "feedback", FEEDBACK), ("opinion", "mention", MENTION)), targets, strict=True):
        columns = ", ".join(f'"{name}"' for name in schema.names)
        order = ORDER[table].removeprefix("version, ")
        values: list[object] = []
        if where is not None:
            query, values = with_views(f"SELECT {columns} FROM {view} ORDER BY {order}", where, version)
        elif table == "mention":
            query, values = f"SELECT {columns} FROM mention WHERE version = ? ORDER BY {order}", [version]
        else:
            query = f"SELECT {columns} FROM feedback ORDER BY {order}"
        working = target.with_name(target.name + ".partial")
        place = str(working).replace("'", "''")
        try:
            cursor.execute(f"COPY ({query}) TO '{place}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)", values)
        except BaseException:
            working.unlink(missing_ok=True)
            raise
        working.replace(target)
    return targets


def _contents_of_file(path: Path) -> dict[str, tuple[int, int]]:
    if not path.is_file() or path.stat().st_size == 0:
        raise damaged(path, "there is no such file, or it is empty")
    try:
        # Opened for reading only: a file that cannot be trusted must not be changed by looking at it.
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise (explained(error, path) or damaged(path, str(error))) from error
    try:
        layout = layout_of(connection)
        if layout is None:
            raise damaged(path, "it holds no feedback")
        if layout > LAYOUT:
            migrate(connection, str(path))
        quiet(connection)
        return contents(connection)
    except duckdb.Error as error:
        raise damaged(path, str(error)) from error
    finally:
        connection.close()


def _log(path: Path) -> Path:
    return path.with_name(path.name + ".wal")
