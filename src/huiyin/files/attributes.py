"""Columns without a role, kept beside each record as a map of name to value."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huiyin.files.schema import INTAKE

MAX_COLUMNS = 30
MAX_CHARS = 200


def attribute_map(names: Sequence[str], columns: Sequence[pa.Array], rows: int) -> pa.Array:
    """One map per row of the values that are not empty, each cut at 200 characters.

    >>> columns = [pa.array(["a", ""]), pa.array(["b", "c"])]
    >>> attribute_map(["x", "y"], columns, 2).to_pylist()
    [[('x', 'a'), ('y', 'b')], [('y', 'c')]]
    """
    count = len(columns)
    if not count or not rows:
        return pa.array([[] for _ in range(rows)], INTAKE.field("attributes").type)
    values = pa.concat_arrays([_cut(column) for column in columns])
    filled = np.column_stack([_filled(column) for column in columns])
    # Row by row: the place of value (row, column) among the columns laid end to end.
    places = np.arange(rows * count).reshape(count, rows).T
    offsets = np.concatenate([[0], np.cumsum(filled.sum(axis=1))]).astype(np.int32)
    keys = pa.array(list(names), pa.string()).take(pa.array(np.nonzero(filled)[1]))
    return pa.MapArray.from_arrays(pa.array(offsets), keys, values.take(pa.array(places[filled])))


def _cut(column: pa.Array) -> pa.Array:
    longest = pc.max(pc.binary_length(column)).as_py() or 0
    return pc.utf8_slice_codeunits(column, 0, MAX_CHARS) if longest > MAX_CHARS else column


def _filled(column: pa.Array) -> np.ndarray:
    filled = pc.fill_null(pc.greater(pc.binary_length(column), 0), False)
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=bool)
