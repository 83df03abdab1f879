"""One DuckDB database of this process: a cursor for every reading thread, one transaction at a time, swapped and reopened under the readers."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import duckdb

from huiyin.facts import duckdb_files
from huiyin.facts.errors import FactsError, explained
from huiyin.facts.gate import Gate
from huiyin.facts.holder import Hold
from huiyin.facts.migrations import migrate
from huiyin.facts.quiet import quiet
from huiyin.facts.results import one_row

_Result = TypeVar("_Result")
_COUNTED_UP = "UPDATE state SET value = CAST(CAST(value AS BIGINT) + 1 AS VARCHAR) WHERE name = 'revision' RETURNING value"


class Database:
    """What `DuckDBFacts` writes to and reads from. `path` None is in memory."""

    def __init__(self, path: Path | None, settings: dict[str, str | int], readers: int | None) -> None:
        self.path, self._settings = path, settings
        self.revision, self.version = 0, ""
        self.writing = threading.RLock()
        """Held by who changes the store. Always taken before the gate: the other way round two threads could wait for each other."""
        self._gate, self._local = Gate(), threading.local()
        self._places = threading.BoundedSemaphore(readers or os.cpu_count() or 2)
        self._generation, self._closed, self._lost = 0, False, False
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._cursors: weakref.WeakSet[duckdb.DuckDBPyConnection] = weakref.WeakSet()
        self._hold = Hold(path) if path else None
        try:
            if path is not None:
                duckdb_files.tidy(path)
            self._open()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Write everything to the file and let it go. Waits for running reads."""
        with self.writing, self._gate.alone():
            self._closed = True
            self._let_go()
            if self._hold is not None:
                self._hold.release()

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The cursor of this thread, one of at most `readers` at work."""
        self._reopen_if_lost()
        with self._gate.shared(), self._places, self._explained():
            if getattr(self._local, "generation", None) != self._generation:
                self._local.cursor, self._local.generation = self.root().cursor(), self._generation
                self._cursors.add(self._local.cursor)
            self.root()
            yield self._local.cursor

    @contextmanager
    def held(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for long work on the whole store, while nothing is written; reads go on."""
        with self.writing:
            self._reopen_if_lost()
            with self._gate.shared(), self._explained():
                cursor = self.root().cursor()
                try:
                    yield cursor
                finally:
                    cursor.close()

    def write(self, change: Callable[[duckdb.DuckDBPyConnection], _Result]) -> _Result:
        """Run a change as one transaction; the revision rises with it."""
        with self.held() as cursor:
            cursor.execute("BEGIN")
            try:
                result = change(cursor)
                row = one_row(cursor, _COUNTED_UP)
                cursor.execute("COMMIT")
            except BaseException:
                # A full disk ends the transaction by itself; then there is none to roll back.
                with suppress(duckdb.Error):
                    cursor.execute("ROLLBACK")
                raise
            self._settle(cursor, int(row[0]))
            return result

    def swap(self, fresh: Path) -> None:
        """Put a finished file in the place of the store's. Waits for running reads; the caller holds `writing`."""
        assert self.path is not None
        with self._gate.alone(), self._explained():
            self.root().execute("CHECKPOINT")
            self._let_go()
            self._lost = True
            try:
                duckdb_files.put_in_place(fresh, self.path)
            finally:
                self._open()
                self._lost = False

    def take(self, other: Database) -> None:
        """Become the contents of another database in memory, which is closed by it. The caller holds `writing`."""
        with self._gate.alone():
            self._let_go()
            self._connection, other._connection = other._connection, None
            self.revision, self.version = other.revision, other.version
            self._generation += 1

    def root(self) -> duckdb.DuckDBPyConnection:
        """The connection that cursors come from.

        Raises:
            FactsError: the store is closed, or could not be opened again after a failure.
        """
        if self._closed:
            raise FactsError(f"{self.path or ':memory:'} 已经关闭", f"{self.path or ':memory:'} is closed")
        if self._connection is None:
            raise FactsError(f"{self.path} 打不开了，请重启服务", f"{self.path} can no longer be opened; restart the service")
        return self._connection

    def _open(self) -> None:
        with self._explained():
            connection = duckdb.connect(str(self.path) if self.path else ":memory:", config=dict(self._settings))
            self._connection = connection
            quiet(connection)
            migrate(connection, str(self.path or ":memory:"))
            self._settle(connection, int(one_row(connection, "SELECT value FROM state WHERE name = 'revision'")[0]))
            self._generation += 1

    def _settle(self, cursor: duckdb.DuckDBPyConnection, revision: int) -> None:
        """Take over the counter and the published version from the store."""
        self.version = one_row(cursor, "SELECT value FROM state WHERE name = 'version'")[0]
        self.revision = revision

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (duckdb.Error, OSError) as error:
            # After a failed write to the disk the engine gives the database up: the next call opens it again.
            self._lost = self._lost or isinstance(error, duckdb.FatalException | duckdb.InternalException)
            raise (explained(error, self.path) or error) from error

    def _reopen_if_lost(self) -> None:
        """Open a database that the engine gave up, with all that was committed; a store in memory cannot be."""
        if not self._lost or self.path is None or self._closed:
            return
        with self.writing, self._gate.alone():
            if self._lost and not self._closed:
                self._let_go()
                self._open()
                self._lost = False

    def _let_go(self) -> None:
        """Close the database. One open cursor would keep it, and the next `connect` of the path would be given it again."""
        for cursor in [*self._cursors, self._connection]:
            if cursor is not None:
                with suppress(duckdb.Error):
                    cursor.close()
        self._cursors.clear()
        self._connection = None
