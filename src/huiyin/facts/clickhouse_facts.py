"""The facts in ClickHouse, reached by URL: many processes, many machines."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from huiyin.facts import clickhouse_files, duckdb_writes, snapshots
from huiyin.facts.batches import belonging, checked, operations_checked
from huiyin.facts.clickhouse_server import Server
from huiyin.facts.clickhouse_tables import ADDED, CREATE, FEEDBACK_ROW, LAYOUT, MENTION_ROW, OPERATION_ROW
from huiyin.facts.corrections import Correction, carried, moved_table, refused_if_nowhere, table_of, with_corrections
from huiyin.facts.dialect import translated
from huiyin.facts.errors import BatchRefused, StoreTooNew
from huiyin.facts.filters import Filter
from huiyin.facts.migrations import FIRST_VERSION
from huiyin.facts.quiet import quiet
from huiyin.facts.results import plain
from huiyin.facts.schema import CORRECTION, FEEDBACK, MENTION
from huiyin.facts.views import with_views


class ClickHouseFacts:
    """The same store as `DuckDBFacts` on a ClickHouse database.

    ClickHouse has no transaction over two tables. A replacement deletes mentions, writes mentions, deletes feedback, writes feedback:
    cut off in between, the batch done again makes it whole, and callers do it again because it was not acknowledged. For that moment a
    reader may miss the feedback being replaced. Each single statement is whole or not at all.

    Raises (on opening):
        FactsError: the server cannot be reached, or refuses. StoreTooNew: a later release made the tables.
    """

    def __init__(self, url: str, time_zone: str = "Asia/Shanghai") -> None:
        """`url`: `http[s]://user:password@host:8123/database`, or `chdb://memory/database` for the embedded engine.

        The database is made if missing.
        """
        self._zone, self._server = ZoneInfo(time_zone).key, Server(url)
        self._writing, self._preparing = threading.RLock(), threading.Lock()
        self._prepare = duckdb.connect(":memory:")
        quiet(self._prepare)
        self._lay_out()

    def __enter__(self) -> ClickHouseFacts:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def revision(self) -> int:
        """A number that rises with every committed write of any process: equal numbers, equal answers."""
        return int(self._server.rows("SELECT max(number) FROM state")[0][0])

    @property
    def version(self) -> str:
        """The published taxonomy version, which a query means when it names none."""
        return str(self._server.rows("SELECT argMax(value, number) FROM state WHERE name = 'version'")[0][0])

    def close(self) -> None:
        """Let the connection go."""
        self._server.close()
        self._prepare.close()

    # Writing

    def append(self, feedback: pa.Table, mentions: pa.Table, version: str | None = None) -> None:
        """Add a batch whose ids are new to the store. After a failure, `replace` the batch: a part of it may stand.

        Raises:
            BatchRefused: the batch is none; nothing was written.
        """
        feedback, mentions = checked(feedback, mentions)
        with self._committed():
            self._insert(feedback, mentions, version or self.version)

    def replace(self, feedback: pa.Table, mentions: pa.Table, version: str | None = None) -> None:
        """Put a batch in the place of what the store holds under its ids. Doing it twice is doing it once."""
        feedback, mentions = checked(feedback, mentions)
        label = version or self.version
        with self._committed(), self._server.given({"chosen": feedback.select(["feedback_id", "text"])}) as names:
            chosen = names["chosen"]
            others = self._mentions(
                f"JOIN feedback f ON f.feedback_id = m.feedback_id JOIN {chosen} c ON c.feedback_id = f.feedback_id "
                "WHERE m.version <> {label: String} AND c.text IS NOT DISTINCT FROM f.text",
                label,
            )
            self._delete("mention", chosen)
            for other, rows in others.items():
                self._insert_mentions(feedback, rows, other)
            self._insert(feedback, mentions, label, instead_of=chosen)

    def erase_customer(self, customer_id: str) -> int:
        """Forget a customer: feedback, mentions, corrections, operations. Gives the number of feedback erased."""
        with self._committed():
            values = {"who": customer_id}
            of_theirs = "customer_id = {who: String}"
            found = int(self._server.rows(f"SELECT count() FROM feedback WHERE {of_theirs}", values)[0][0])
            # Feedback last: cut off before it, doing it again still finds what belongs to the customer.
            self._server.command(f"DELETE FROM correction WHERE feedback_id IN (SELECT feedback_id FROM feedback WHERE {of_theirs})", values)
            for table in ("mention", "operation"):
                self._server.command(f"DELETE FROM {table} WHERE {of_theirs}", values)
            self._server.command(f"DELETE FROM feedback WHERE {of_theirs}", values)
        return found

    def erase(self, feedback_ids: Sequence[str]) -> int:
        """Forget feedback by its ids: mentions and corrections with it. Gives the number of feedback erased."""
        ids = pa.table({"feedback_id": pa.array(list(feedback_ids), pa.string())})
        if not ids.num_rows:
            return 0
        with self._committed(), self._server.given({"chosen": ids}) as names:
            chosen = names["chosen"]
            found = int(self._server.rows(f"SELECT count() FROM feedback WHERE feedback_id IN (SELECT feedback_id FROM {chosen})")[0][0])
            # Feedback last, as in `erase_customer`.
            for table in ("correction", "mention", "feedback"):
                self._delete(table, chosen)
        return found

    def operate(self, operations: pa.Table) -> None:
        """Put what happened with customers in the place of what the store holds under the same ids. Doing it twice is doing it once."""
        rows = operations_checked(operations)
        with self._preparing, duckdb_writes.registered(self._prepare, new_operation=rows):
            made = self._prepare.sql(duckdb_writes.operation_rows(self._zone)).to_arrow_table().cast(OPERATION_ROW)
        with self._committed(), self._server.given({"chosen": rows.select(["operation_id"])}) as names:
            self._server.command(f"DELETE FROM operation WHERE operation_id IN (SELECT operation_id FROM {names['chosen']})", {})
            self._server.insert("operation", made)

    def drop_operations(self, source: str) -> int:
        """Forget everything that one source said happened. Gives the number of operations dropped."""
        with self._committed():
            found = int(self._server.rows("SELECT count() FROM operation WHERE source = {source: String}", {"source": source})[0][0])
            self._server.command("DELETE FROM operation WHERE source = {source: String}", {"source": source})
        return found

    def correct(self, corrections: Sequence[Correction]) -> None:
        """Keep what people corrected and lay it over the labels, now and after every later reading.

        Raises:
            BatchRefused: one that cannot be; none was kept.
        """
        rows, label = table_of(corrections), self.version
        ids = pa.table({"feedback_id": rows["feedback_id"].unique()})
        with self._committed(), self._server.given({"chosen": ids}) as names:
            chosen = names["chosen"]
            said = self._mentions(f"WHERE m.feedback_id IN (SELECT feedback_id FROM {chosen})")
            made = refused_if_nowhere(_located(rows, said, label))
            first = time.time_ns()
            self._server.insert("correction", made.append_column("made", pa.array(range(first, first + made.num_rows), pa.int64())))
            feedback = self._server.arrow(
                f"SELECT {_quoted(FEEDBACK.names)} FROM feedback WHERE feedback_id IN (SELECT feedback_id FROM {chosen})"
            ).cast(FEEDBACK)
            self._delete("mention", chosen)
            mine = said.pop(label, MENTION.empty_table())
            for other, rows_of_other in said.items():
                self._insert_mentions(feedback, rows_of_other, other)
            self._insert(feedback, mine, label, instead_of=chosen)

    def relabel(self, version: str, feedback_ids: Sequence[str], mentions: pa.Table) -> None:
        """Write what feedback that is here already says under another taxonomy version; other versions stay."""
        ids = pa.array(list(feedback_ids), pa.string())
        said = belonging(mentions, ids)
        with self._committed(), self._server.given({"chosen": pa.table({"feedback_id": ids})}) as names:
            if version not in self.versions()["name"].to_pylist():
                self._taxonomy([(version, "draft", None)])
            chosen = names["chosen"]
            feedback = self._server.arrow(
                f"SELECT {_quoted(FEEDBACK.names)} FROM feedback WHERE feedback_id IN (SELECT feedback_id FROM {chosen})"
            ).cast(FEEDBACK)
            self._delete("mention", chosen, version)
            self._insert_mentions(feedback, said, version)

    def publish(self, version: str, author: str, moved: Mapping[str, str | None] | None = None) -> None:
        """Make a version the one that is meant when none is named. The former one stays queryable.

        With `moved` (old path → new path, None: placed nowhere) the version begins with what the former one says, its aspects under
        their new paths, and corrections of aspects hold in it under the new paths: a tree that changed shape has its whole history
        from the first moment. What a draft of that name held is given up. Publishing what is published changes nothing.
        """
        with self._committed():
            if moved is not None and version != self.version:
                self._carry(self.version, version, moved)
            former = [(row["name"], "former", row["author"]) for row in self.versions().to_pylist() if row["state"] == "published"]
            self._taxonomy([*(one for one in former if one[0] != version), (version, "published", author)])
            self._put_state("version", version)

    def drop_version(self, version: str) -> None:
        """Forget the mentions of a version that is not the published one."""
        if version == self.version:
            raise BatchRefused(f"标签体系版本 {version} 正在使用，不能删除", f"taxonomy version {version} is the published one and cannot be dropped")
        with self._committed():
            self._server.command("DELETE FROM mention WHERE version = {label: String}", {"label": version})
            self._server.command("DELETE FROM taxonomy WHERE name = {label: String}", {"label": version})

    def remember(self, name: str, day: date, rows: pa.Table) -> None:
        """Keep a small table under a name and a day; the same again replaces it. No customer ids: erasing does not look here."""
        packed = base64.b64encode(snapshots.packed(rows)).decode()
        with self._committed():
            self._server.put("snapshot", [[name, day, packed, time.time_ns()]], ["name", "day", "rows", "number"])

    def forget(self, name: str, before: date) -> None:
        """Drop what was remembered before a day."""
        with self._committed():
            self._server.command("DELETE FROM snapshot WHERE name = {name: String} AND day < {day: Date32}", {"name": name, "day": before})

    # Reading

    def query(
        self,
        sql: str,
        parameters: Sequence[object] = (),
        where: Filter | None = None,
        version: str | None = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> pa.Table:
        """Rows of a query over `voice`, `opinion`, `happening` and the `tables` given along, as an Arrow table shaped like DuckDB's."""
        text, values = with_views(sql, where, version or self.version)
        every = [*values, *parameters]
        with self._server.given(tables or {}) as names:
            with_tables = _prefixed(text, names)
            return plain(self._server.arrow(translated(with_tables, every), {f"p{number}": value for number, value in enumerate(every)}))

    def corrections(self) -> list[Correction]:
        """All corrections in the order they were made."""
        rows = plain(self._server.arrow(f"SELECT {_quoted(CORRECTION.names)} FROM correction ORDER BY made"))
        return [Correction(**row) for row in rows.to_pylist()]

    def versions(self) -> pa.Table:
        """The taxonomy versions: name, state (draft, published, former), author, changed_at."""
        return plain(self._server.arrow("SELECT name, state, author, changed_at FROM taxonomy FINAL ORDER BY changed_at, name"))

    def recall(self, name: str, day: date) -> pa.Table | None:
        """What was remembered under the name on that day."""
        found = self._server.rows(
            "SELECT rows FROM snapshot WHERE name = {name: String} AND day = {day: Date32} ORDER BY number DESC LIMIT 1", {"name": name, "day": day}
        )
        return snapshots.unpacked(base64.b64decode(found[0][0])) if found else None

    def remembered(self, name: str) -> list[date]:
        """The days of a name, in order."""
        return [row[0] for row in self._server.rows("SELECT DISTINCT day FROM snapshot WHERE name = {name: String} ORDER BY day", {"name": name})]

    def export(self, folder: Path, where: Filter | None = None) -> tuple[Path, Path]:
        """Write `feedback.parquet` and `mentions.parquet` in the columns of the schema into `folder`."""
        return clickhouse_files.export(self, self._server.arrow, folder, where)

    # The store as a whole

    def backup(self, target: Path) -> Mapping[str, int]:
        """Copy the store into one DuckDB file, the same that `DuckDBFacts.backup` makes. Gives the rows of each table.

        Read table by table: feedback written meanwhile may be in it without its mentions. `restore_from` takes it back, here or elsewhere.
        """
        with self._server.explained():
            return clickhouse_files.backup(self._server.arrow, self.versions(), self.revision, self.version, target)

    def restore_from(self, backup: Path) -> Mapping[str, int]:
        """Put a backup of either engine in the place of what the store holds; gives the rows of each table."""
        with self._writing, self._server.explained():
            return clickhouse_files.restore(self._server, backup)

    def vacuum(self) -> None:
        """Rewrite the tables so that nothing of what was erased is left in them."""
        with self._committed():
            for name in ("feedback", "mention", "operation", "correction", "taxonomy", "snapshot", "state"):
                self._server.command(f"OPTIMIZE TABLE {name} FINAL")
            for name in ("feedback", "mention", "operation", "correction"):
                self._server.command(f"ALTER TABLE {name} APPLY DELETED MASK")

    def rebuild(self, batches: Iterable[tuple[pa.Table, pa.Table]]) -> None:
        """Make the facts anew from `batches`, replay the corrections, and only then put them in the place of the present ones."""
        with self._writing, self._server.explained():
            label = self.version
            for name in ("feedback", "mention"):
                self._server.command(f"DROP TABLE IF EXISTS {name}_fresh")
                self._server.command(f"CREATE TABLE {name}_fresh AS {name}")
            for feedback, mentions in batches:
                self._insert(*checked(feedback, mentions), label, suffix="_fresh")
            with self._committed():
                self._exchange()

    # Inside

    def _exchange(self) -> None:
        self._server.command("EXCHANGE TABLES mention AND mention_fresh")
        self._server.command("EXCHANGE TABLES feedback AND feedback_fresh")
        for name in ("feedback", "mention"):
            self._server.command(f"DROP TABLE {name}_fresh")

    def _insert(self, feedback: pa.Table, mentions: pa.Table, version: str, instead_of: str | None = None, suffix: str = "") -> None:
        """Mentions first, feedback last: what is seen of a batch that was cut off is never a feedback without its mentions."""
        feedback, mentions = with_corrections(feedback, mentions, self._corrections_of(feedback), version)
        with self._preparing, duckdb_writes.registered(self._prepare, new_feedback=feedback, new_mention=mentions):
            said = self._prepare.sql(duckdb_writes.mention_rows(self._zone), params=[version]).to_arrow_table().cast(MENTION_ROW)
            voices = self._prepare.sql(duckdb_writes.feedback_rows(self._zone)).to_arrow_table().cast(FEEDBACK_ROW)
        self._server.insert(f"mention{suffix}", said)
        if instead_of is not None:
            self._delete("feedback", instead_of)
        self._server.insert(f"feedback{suffix}", voices)

    def _insert_mentions(self, feedback: pa.Table, mentions: pa.Table, version: str) -> None:
        """Add mentions of feedback that is in the store."""
        _, mentions = with_corrections(feedback, mentions, self._corrections_of(feedback), version)
        with self._preparing, duckdb_writes.registered(self._prepare, new_feedback=feedback, new_mention=mentions):
            said = self._prepare.sql(duckdb_writes.mention_rows(self._zone), params=[version]).to_arrow_table().cast(MENTION_ROW)
        self._server.insert("mention", said)

    def _corrections_of(self, feedback: pa.Table) -> pa.Table:
        if not self._server.rows("SELECT count() FROM correction")[0][0]:
            return CORRECTION.empty_table()
        with self._server.given({"wanted": feedback.select(["feedback_id"])}) as names:
            sql = f"SELECT {_quoted(CORRECTION.names)} FROM correction WHERE feedback_id IN (SELECT feedback_id FROM {names['wanted']}) ORDER BY made"
            return self._server.arrow(sql).cast(CORRECTION)

    def _carry(self, source: str, version: str, moved: Mapping[str, str | None]) -> None:
        """Begin `version` with the mentions and corrections of `source`, aspects under their new paths; done twice it is done once."""
        self._server.command("DELETE FROM mention WHERE version = {label: String}", {"label": version})
        with self._server.given({"moved": moved_table(moved)}) as names:
            self._server.command(
                "INSERT INTO mention SELECT m.* REPLACE (if(p.old IS NULL, m.aspect, p.new) AS aspect, {label: String} AS version) "
                f"FROM mention m LEFT JOIN {names['moved']} p ON p.old = m.aspect WHERE m.version = {{source: String}}",
                {"label": version, "source": source},
            )
        kept = self._server.arrow(f"SELECT {_quoted(CORRECTION.names)} FROM correction ORDER BY made").cast(CORRECTION)
        rows = carried(kept, source, version, moved)
        first = time.time_ns()
        if rows.num_rows:
            self._server.insert("correction", rows.append_column("made", pa.array(range(first, first + rows.num_rows), pa.int64())))

    def _mentions(self, condition: str, label: str = "") -> dict[str, pa.Table]:
        found = self._server.arrow(f"SELECT m.version AS label, {_quoted(MENTION.names, 'm.')} FROM mention m {condition}", {"label": label})
        return duckdb_writes.by_version(plain(found))

    def _delete(self, table: str, chosen: str, version: str | None = None) -> None:
        also = "" if version is None else " AND version = {label: String}"
        self._server.command(f"DELETE FROM {table} WHERE feedback_id IN (SELECT feedback_id FROM {chosen}){also}", {"label": version or ""})

    @contextmanager
    def _committed(self) -> Iterator[None]:
        """One write at a time in this process; the revision rises when it is whole."""
        with self._writing, self._server.explained():
            try:
                yield
            finally:
                # Also after a failure: a part of the write may be seen, so what was cached before it must not be.
                self._put_state("revision", "")

    def _put_state(self, name: str, value: str) -> None:
        self._server.put("state", [[name, value, time.time_ns()]], ["name", "value", "number"])

    def _taxonomy(self, rows: Sequence[tuple[str, str, str | None]]) -> None:
        now = datetime.now(UTC)
        self._server.put("taxonomy", [[*row, now, time.time_ns()] for row in rows], ["name", "state", "author", "changed_at", "number"])

    def _lay_out(self) -> None:
        for statement in (*CREATE, *ADDED):
            self._server.command(statement)
        found = {str(row[0]): str(row[1]) for row in self._server.rows("SELECT name, argMax(value, number) FROM state GROUP BY name")}
        if (layout := int(found.get("layout", 0))) > LAYOUT:
            raise StoreTooNew(
                f"{self._server.place} 由更新的版本写成（布局 {layout}，本程序认识 {LAYOUT}）。请升级程序",
                f"{self._server.place} was written by a later release (layout {layout}, this one knows {LAYOUT}). Upgrade",
            )
        if not layout:
            self._taxonomy([(FIRST_VERSION, "published", None)])
            self._put_state("version", FIRST_VERSION)
        if layout < LAYOUT:
            self._put_state("layout", str(LAYOUT))


def _located(corrections: pa.Table, said: Mapping[str, pa.Table], version: str) -> pa.Table:
    """The corrections, each that names a mention by number alone with the span that mention has now."""
    spans = {(label, row["feedback_id"], row["mention_no"]): (row["start"], row["end"]) for label, rows in said.items() for row in rows.to_pylist()}
    made = corrections.to_pylist()
    for row in made:
        if row["start"] is None and row["mention_no"] is not None:
            row["start"], row["end"] = spans.get((row["version"] or version, row["feedback_id"], row["mention_no"]), (None, None))
    return pa.Table.from_pylist(made, schema=CORRECTION)


def _prefixed(sql: str, names: Mapping[str, str]) -> str:
    """The query with each given table as a common table expression of its own name."""
    if not names:
        return sql
    given = ", ".join(f"{name} AS (SELECT * FROM {there})" for name, there in names.items())
    return f"WITH {given}, {sql[5:]}" if sql[:5].upper() == "WITH " else f"WITH {given} {sql}"


def _quoted(names: Sequence[str], table: str = "") -> str:
    return ", ".join(f"{table}`{name}` AS `{name}`" if table else f"`{name}`" for name in names)
