"""The one table every reader hands to the pipeline (CONTRACTS.md, "Files -> pipeline")."""

import pyarrow as pa

INTAKE: pa.Schema = pa.schema(
    [
        ("feedback_id", pa.string()),
        ("source", pa.string()),
        ("external_id", pa.string()),
        ("channel", pa.string()),
        ("occurred_at", pa.timestamp("us", tz="UTC")),
        ("customer_id", pa.string()),
        ("product", pa.string()),
        ("brand", pa.string()),
        ("region", pa.string()),
        ("store", pa.string()),
        ("touchpoint", pa.string()),
        ("segment", pa.string()),
        ("invited", pa.bool_()),
        ("rating", pa.float64()),
        ("metric", pa.string()),
        ("score", pa.float64()),
        ("scale_max", pa.float64()),
        ("title", pa.string()),
        ("text", pa.string()),
        ("url", pa.string()),
        ("attributes", pa.map_(pa.string(), pa.string())),
    ]
)
