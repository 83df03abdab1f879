"""Inbox rows as records, and what was read of them as rows of the facts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huiyin.analyze import records
from huiyin.facts import FEEDBACK
from huiyin.files import INTAKE
from huiyin.server.collect.feedback.models import Inbox, feedback_id
from huiyin.server.understand.reading.child import ReadTexts
from huiyin.server.understand.reading.pseudonyms import pseudonym
from huiyin.text import Reading

_STATED = tuple(name for name in INTAKE.names if name not in ("feedback_id", "source", "external_id", "occurred_at", "attributes", "channel"))
_OWN_IDS = ("#", "~")
"""Ids that begin so were made here and mean nothing to the sender."""


def records_of(rows: Sequence[Inbox]) -> pa.RecordBatch:
    """The records of inbox rows, in the columns of an intake.

    Raises:
        ValueError: a payload that is no record.
    """
    said: list[dict[str, Any]] = [_record(row) for row in rows]
    columns: dict[str, list[Any]] = {name: [one.get(name) for one in said] for name in _STATED}
    columns["feedback_id"] = [row.feedback_id for row in rows]
    columns["source"] = [row.source.key for row in rows]
    columns["channel"] = [one.get("channel") or row.source.channel or None for one, row in zip(said, rows, strict=True)]
    columns["external_id"] = [None if row.external_id.startswith(_OWN_IDS) else row.external_id for row in rows]
    columns["occurred_at"] = [row.occurred_at for row in rows]
    columns["attributes"] = [list((one.get("attributes") or {}).items()) for one in said]
    return pa.RecordBatch.from_arrays([pa.array(columns[field.name], field.type) for field in INTAKE], schema=INTAKE)


def _record(row: Inbox) -> dict[str, Any]:
    found = json.loads(row.record or row.raw)
    if not isinstance(found, dict):
        raise ValueError("the payload is no JSON object")
    return found


def customers_of(batch: pa.RecordBatch) -> list[tuple[str, str] | None]:
    """(pseudonym, customer) of each record; None where nobody is known."""
    return [(pseudonym(one), one) if one else None for one in batch["customer_id"].to_pylist()]


def facts_rows(
    rows: Sequence[Inbox],
    batch: pa.RecordBatch,
    read: ReadTexts,
    customers: Sequence[tuple[str, str] | None],
    leaders: np.ndarray,
    flooded: np.ndarray,
) -> tuple[pa.Table, pa.Table]:
    """Feedback and mentions as they go into the facts: masked, with pseudonyms, flagged where they came in a flood."""
    at = batch.schema.get_field_index("customer_id")
    names = pa.array([one[0] if one else None for one in customers], pa.string())
    # `rows_of` makes pseudonyms with the key of the command line; the server's are put in afterwards.
    nameless = batch.set_column(at, "customer_id", pa.nulls(len(rows), pa.string()))
    feedback, mentions = records.rows_of(nameless, cast(Reading, read), 0)
    made = {
        "customer_id": names,
        "received_at": pa.array([row.received_at for row in rows], FEEDBACK.field("received_at").type),
        "duplicate_of": pa.array([feedback_id(one) if one else None for one in leaders.tolist()], pa.string()),
    }
    reasons = pc.if_else(pc.and_(pa.array(flooded), pc.is_null(feedback["spam_reason"])), "flood", feedback["spam_reason"])
    made |= {"spam_reason": reasons, "is_spam": pc.is_valid(reasons)}
    for name, column in made.items():
        feedback = feedback.set_column(feedback.column_names.index(name), name, column)
    return feedback.drop_columns(["row_no"]), mentions.drop_columns(["row_no"])
