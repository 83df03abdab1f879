"""The statements that change a DuckDB store. Each function runs inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from huiyin.facts.batches import MENTION_OWN
from huiyin.facts.corrections import carried, moved_table, refused_if_nowhere, with_corrections
from huiyin.facts.results import one_row
from huiyin.facts.schema import COPIED_DOWN, CORRECTION, FEEDBACK, MENTION


def _quoted(names: tuple[str, ...] | list[str], table: str = "") -> str:
    return ", ".join(f'{table}"{name}"' for name in names)


_UNIT = "CAST(md5_number_lower(CASE WHEN customer_id IS NULL THEN 'f:' || feedback_id ELSE 'c:' || customer_id END) >> 1 AS BIGINT)"


def _internal(zone: str) -> str:
    return f"{_UNIT} AS unit, CAST(occurred_at AT TIME ZONE '{zone}' AS DATE) AS day, duplicate_of IS NULL AS counted"


def feedback_rows(zone: str) -> str:
    """The query that makes rows of `feedback` out of the registered `new_feedback`, in the order of days."""
    return f"SELECT * REPLACE (coalesce(attributes, MAP {{}}) AS attributes), {_internal(zone)} FROM new_feedback ORDER BY day, feedback_id"


def mention_rows(zone: str, source: str = "") -> str:
    """The query that makes rows of `mention` out of the registered `new_mention`; its parameter is the taxonomy version.

    What is copied down comes from the feedback (`source`, or the registered `new_feedback`), so that the two can never disagree.
    """
    copied = _quoted(list(COPIED_DOWN))
    owners = source or f"(SELECT feedback_id, {copied}, {_internal(zone)} FROM new_feedback)"
    columns = ", ".join(f'm."{name}"' if name in MENTION_OWN else f'f."{name}"' for name in MENTION.names)
    columns = columns.replace('m."conditions"', 'coalesce(m."conditions", MAP {}) AS conditions')
    return (
        f"SELECT {columns}, f.unit, f.day, f.counted, CAST(? AS VARCHAR) AS version "
        f"FROM new_mention m JOIN {owners} f ON m.feedback_id = f.feedback_id ORDER BY f.day, m.feedback_id, m.mention_no"
    )


def insert(cursor: duckdb.DuckDBPyConnection, feedback: pa.Table, mentions: pa.Table, zone: str, version: str) -> None:
    """Add a checked batch, with the corrections that wait for it."""
    if one_row(cursor, "SELECT count(*) FROM correction")[0]:
        feedback, mentions = with_corrections(feedback, mentions, _corrections_of(cursor, feedback["feedback_id"]), version)
    with registered(cursor, new_feedback=feedback, new_mention=mentions):
        cursor.execute(f"INSERT INTO feedback {feedback_rows(zone)}")
        cursor.execute(f"INSERT INTO mention {mention_rows(zone)}", [version])


def replace(cursor: duckdb.DuckDBPyConnection, feedback: pa.Table, mentions: pa.Table, zone: str, version: str) -> None:
    """Put a checked batch in the place of the rows of its ids.

    Mentions under other taxonomy versions stay while the text they point into is the same, and follow the feedback's new columns.
    """
    with registered(cursor, chosen=feedback.select(["feedback_id", "text"])):
        others = _other_versions(cursor, version)
        _delete(cursor, "feedback")
        _delete(cursor, "mention")
    insert(cursor, feedback, mentions, zone, version)
    for other, rows in others.items():
        _insert_mentions(cursor, feedback, rows, other)


def _other_versions(cursor: duckdb.DuckDBPyConnection, version: str) -> dict[str, pa.Table]:
    """What the chosen feedback says under other versions, where its text stays as it is."""
    if one_row(cursor, "SELECT count(*) FROM taxonomy")[0] < 2:
        return {}
    rows = cursor.sql(
        f"SELECT m.version AS label, {_quoted(MENTION.names, 'm.')} FROM mention m JOIN feedback f ON f.feedback_id = m.feedback_id "
        "JOIN chosen c ON c.feedback_id = f.feedback_id WHERE m.version <> ? AND c.text IS NOT DISTINCT FROM f.text",
        params=[version],
    ).to_arrow_table()
    return by_version(rows)


def by_version(rows: pa.Table) -> dict[str, pa.Table]:
    """Mentions with a `label` column, apart by label."""
    labels = rows["label"]
    return {one: rows.filter(pc.equal(labels, one)).drop_columns(["label"]).cast(MENTION) for one in sorted(set(labels.to_pylist()))}


def _insert_mentions(cursor: duckdb.DuckDBPyConnection, feedback: pa.Table, mentions: pa.Table, version: str) -> None:
    """Add mentions of feedback that is in the store."""
    _, mentions = with_corrections(feedback, mentions, _corrections_of(cursor, feedback["feedback_id"]), version)
    with registered(cursor, new_mention=mentions, chosen=feedback.select(["feedback_id"])):
        owners = "(SELECT * FROM feedback WHERE feedback_id IN (SELECT feedback_id FROM chosen))"
        cursor.execute(f"INSERT INTO mention {mention_rows('', owners)}", [version])


def relabel(cursor: duckdb.DuckDBPyConnection, version: str, ids: pa.Array, mentions: pa.Table) -> None:
    """Put `mentions` in the place of what the feedback `ids` say under `version`."""
    with registered(cursor, chosen=pa.table({"feedback_id": ids})):
        feedback = stored_feedback(cursor)
        _delete(cursor, "mention", "version = ?", version)
    _insert_mentions(cursor, feedback, mentions, version)


def carry(cursor: duckdb.DuckDBPyConnection, source: str, version: str, moved: Mapping[str, str | None]) -> None:
    """Begin `version` with the mentions and corrections of `source`, aspects under their new paths."""
    cursor.execute("DELETE FROM mention WHERE version = ?", [version])
    with registered(cursor, moved=moved_table(moved)):
        cursor.execute(
            "INSERT INTO mention SELECT m.* REPLACE (CASE WHEN p.old IS NULL THEN m.aspect ELSE p.new END AS aspect, CAST(? AS VARCHAR) AS version) "
            "FROM mention m LEFT JOIN moved p ON p.old = m.aspect WHERE m.version = ? ORDER BY m.day, m.feedback_id, m.mention_no",
            [version, source],
        )
    kept = cursor.sql(f"SELECT {_quoted(CORRECTION.names)} FROM correction ORDER BY made").to_arrow_table().cast(CORRECTION)
    with registered(cursor, made=carried(kept, source, version, moved)):
        cursor.execute("INSERT INTO correction SELECT *, (SELECT coalesce(max(made), 0) FROM correction) + row_number() OVER () FROM made")


def stored_feedback(cursor: duckdb.DuckDBPyConnection) -> pa.Table:
    """The rows of the registered `chosen` ids, in the columns of the schema."""
    sql = f"SELECT {_quoted(FEEDBACK.names)} FROM feedback WHERE feedback_id IN (SELECT feedback_id FROM chosen)"
    return cursor.sql(sql).to_arrow_table().cast(FEEDBACK)


def stored_mentions(cursor: duckdb.DuckDBPyConnection) -> dict[str, pa.Table]:
    """The mentions of the registered `chosen` ids, by taxonomy version."""
    sql = f"SELECT version AS label, {_quoted(MENTION.names)} FROM mention WHERE feedback_id IN (SELECT feedback_id FROM chosen)"
    return by_version(cursor.sql(sql).to_arrow_table())


def correct(cursor: duckdb.DuckDBPyConnection, corrections: pa.Table, zone: str, version: str) -> None:
    """Keep corrections and lay them over the rows they are about, under every version."""
    ids = pa.table({"feedback_id": corrections["feedback_id"].unique()})
    with registered(cursor, made=located(cursor, corrections, version)):
        cursor.execute("INSERT INTO correction SELECT *, (SELECT coalesce(max(made), 0) FROM correction) + row_number() OVER () FROM made")
    with registered(cursor, chosen=ids):
        feedback, said = stored_feedback(cursor), stored_mentions(cursor)
        _delete(cursor, "feedback")
        _delete(cursor, "mention")
    insert(cursor, feedback, said.pop(version, MENTION.empty_table()), zone, version)
    for other, rows in said.items():
        _insert_mentions(cursor, feedback, rows, other)


def located(cursor: duckdb.DuckDBPyConnection, corrections: pa.Table, version: str) -> pa.Table:
    """The corrections, each that names a mention by number alone with the span that mention has now.

    Raises:
        BatchRefused: there is no such mention.
    """
    wanted = corrections.append_column("place", pa.array(range(corrections.num_rows), pa.int64()))
    with registered(cursor, wanted=wanted):
        found = cursor.sql(
            'SELECT w.feedback_id, coalesce(w.start, m.start) AS start, coalesce(w."end", m."end") AS "end", '
            "w.mention_no, w.field, w.value, w.author, w.made_at, w.version FROM wanted w "
            "LEFT JOIN (SELECT * FROM mention WHERE feedback_id IN (SELECT feedback_id FROM wanted)) m ON w.start IS NULL "
            "AND m.feedback_id = w.feedback_id AND m.mention_no = w.mention_no AND m.version = coalesce(w.version, ?) ORDER BY w.place",
            params=[version],
        )
        return refused_if_nowhere(found.to_arrow_table().cast(CORRECTION))


def erase_customer(cursor: duckdb.DuckDBPyConnection, customer_id: str) -> int:
    """Delete all that a customer said; gives the number of feedback."""
    cursor.execute("DELETE FROM correction WHERE feedback_id IN (SELECT feedback_id FROM feedback WHERE customer_id = ?)", [customer_id])
    for table in ("mention", "operation"):
        cursor.execute(f"DELETE FROM {table} WHERE customer_id = ?", [customer_id])
    return int(one_row(cursor, "DELETE FROM feedback WHERE customer_id = ?", [customer_id])[0])


def erase(cursor: duckdb.DuckDBPyConnection, ids: pa.Array) -> int:
    """Delete all feedback of the ids, with its mentions under every version and its corrections; gives the number of feedback."""
    if not len(ids):
        return 0
    with registered(cursor, chosen=pa.table({"feedback_id": ids})):
        count = int(one_row(cursor, "SELECT count(*) FROM feedback WHERE feedback_id IN (SELECT feedback_id FROM chosen)")[0])
        for table in ("correction", "mention", "feedback"):
            _delete(cursor, table)
    return count


def operate(cursor: duckdb.DuckDBPyConnection, operations: pa.Table, zone: str) -> None:
    """Put checked operations in the place of those of the same ids."""
    with registered(cursor, new_operation=operations):
        cursor.execute("DELETE FROM operation WHERE operation_id IN (SELECT operation_id FROM new_operation)")
        cursor.execute(f"INSERT INTO operation {operation_rows(zone)}")


def operation_rows(zone: str) -> str:
    """The query that makes rows of `operation` out of the registered `new_operation`, in the order of days."""
    day = f"CAST(occurred_at AT TIME ZONE '{zone}' AS DATE) AS day"
    return f"SELECT * REPLACE (coalesce(attributes, MAP {{}}) AS attributes), {day} FROM new_operation ORDER BY day, operation_id"


def _corrections_of(cursor: duckdb.DuckDBPyConnection, ids: pa.ChunkedArray) -> pa.Table:
    with registered(cursor, wanted=pa.table({"feedback_id": ids})):
        sql = f"SELECT {_quoted(CORRECTION.names)} FROM correction WHERE feedback_id IN (SELECT feedback_id FROM wanted) ORDER BY made"
        return cursor.sql(sql).to_arrow_table().cast(CORRECTION)


def _delete(cursor: duckdb.DuckDBPyConnection, table: str, condition: str = "TRUE", *values: object) -> None:
    """Delete the rows of the registered `chosen` ids. The bounds let whole row groups be passed over where ids rise with time."""
    bounds = one_row(cursor, "SELECT min(feedback_id), max(feedback_id) FROM chosen")
    cursor.execute(
        f"DELETE FROM {table} WHERE feedback_id BETWEEN ? AND ? AND feedback_id IN (SELECT feedback_id FROM chosen) AND {condition}",
        [*bounds, *values],
    )


class registered:  # noqa: N801 - reads as a phrase at its uses
    """Arrow tables visible to one cursor under the names given, for the length of a block."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, **tables: pa.Table) -> None:
        self._cursor, self._tables = cursor, tables

    def __enter__(self) -> None:
        for name, table in self._tables.items():
            self._cursor.register(name, table)

    def __exit__(self, *_: object) -> None:
        for name in self._tables:
            self._cursor.unregister(name)
