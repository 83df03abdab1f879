"""The facts in DuckDB: appended in batches, settled once, queried, exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa

from huiyin.facts.filters import Filter
from huiyin.facts.schema import FEEDBACK, MENTION, duckdb_columns


class FactsStore:
    """Two tables, `feedback` and `mention`. While a load runs both carry `row_no`, the number of the record in the load."""

    def __init__(self, path: Path | None = None, memory_limit: str = "512MB", threads: int | None = None) -> None:
        """Open a store file, or one in memory. Work that exceeds `memory_limit` is spilled beside the file."""
        settings: dict[str, str | bool | int | float | list[str]] = {"memory_limit": memory_limit}
        if threads is not None:
            settings["threads"] = threads
        self._connection = duckdb.connect(str(path) if path else ":memory:", config=settings)
        # As `quiet`, but for the batches that are appended under their variables' names.
        with suppress(duckdb.InvalidInputException):
            self._connection.execute("SET enable_progress_bar = false")
        for name, schema in (("feedback", FEEDBACK), ("mention", MENTION)):
            self._connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({duckdb_columns(schema)})")

    def __enter__(self) -> FactsStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Write everything to the file and let it go."""
        self._connection.close()

    def begin_load(self) -> None:
        """Add the temporary `row_no` to both tables."""
        for name in ("feedback", "mention"):
            self._connection.execute(f"ALTER TABLE {name} ADD COLUMN IF NOT EXISTS row_no BIGINT")

    def append(self, feedback: pa.Table, mentions: pa.Table) -> None:
        """Append a batch of both tables in one transaction; columns are matched by name."""
        self._connection.execute("BEGIN")
        try:
            for name, batch in (("feedback", feedback), ("mention", mentions)):
                self._connection.register("incoming", batch)
                self._connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM incoming")
                self._connection.unregister("incoming")
            self._connection.execute("COMMIT")
        except BaseException:
            # A full disk ends the transaction by itself; then there is none to roll back.
            with suppress(duckdb.Error):
                self._connection.execute("ROLLBACK")
            raise

    def discard_from(self, row_no: int) -> None:
        """Drop the rows of a load from `row_no` on."""
        for name in ("feedback", "mention"):
            self._connection.execute(f"DELETE FROM {name} WHERE row_no >= ?", [row_no])

    def settle_load(self, repeated: pa.Array, renamed: pa.Table, duplicates: pa.Table, flood: pa.Array) -> None:
        """End a load: drop `repeated` rows, give `renamed` (row_no, feedback_id) their ids, mark `duplicates`
        (row_no, duplicate_of row_no), flag the rows of a `flood` that no other reason flags, then drop `row_no`. One transaction.
        """
        run = self._connection.execute
        run("BEGIN")
        if len(repeated):
            self._connection.register("repeated", pa.table({"row_no": repeated}))
            for name in ("feedback", "mention"):
                run(f"DELETE FROM {name} WHERE row_no IN (SELECT row_no FROM repeated)")
        if renamed.num_rows:
            self._connection.register("renamed", renamed)
            for name in ("feedback", "mention"):
                run(f"UPDATE {name} SET feedback_id = r.feedback_id FROM renamed r WHERE {name}.row_no = r.row_no")
        if duplicates.num_rows:
            self._connection.register("duplicates", duplicates)
            run(
                "UPDATE feedback SET duplicate_of = d.id FROM (SELECT p.row_no, f.feedback_id AS id FROM duplicates p "
                "JOIN feedback f ON f.row_no = p.of_row_no) d WHERE feedback.row_no = d.row_no"
            )
        if len(flood):
            self._connection.register("flood", pa.table({"row_no": flood}))
            run("UPDATE feedback SET is_spam = TRUE, spam_reason = 'flood' WHERE spam_reason IS NULL AND row_no IN (SELECT row_no FROM flood)")
        run("COMMIT")
        for name in ("feedback", "mention"):
            run(f"ALTER TABLE {name} DROP COLUMN row_no")

    def query(
        self, sql: str, parameters: Sequence[object] = (), where: Filter | None = None, tables: Mapping[str, pa.Table] | None = None
    ) -> pa.Table:
        """Rows of a query as an Arrow table. A load is asked as a whole: it takes no filter.

        Raises:
            ValueError: a filter was given.
        """
        if where is not None and where != Filter():
            raise ValueError("a load takes no filter")
        for name, rows in (tables or {}).items():
            self._connection.register(name, rows)
        try:
            return self._connection.sql(sql, params=list(parameters)).to_arrow_table()
        finally:
            for name in tables or {}:
                self._connection.unregister(name)

    def execute(self, sql: str) -> None:
        """Run a statement that gives no rows, such as creating a temporary view."""
        self._connection.execute(sql)

    def export(self, folder: Path) -> tuple[Path, Path]:
        """Write `feedback.parquet` and `mentions.parquet` into `folder`."""
        paths = folder / "feedback.parquet", folder / "mentions.parquet"
        for name, path in zip(("feedback", "mention"), paths, strict=True):
            target = str(path).replace("'", "''")
            self._connection.execute(f"COPY {name} TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)")
        return paths
