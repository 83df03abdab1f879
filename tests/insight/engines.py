"""The same drawn company in DuckDB and in ClickHouse's embedded engine, and the comparison of what both answer."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pyarrow as pa

from huiyin.facts import DuckDBFacts, Facts, open_facts
from huiyin.simulate.planted import Draft

_NUMBERS = itertools.count()
_CLOSE = 1e-9
"""Sums are added up in another order by another engine; nothing else may differ."""


@contextmanager
def opened(draft: Draft, kind: str = "duckdb", tables: tuple[pa.Table, pa.Table] | None = None) -> Iterator[Facts]:
    """A store that holds the draft, or the given tables of it."""
    with open_facts(f"chdb://memory/insight_{next(_NUMBERS)}" if kind == "clickhouse" else None) as store:
        store.append(*(tables or draft.tables()))
        yield store


def stored(draft: Draft) -> DuckDBFacts:
    """A store in memory that holds the draft."""
    store = DuckDBFacts()
    store.append(*draft.tables())
    return store


def same(one: object, other: object, where: str = "answer") -> None:
    """Assert that two answers are equal field by field: of the same type, numbers within rounding, all else exactly."""
    assert type(one) is type(other), f"{where}: {type(one).__name__} against {type(other).__name__}"
    if dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            same(getattr(one, field.name), getattr(other, field.name), f"{where}.{field.name}")
    elif isinstance(one, np.ndarray):
        assert (one.shape, one.dtype) == (other.shape, other.dtype), where
        if one.dtype.kind == "f":
            np.testing.assert_allclose(other, one, rtol=_CLOSE, atol=_CLOSE, err_msg=where)
        else:
            np.testing.assert_array_equal(other, one, err_msg=where)
    elif isinstance(one, float):
        assert math.isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE) or (math.isnan(one) and math.isnan(other)), f"{where}: {one} against {other}"
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            same(one[key], other[key], f"{where}[{key!r}]")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), f"{where}: {len(one)} against {len(other)} entries"
        for at, (a, b) in enumerate(zip(one, other, strict=True)):
            same(a, b, f"{where}[{at}]")
    else:
        assert one == other, f"{where}: {one!r} against {other!r}"
