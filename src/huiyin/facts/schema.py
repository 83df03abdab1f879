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
        ("confidence", pa.float64()),
        ("labelled_by", pa.string()),
        ("text_version", pa.string()),
    ]
)
"""One row per opinion. `start`, `end` count code points of the feedback's `text`; `polarity` −1, 0, 1; `intensity` 0..1."""

COPIED_DOWN = ("occurred_at", "channel", "product", "brand", "region", "segment", "customer_id")
"""Columns that a mention takes from its feedback, so that no board needs the join."""
