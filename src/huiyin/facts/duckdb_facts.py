"""The facts in one DuckDB file, or in memory: one process, many threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from huiyin.facts import duckdb_files, duckdb_writes, snapshots
from huiyin.facts.batches import belonging, checked, operations_checked
from huiyin.facts.corrections import Correction, table_of
from huiyin.facts.duckdb_database import Database
from huiyin.facts.errors import BatchRefused
from huiyin.facts.filters import Filter
from huiyin.facts.results import one_row, plain
from huiyin.facts.schema import CORRECTION
from huiyin.facts.views import with_views


class DuckDBFacts:
    """Feedback and mentions, with columns of the store's own: `unit`, `day` (local), `counted` (no copy of another one), `version`.

    Writes go one at a time; reads run beside them on a cursor of their thread, at most `readers` at once, and see what was committed
    when they began. What a write reports as done is on the disk.

    Raises (on opening):
        StoreHeld, StoreDamaged, StoreTooNew, StoreReadOnly, DiskFull.
    """

    def __init__(
        self,
        path: Path | None = None,
        time_zone: str = "Asia/Shanghai",
        *,
        memory_limit: str | None = None,
        threads: int | None = None,
        readers: int | None = None,
    ) -> None:
        self._path, self._zone = path, ZoneInfo(time_zone).key
        chosen = {"memory_limit": memory_limit, "threads": threads}
        self._database = Database(path, {name: value for name, value in chosen.items() if value}, readers)

    def __enter__(self) -> DuckDBFacts:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def path(self) -> Path | None:
        """The file, or None in memory."""
        return self._path

    @property
    def revision(self) -> int:
        """A number that rises with every committed write: equal numbers, equal answers."""
        return self._database.revision

    @property
    def version(self) -> str:
        """The published taxonomy version, which a query means when it names none."""
        return self._database.version

    def close(self) -> None:
        """Write everything to the file and let it go. Waits for running reads."""
        self._database.close()

    # Writing

    def append(self, feedback: pa.Table, mentions: pa.Table, version: str | None = None) -> None:
        """Add a batch of both tables in one transaction; columns are matched by name, ids must be new to the store.

        Raises:
            BatchRefused: the batch is none; nothing was written. DiskFull, StoreReadOnly: the same, by the disk.
        """
        feedback, mentions = checked(feedback, mentions)
        self._database.write(lambda cursor: duckdb_writes.insert(cursor, feedback, mentions, self._zone, version or self.version))

    def replace(self, feedback: pa.Table, mentions: pa.Table, version: str | None = None) -> None:
        """Put a batch in the place of what the store holds under its ids, in one transaction. Doing it twice is doing it once."""
        feedback, mentions = checked(feedback, mentions)
        self._database.write(lambda cursor: duckdb_writes.replace(cursor, feedback, mentions, self._zone, version or self.version))

    def erase_customer(self, customer_id: str) -> int:
        """Forget a customer: feedback, mentions, corrections, operations. Gives the number of feedback erased.

        Nothing shows it any more; its bytes leave the file with the next `vacuum`, and backups when they are made anew.
        """
        return self._database.write(lambda cursor: duckdb_writes.erase_customer(cursor, customer_id))

    def erase(self, feedback_ids: Sequence[str]) -> int:
        """Forget feedback by its ids: mentions and corrections with it. Gives the number of feedback erased."""
        ids = pa.array(list(feedback_ids), pa.string())
        return self._database.write(lambda cursor: duckdb_writes.erase(cursor, ids))

    def operate(self, operations: pa.Table) -> None:
        """Put what happened with customers in the place of what the store holds under the same ids, in one transaction.

        Raises:
            BatchRefused: an unknown column, a value that does not fit, an id missing or given twice; nothing was written.
        """
        rows = operations_checked(operations)
        self._database.write(lambda cursor: duckdb_writes.operate(cursor, rows, self._zone))

    def drop_operations(self, source: str) -> int:
        """Forget everything that one source said happened. Gives the number of operations dropped."""
        return self._database.write(lambda cursor: int(one_row(cursor, "DELETE FROM operation WHERE source = ?", [source])[0]))

    def correct(self, corrections: Sequence[Correction]) -> None:
        """Keep what people corrected and lay it over the labels, now and after every later reading.

        Raises:
            BatchRefused: one that cannot be; none was kept.
        """
        rows = table_of(corrections)
        self._database.write(lambda cursor: duckdb_writes.correct(cursor, rows, self._zone, self.version))

    def relabel(self, version: str, feedback_ids: Sequence[str], mentions: pa.Table) -> None:
        """Write what feedback that is here already says under another taxonomy version; other versions stay.

        A version that is new becomes a draft.
        """
        ids = pa.array(list(feedback_ids), pa.string())
        said = belonging(mentions, ids)

        def write(cursor: duckdb.DuckDBPyConnection) -> None:
            cursor.execute("INSERT INTO taxonomy SELECT ?, 'draft', NULL, now() WHERE ? NOT IN (SELECT name FROM taxonomy)", [version, version])
            duckdb_writes.relabel(cursor, version, ids, said)

        self._database.write(write)

    def publish(self, version: str, author: str, moved: Mapping[str, str | None] | None = None) -> None:
        """Make a version the one that is meant when none is named. The former one stays queryable.

        With `moved` (old path → new path, None: placed nowhere) the version begins with what the former one says, its aspects under
        their new paths, and corrections of aspects hold in it under the new paths: a tree that changed shape has its whole history
        from the first moment. What a draft of that name held is given up. Publishing what is published changes nothing.
        """

        def write(cursor: duckdb.DuckDBPyConnection) -> None:
            if moved is not None and version != self.version:
                duckdb_writes.carry(cursor, self.version, version, moved)
            cursor.execute("UPDATE taxonomy SET state = 'former' WHERE state = 'published'")
            cursor.execute("DELETE FROM taxonomy WHERE name = ?", [version])
            cursor.execute("INSERT INTO taxonomy VALUES (?, 'published', ?, now())", [version, author])
            cursor.execute("UPDATE state SET value = ? WHERE name = 'version'", [version])

        self._database.write(write)

    def drop_version(self, version: str) -> None:
        """Forget the mentions of a version that is not the published one."""

        def write(cursor: duckdb.DuckDBPyConnection) -> None:
            if version == self.version:
                raise BatchRefused(
                    f"标签体系版本 {version} 正在使用，不能删除", f"taxonomy version {version} is the published one and cannot be dropped"
                )
            cursor.execute("DELETE FROM mention WHERE version = ?", [version])
            cursor.execute("DELETE FROM taxonomy WHERE name = ?", [version])

        self._database.write(write)

    def remember(self, name: str, day: date, rows: pa.Table) -> None:
        """Keep a small table under a name and a day; the same again replaces it. No customer ids: erasing does not look here."""
        packed = snapshots.packed(rows)

        def write(cursor: duckdb.DuckDBPyConnection) -> None:
            cursor.execute("DELETE FROM snapshot WHERE name = ? AND day = ?", [name, day])
            cursor.execute("INSERT INTO snapshot VALUES (?, ?, ?)", [name, day, packed])

        self._database.write(write)

    def forget(self, name: str, before: date) -> None:
        """Drop what was remembered before a day."""
        self._database.write(lambda cursor: cursor.execute("DELETE FROM snapshot WHERE name = ? AND day < ?", [name, before]))

    # Reading

    def query(
        self,
        sql: str,
        parameters: Sequence[object] = (),
        where: Filter | None = None,
        version: str | None = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> pa.Table:
        """Rows of a query over `voice`, `opinion`, `happening` and the `tables` given along, as an Arrow table.

        Whole numbers come as int64, others as double, times in UTC, whatever the engine.
        """
        text, values = with_views(sql, where, version or self.version)
        with self._database.reading() as cursor:
            for name, table in (tables or {}).items():
                cursor.register(name, table)
            try:
                return plain(cursor.sql(text, params=[*values, *parameters]).to_arrow_table())
            finally:
                for name in tables or {}:
                    cursor.unregister(name)

    def corrections(self) -> list[Correction]:
        """All corrections in the order they were made."""
        columns = ", ".join(f'"{name}"' for name in CORRECTION.names)
        with self._database.reading() as cursor:
            rows = cursor.sql(f"SELECT {columns} FROM correction ORDER BY made").to_arrow_table().to_pylist()
        return [Correction(**row) for row in rows]

    def versions(self) -> pa.Table:
        """The taxonomy versions: name, state (draft, published, former), author, changed_at."""
        with self._database.reading() as cursor:
            return plain(cursor.sql("SELECT * FROM taxonomy ORDER BY changed_at, name").to_arrow_table())

    def recall(self, name: str, day: date) -> pa.Table | None:
        """What was remembered under the name on that day."""
        with self._database.reading() as cursor:
            row = one_row(cursor, "SELECT rows FROM snapshot WHERE name = ? AND day = ?", [name, day])
        return snapshots.unpacked(row[0]) if row else None

    def remembered(self, name: str) -> list[date]:
        """The days of a name, in order."""
        with self._database.reading() as cursor:
            return [row[0] for row in cursor.execute("SELECT day FROM snapshot WHERE name = ? ORDER BY day", [name]).fetchall()]

    def export(self, folder: Path, where: Filter | None = None) -> tuple[Path, Path]:
        """Write `feedback.parquet` and `mentions.parquet` in the columns of the schema into `folder`.

        Copies are among the feedback only where no filter is given. Each file is complete or not there.
        """
        with self._database.reading() as cursor:
            return duckdb_files.export(cursor, folder, where, self.version)

    # The file as a whole

    def backup(self, target: Path) -> Mapping[str, int]:
        """Copy the store as it stands into one file while it runs. Gives the rows of each table.

        Reads go on; writes wait while the file is copied (a second for some hundred megabytes). Every value of the copy is read once
        before it gets its name; an older file of that name is kept until then.

        Raises:
            DiskFull, StoreReadOnly: no copy was made. StoreDamaged: the copy cannot be read, so the disk is not to be trusted.
        """
        with self._database.held() as cursor:
            if self._path is None:
                return duckdb_files.copy(cursor, target)
            cursor.execute("CHECKPOINT")
            working = duckdb_files.copy_file(self._path, target)
        return duckdb_files.accepted(working, target)

    def verify(self) -> Mapping[str, int]:
        """Read every value of the store once; gives the rows of each table.

        Raises:
            StoreDamaged: something cannot be read.
        """
        with self._database.reading() as cursor:
            return {name: rows for name, (rows, _) in duckdb_files.contents(cursor).items()}

    def vacuum(self) -> None:
        """Write the store anew in the order of days and put it in the place of the old file: what was erased is then nowhere in it.

        Reads go on until the swap, which takes milliseconds; writes wait.
        """
        if self._path is None:
            self._database.write(duckdb_files.reorder)
            return
        with self._database.writing:
            fresh = duckdb_files.beside(self._path, "vacuum")
            with self._database.held() as cursor:
                duckdb_files.copy(cursor, fresh, ordered=True)
            self._database.swap(fresh)

    def rebuild(self, batches: Iterable[tuple[pa.Table, pa.Table]]) -> None:
        """Make the facts anew from `batches`, replay the corrections, and only then put them in the place of the present ones.

        Reads go on over the present facts; writes wait. A failure, or the end of the process, leaves the present facts as they were.
        Snapshots and taxonomy versions are kept; mentions of other versions than the published one are made again by `relabel`.
        """
        with self._database.writing:
            fresh = duckdb_files.beside(self._path, "rebuild") if self._path else None
            made = DuckDBFacts(fresh, self._zone)
            try:
                with self._database.held() as cursor:
                    made._take_side_tables(cursor)
                for feedback, mentions in batches:
                    made.append(feedback, mentions)
                if fresh is None:
                    self._database.take(made._database)
            finally:
                made.close()
                if fresh is not None:
                    fresh.with_name(fresh.name + ".lock").unlink(missing_ok=True)
            if fresh is not None:
                self._database.swap(fresh)

    # Inside

    def _take_side_tables(self, source: duckdb.DuckDBPyConnection) -> None:
        """Take over all but feedback and mentions from another store."""
        tables = {name: source.sql(f"SELECT * FROM {name}").to_arrow_table() for name in ("operation", "correction", "taxonomy", "snapshot", "state")}

        def write(cursor: duckdb.DuckDBPyConnection) -> None:
            for name, rows in tables.items():
                cursor.register("taken", rows)
                cursor.execute(f"DELETE FROM {name}")
                cursor.execute(f"INSERT INTO {name} SELECT * FROM taken")
                cursor.unregister("taken")

        self._database.write(write)
