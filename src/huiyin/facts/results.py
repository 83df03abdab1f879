"""One shape of results for every engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa


def plain(table: pa.Table) -> pa.Table:
    """Whole numbers as int64, other numbers as double, text as string, times in UTC microseconds.

    Engines differ in the width they give sums and counts, and some encode repeated text: a caller should not see it.

    >>> plain(pa.table({"n": pa.array([1, 2], pa.uint8())})).schema.field("n").type
    DataType(int64)
    """
    fields = [pa.field(field.name, _plain(field.type)) for field in table.schema]
    if fields == list(table.schema):
        return table
    # By place, not by name: two columns of a result may share one.
    columns = [column if column.type == field.type else _cast(column, field.type) for column, field in zip(table.columns, fields, strict=True)]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_decimal(kind):
        return pa.int64() if kind.scale == 0 else pa.float64()
    if pa.types.is_floating(kind):
        return pa.float64()
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string(kind):
        return pa.string()
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", tz="UTC" if kind.tz else None)
    if pa.types.is_date(kind):
        return pa.date32()
    if pa.types.is_list(kind):
        return pa.list_(_plain(kind.value_type))
    if pa.types.is_map(kind):
        return pa.map_(pa.string(), pa.string())
    return kind


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_decimal(column.type) and pa.types.is_floating(kind):
        return column.cast(pa.float64(), safe=False)
    return column.cast(kind)


def one_row(cursor: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> tuple[Any, ...]:
    """The first row of a DuckDB statement, `()` where there is none. Fetched to the end: a result left open blocks its cursor."""
    rows = cursor.execute(sql, list(values)).fetchall()
    return rows[0] if rows else ()
