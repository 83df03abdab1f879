"""Counts under every pair of values of two dimensions, in one pass over the facts: each the count of its own filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices
from huiyin.facts.filters import COLUMNS
from huiyin.facts.views import COPIED
from huiyin.insight.indicators import BUCKETS, Unit

Cells = Mapping[tuple[int, int], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A column and some of its values, `""` for what is not stated; of `aspect` a value stands for its subtree."""

    name: str
    values: tuple[str, ...]

    @property
    def apart(self) -> bool:
        """Whether nothing lies under two of its values."""
        return self.name != "aspect" or not any(one.startswith(other + "/") for one in self.values for other in self.values)

    def place(self) -> tuple[str, list[object]]:
        """SQL of the place of a row's value among the values, NULL for any other, with its parameters."""
        if self.name == "aspect":
            test, given = "aspect = ? OR starts_with(aspect, ?)", [[one, one + "/"] for one in self.values]
        else:
            test, given = f"coalesce({self.name}, '') = ?", [[one] for one in self.values]
        whens = " ".join(f"WHEN {test} THEN {at}" for at in range(len(self.values)))
        return f"CASE {whens} END", [part for parts in given for part in parts]


def countable(unit: Unit, *dimensions: Dimension) -> bool:
    """Whether one pass can count them: values lie apart, and where opinions are read, opinions carry the columns."""
    if not all(one.apart and one.values for one in dimensions) or len({one.name for one in dimensions}) < len(dimensions):
        return False
    held = COPIED if unit == "opinions" or any(one.name == "aspect" for one in dimensions) else COLUMNS
    return all(one.name == "aspect" or one.name in held for one in dimensions)


def cells(store: Voices, unit: Unit, where: Filter, rows: Dimension | None, columns: Dimension) -> Cells:
    """(row, column) → voices, customers or opinions within it, by the 512 buckets of customers; cells without any are left out.

    Without rows everything stands in row 0. The dimensions have to be `countable`.
    """
    of_opinions = unit == "opinions" or any(one is not None and one.name == "aspect" for one in (rows, columns))
    counted = {"opinions": "count(*)", "customers": "count(DISTINCT unit)", "voices": "count(DISTINCT feedback_id)" if of_opinions else "count(*)"}
    (row, row_values), (column, column_values) = rows.place() if rows else ("0", []), columns.place()
    found = store.query(
        f"WITH placed AS (SELECT {row} AS at_row, {column} AS at_column, CAST(unit % {BUCKETS} AS INTEGER) AS bucket, unit, feedback_id "
        f"FROM {'opinion' if of_opinions else 'voice'}) "
        f"SELECT at_row, at_column, bucket, {counted[unit]} AS n FROM placed WHERE at_row IS NOT NULL AND at_column IS NOT NULL GROUP BY 1, 2, 3",
        [*row_values, *column_values],
        where,
    )
    out: dict[tuple[int, int], NDArray[np.int64]] = {}
    for at_row, at_column, bucket, n in zip(*(found[name].to_pylist() for name in ("at_row", "at_column", "bucket", "n")), strict=True):
        out.setdefault((int(at_row), int(at_column)), np.zeros(BUCKETS, np.int64))[int(bucket)] = n
    return out
