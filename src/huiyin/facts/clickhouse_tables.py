"""The tables of a ClickHouse store."""

from __future__ import annotations

import pyarrow as pa

from huiyin.facts.schema import CORRECTION, FEEDBACK, INTERNAL, MENTION, OPERATION

LAYOUT = 2

_TYPES = {
    pa.string(): "Nullable(String)",
    pa.float64(): "Nullable(Float64)",
    pa.bool_(): "Nullable(Bool)",
    pa.int64(): "Nullable(Int64)",
    pa.int32(): "Nullable(Int32)",
    pa.int8(): "Nullable(Int8)",
    pa.date32(): "Nullable(Date32)",
    pa.timestamp("us", tz="UTC"): "Nullable(DateTime64(6, 'UTC'))",
    pa.map_(pa.string(), pa.string()): "Map(String, String)",
}
_FREE = {"feedback_id", "external_id", "customer_id", "title", "text", "url", "duplicate_of", "order_id", "target", "opinion", "value", "name"}
"""Text columns whose values hardly repeat; all others are kept as numbers into a list of words."""
_NEVER_NULL = {"feedback_id": "String", "operation_id": "String", "unit": "Int64", "counted": "Bool", "version": "LowCardinality(String)"}


def columns(schema: pa.Schema, plain: bool = False) -> str:
    """The column list of a CREATE TABLE; `plain` for a table that lives as long as one query."""
    parts = []
    for field in schema:
        kind = _TYPES[field.type]
        if not plain and field.name in _NEVER_NULL:
            kind = _NEVER_NULL[field.name]
        elif not plain and pa.types.is_string(field.type) and field.name not in _FREE:
            kind = "LowCardinality(Nullable(String))"
        parts.append(f"`{field.name}` {kind}")
    return ", ".join(parts)


FEEDBACK_ROW = pa.schema([*FEEDBACK, *INTERNAL])
MENTION_ROW = pa.schema([*MENTION, *INTERNAL, pa.field("version", pa.string())])
OPERATION_ROW = pa.schema([*OPERATION, pa.field("day", pa.date32())])
CORRECTION_ROW = pa.schema([*CORRECTION, pa.field("made", pa.int64())])

_BY_ID = "INDEX by_feedback feedback_id TYPE bloom_filter GRANULARITY 4, INDEX by_customer customer_id TYPE bloom_filter GRANULARITY 4"
_LASTING = "allow_nullable_key = 1, fsync_after_insert = 1, fsync_part_directory = 1"
"""What an insert reports as done is on the disk."""
_FEEDBACK = f"""
    CREATE TABLE IF NOT EXISTS feedback ({columns(FEEDBACK_ROW)}, {_BY_ID})
    ENGINE = MergeTree ORDER BY (day, feedback_id) SETTINGS {_LASTING}
"""
_MENTION = f"""
    CREATE TABLE IF NOT EXISTS mention ({columns(MENTION_ROW)}, {_BY_ID})
    ENGINE = MergeTree ORDER BY (version, day, feedback_id) SETTINGS {_LASTING}
"""
_OPERATION = f"""
    CREATE TABLE IF NOT EXISTS operation ({columns(OPERATION_ROW)},
        INDEX by_id operation_id TYPE bloom_filter GRANULARITY 4, INDEX by_customer customer_id TYPE bloom_filter GRANULARITY 4)
    ENGINE = MergeTree ORDER BY (day, operation_id) SETTINGS {_LASTING}
"""
_CORRECTION = f"""
    CREATE TABLE IF NOT EXISTS correction ({columns(CORRECTION_ROW, plain=True)})
    ENGINE = MergeTree ORDER BY (feedback_id, made) SETTINGS {_LASTING}
"""
_TAXONOMY = """
    CREATE TABLE IF NOT EXISTS taxonomy
    (name String, state String, author Nullable(String), changed_at DateTime64(6, 'UTC'), number Int64)
    ENGINE = ReplacingMergeTree(number) ORDER BY name
"""
_SNAPSHOT = """
    CREATE TABLE IF NOT EXISTS snapshot (name String, day Date32, rows String, number Int64)
    ENGINE = ReplacingMergeTree(number) ORDER BY (name, day)
"""
_STATE = """
    CREATE TABLE IF NOT EXISTS state (name String, value String, number Int64)
    ENGINE = ReplacingMergeTree(number) ORDER BY name
"""
ADDED = tuple(
    f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {columns(pa.schema([schema.field(name)]))}"
    for table, schema, name in (("feedback", FEEDBACK, "spam_reason"), ("mention", MENTION, "conditions"))
)
"""What layout 1 lacks."""
CREATE = (_FEEDBACK, _MENTION, _OPERATION, _CORRECTION, _TAXONOMY, _SNAPSHOT, _STATE)
"""Rows lie by version and day, so that a board's period reads a part of the table. What changes in the small tables is written as a
later row of the same key: the highest `number` holds."""
