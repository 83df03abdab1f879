"""A batch as it was given, made into exactly the columns of the facts, or refused with a reason."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from huiyin.facts.errors import BatchRefused
from huiyin.facts.schema import COPIED_DOWN, FEEDBACK, MENTION, OPERATION


def checked(feedback: pa.Table, mentions: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Both tables with exactly the columns of the schema; a missing column is all null, what a mention copies down need not be given.

    Raises:
        BatchRefused: an unknown column, a value that does not fit its column, a feedback without id or with one given twice,
            a mention without its feedback in the batch.
    """
    feedback = shaped(feedback, FEEDBACK, "feedback")
    ids = feedback["feedback_id"]
    if ids.null_count:
        raise BatchRefused(f"有 {ids.null_count} 条反馈没有编号", f"{ids.null_count} feedback have no feedback_id")
    if (different := pc.count_distinct(ids).as_py()) != len(ids):
        counts = ids.value_counts()
        twice = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")[0].as_py()
        raise BatchRefused(
            f"一批里有 {len(ids) - different} 个重复的反馈编号，例如 {twice}",
            f"{len(ids) - different} feedback_id stand twice in one batch, for example {twice}",
        )
    return feedback, belonging(mentions, ids)


def belonging(mentions: pa.Table, ids: pa.ChunkedArray) -> pa.Table:
    """The mentions in the columns of the schema, each of one of the feedback `ids`.

    Raises:
        BatchRefused: as in `checked`.
    """
    mentions = shaped(mentions, MENTION, "mention")
    owned = pc.is_in(mentions["feedback_id"], value_set=ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids)
    stray = mentions.num_rows - (pc.sum(owned).as_py() or 0)
    if stray:
        example = mentions["feedback_id"].filter(pc.invert(owned))[0].as_py()
        raise BatchRefused(
            f"有 {stray} 个观点不属于这一批的任何反馈，例如 {example}", f"{stray} mentions belong to no feedback of the batch, for example {example}"
        )
    return mentions


def shaped(table: pa.Table, schema: pa.Schema, name: str) -> pa.Table:
    """`table` with the columns of `schema` in their order and types.

    Raises:
        BatchRefused: an unknown column, a column given twice, or a value that does not fit.
    """
    unknown = sorted(
        {one for one in table.column_names if one not in schema.names} | {one for one in table.column_names if table.column_names.count(one) > 1}
    )
    if unknown:
        raise BatchRefused(f"{name} 没有这些列，或给了两次：{'、'.join(unknown)}", f"{name} has no such columns, or twice: {', '.join(unknown)}")
    columns = []
    for field in schema:
        if field.name not in table.column_names:
            columns.append(pa.nulls(table.num_rows, field.type))
            continue
        try:
            columns.append(_cast(table[field.name], field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise BatchRefused(
                f"{name} 的列 {field.name} 装不进 {field.type}：{error}", f"{name}.{field.name} does not fit {field.type}: {error}"
            ) from error
    return pa.table(columns, schema=schema)


def operations_checked(operations: pa.Table) -> pa.Table:
    """The table with exactly the columns of the schema; a missing column is all null.

    Raises:
        BatchRefused: as in `checked`, of ids, kinds and columns.
    """
    rows = shaped(operations, OPERATION, "operation")
    for name in ("operation_id", "kind"):
        if rows[name].null_count:
            raise BatchRefused(f"有 {rows[name].null_count} 条运营记录没有 {name}", f"{rows[name].null_count} operations have no {name}")
    ids = rows["operation_id"]
    if (different := pc.count_distinct(ids).as_py()) != len(ids):
        raise BatchRefused(f"一批里有 {len(ids) - different} 个重复的运营记录编号", f"{len(ids) - different} operation_id stand twice in one batch")
    return rows


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if column.type == kind:
        return column
    return column.cast(kind)


def chosen_rows(table: pa.Table, ids: set[str], inside: bool) -> pa.Table:
    """The rows of `table` whose feedback is among `ids`, or is not."""
    found = pc.is_in(table["feedback_id"], value_set=pa.array(sorted(ids), pa.string()))
    return table.filter(found if inside else pc.invert(found))


MENTION_OWN = tuple(name for name in MENTION.names if name not in COPIED_DOWN)
"""Columns of a mention that are its own."""
