"""Columns of the two facts tables, the same in DuckDB and in the Parquet files."""

from __future__ import annotations

import pyarrow as pa

_TIME = pa.timestamp("us", tz="UTC")

FEEDBACK = pa.schema(
    [
        ("feedback_id", pa.string()),
        ("source", pa.string()),
        ("external_id", pa.string()),
        ("channel", pa.string()),
        ("occurred_at", _TIME),
        ("received_at", _TIME),
        ("customer_id", pa.string()),
        ("product", pa.string()),
        ("brand", pa.string()),
        ("region", pa.string()),
        ("store", pa.string()),
        ("touchpoint", pa.string()),
        ("segment", pa.string()),
        ("language", pa.string()),
        ("invited", pa.bool_()),
        ("rating", pa.float64()),
        ("metric", pa.string()),
        ("score", pa.float64()),
        ("scale_max", pa.float64()),
        ("title", pa.string()),
        ("text", pa.string()),
        ("url", pa.string()),
        ("sentiment", pa.float64()),
        ("emotion", pa.string()),
        ("intent", pa.string()),
        ("urgency", pa.string()),
        ("effort", pa.string()),
        ("is_spam", pa.bool_()),
        ("spam_reason", pa.string()),
        ("duplicate_of", pa.string()),
        ("attributes", pa.map_(pa.string(), pa.string())),
        ("text_version", pa.string()),
    ]
)
"""One row per feedback. `text` is cleaned and masked; `customer_id` is a pseudonym; `sentiment` −1..1."""

MENTION = pa.schema(
    [
        ("feedback_id", pa.string()),
        ("mention_no", pa.int32()),
        ("occurred_at", _TIME),
        ("channel", pa.string()),
        ("product", pa.string()),
        ("brand", pa.string()),
        ("region", pa.string()),
        ("segment", pa.string()),
        ("customer_id", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("target", pa.string()),
        ("opinion", pa.string()),
        ("aspect", pa.string()),
        ("touchpoint", pa.string()),
        ("polarity", pa.int8()),
        ("intensity", pa.float64()),
        ("emotion", pa.string()),
        ("intent", pa.string()),
        ("urgency", pa.string()),
        ("effort", pa.string()),
        ("conditions", pa.map_(pa.string(), pa.string())),
        ("confidence", pa.float64()),
        ("labelled_by", pa.string()),
        ("text_version", pa.string()),
    ]
)
"""One row per opinion. `start`, `end` count code points of the feedback's `text`; `polarity` −1, 0, 1; `intensity` 0..1;
`conditions` facet → value, as `huiyin.text.conditions` names them."""

CORRECTION = pa.schema(
    [
        ("feedback_id", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("mention_no", pa.int32()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("author", pa.string()),
        ("made_at", _TIME),
        ("version", pa.string()),
    ]
)
"""One row per correction a person made, in the order they were made; see `corrections`."""

OPERATION = pa.schema(
    [
        ("operation_id", pa.string()),
        ("source", pa.string()),
        ("external_id", pa.string()),
        ("kind", pa.string()),
        ("occurred_at", _TIME),
        ("customer_id", pa.string()),
        ("order_id", pa.string()),
        ("product", pa.string()),
        ("region", pa.string()),
        ("store", pa.string()),
        ("segment", pa.string()),
        ("amount", pa.float64()),
        ("status", pa.string()),
        ("attributes", pa.map_(pa.string(), pa.string())),
    ]
)
"""One row per thing that happened with a customer: an order, a ticket, a use, a churn, revenue. `customer_id` is a pseudonym, `amount`
in the unit of its source. The store adds `day` (local)."""

INTERNAL = pa.schema([("unit", pa.int64()), ("day", pa.date32()), ("counted", pa.bool_())])
"""What the store adds to both tables: `unit` (63 bits of a hash of the customer; of the feedback where there is none), `day` (local),
`counted` (no copy of another feedback). A mention also has `version`, the taxonomy version it was labelled under.
"""

DUCKDB_TYPES = {
    pa.string(): "VARCHAR",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.int64(): "BIGINT",
    pa.int32(): "INTEGER",
    pa.int8(): "TINYINT",
    pa.date32(): "DATE",
    _TIME: "TIMESTAMPTZ",
    pa.map_(pa.string(), pa.string()): "MAP(VARCHAR, VARCHAR)",
}


def duckdb_columns(schema: pa.Schema) -> str:
    """The column list of a CREATE TABLE for DuckDB."""
    return ", ".join(f'"{field.name}" {DUCKDB_TYPES[field.type]}' for field in schema)


COPIED_DOWN = ("occurred_at", "channel", "product", "brand", "region", "segment", "customer_id")
"""Columns that a mention takes from its feedback, so that no board needs the join."""
