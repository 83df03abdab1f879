"""Two small tables outside the state: a file beside it, or unlogged tables in PostgreSQL where several machines may serve.

Neither waits for a disk as the state does, and neither takes part in a transaction of a request: what was counted stays counted when the
request is undone. Why here and not in the memory of each process, with what it costs: docs/decisions/0014-shared-limits.md.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import psycopg
from django.conf import settings

_LOG = logging.getLogger(__name__)
_SWEPT_EVERY = 500
"""Statements between two sweeps of what is over."""
_TOLD_EVERY = 60.0

_COLUMNS = {
    "shared_paces": "name TEXT PRIMARY KEY, taken BIGINT NOT NULL, ends DOUBLE PRECISION NOT NULL",
    "shared_notes": "name TEXT PRIMARY KEY, value TEXT NOT NULL, ends DOUBLE PRECISION NOT NULL",
}

Rows = list[tuple[Any, ...]]


class Unreachable(Exception):  # noqa: N818
    """The tables cannot be asked: the disk is full, the database is away."""


class _Engine(Protocol):
    def ask(self, sql: str, values: Sequence[Any]) -> Rows: ...


class _File:
    """SQLite in the data folder. WAL without a wait for the disk at each commit: after a power cut the last seconds may be missing."""

    def __init__(self, place: Path | str) -> None:
        self._place, self._connection = place, self._opened(place)

    def ask(self, sql: str, values: Sequence[Any]) -> Rows:
        """One statement, committed by itself."""
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            raise Unreachable(str(error)) from error

    def _opened(self, place: Path | str) -> sqlite3.Connection:
        try:
            return self._connected(place)
        except sqlite3.OperationalError as error:
            raise Unreachable(str(error)) from error
        except sqlite3.DatabaseError:
            # Damaged: nothing in it is worth more than some minutes of counting.
            for name in (f"{place}", f"{place}-wal", f"{place}-shm"):
                Path(name).unlink(missing_ok=True)
            return self._connected(place)

    @staticmethod
    def _connected(place: Path | str) -> sqlite3.Connection:
        connection = sqlite3.connect(place, timeout=5, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        for table, columns in _COLUMNS.items():
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns}) WITHOUT ROWID")
        return connection


class _Postgres:
    """Unlogged tables: no write-ahead log, empty after a crash of the database itself, kept over restarts of ours."""

    _ONE_MAKER = 7_215_301
    """The advisory lock under which the tables are made."""

    def __init__(self, named: dict[str, Any]) -> None:
        self._named = named
        self._connection = self._connected()

    def ask(self, sql: str, values: Sequence[Any]) -> Rows:
        """One statement, committed by itself; once more on a new connection where the old one broke."""
        try:
            if self._connection.closed:
                self._connection = self._connected()
            cursor = self._connection.execute(sql.replace("?", "%s"), values)
            return cursor.fetchall() if cursor.description else []
        except psycopg.OperationalError as error:
            self._connection.close()
            raise Unreachable(str(error)) from error

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        named = {"dbname": self._named["NAME"], "user": self._named["USER"], "password": self._named["PASSWORD"], "host": self._named["HOST"]}
        given = {name: str(value) for name, value in {**named, "port": self._named["PORT"]}.items() if value}
        try:
            connection = psycopg.connect(**given, autocommit=True, connect_timeout=5)
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [self._ONE_MAKER])
                for table, columns in _COLUMNS.items():
                    connection.execute(f"CREATE UNLOGGED TABLE IF NOT EXISTS {table} ({columns})")
        except psycopg.OperationalError as error:
            raise Unreachable(str(error)) from error
        return connection


class Tables:
    """One connection of this process, used by one thread at a time; a statement holds it for some hundredths of a millisecond."""

    def __init__(self, engine: Callable[[], _Engine]) -> None:
        self._make = engine
        self._engine: _Engine | None = None
        self._alone: _Engine | None = None
        self._lock, self._asked, self._told = Lock(), 0, 0.0

    def ask(self, sql: str, *values: Any) -> Rows:
        """The rows that a statement with `?` for its values gives back.

        Where the tables cannot be reached the statement is answered from this process's memory: limits then hold for each process,
        which is better than none and better than no answers.
        """
        with self._lock:
            try:
                return self._shared(sql, values)
            except Unreachable as error:
                self._tell(error)
            if self._alone is None:
                self._alone = _File(":memory:")
            return self._alone.ask(sql, values)

    def _shared(self, sql: str, values: Sequence[Any]) -> Rows:
        if self._engine is None:
            self._engine = self._make()
        self._asked += 1
        if self._asked % _SWEPT_EVERY == 0:
            for table in _COLUMNS:
                self._engine.ask(f"DELETE FROM {table} WHERE ends < ?", (time.time(),))
        return self._engine.ask(sql, values)

    def _tell(self, error: Unreachable) -> None:
        if time.monotonic() - self._told > _TOLD_EVERY:
            self._told = time.monotonic()
            _LOG.warning("limits hold for this process only, the shared tables cannot be asked: %s", error)


@cache
def tables() -> Tables:
    """The tables of this installation."""
    named = settings.SHARED_TABLES
    if isinstance(named, Path):
        return Tables(lambda: _File(named))
    return Tables(lambda: _Postgres(named))
