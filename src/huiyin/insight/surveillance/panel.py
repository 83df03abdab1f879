"""Counts by series and period, straight from the facts: the complaints of each aspect × product, and what they are out of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices
from huiyin.facts.filters import COLUMNS

Grain = Literal["day", "week"]
LONGEST = {"day": 730, "week": 156}
"""So many last periods are read."""


@dataclass(frozen=True, slots=True)
class Panel:
    """S series over T whole periods; the period that is not over yet is left out."""

    keys: tuple[tuple[str, str | None], ...]
    """(aspect, value of the dimension) of each series; None where there is no dimension, "" where none is stated."""
    starts: NDArray[np.datetime64]
    """(T,) first day of each period."""
    grain: Grain
    counts: NDArray[np.float64]
    """(S, T) customers with the opinion in the period."""
    exposure: NDArray[np.float64]
    """(S, T) customers heard in the period with the same value of the dimension."""
    left_out: int
    """Customers with the opinion in periods that are not over."""

    @property
    def days(self) -> int:
        """Length of a period."""
        return 7 if self.grain == "week" else 1

    def last_day(self) -> date | None:
        """Last day of the last whole period."""
        return None if not len(self.starts) else self.starts[-1].astype(date) + timedelta(days=self.days - 1)

    def take(self, rows: NDArray[np.int64]) -> Panel:
        """Some of the series."""
        keys = tuple(self.keys[row] for row in rows)
        return Panel(keys, self.starts, self.grain, self.counts[rows], self.exposure[rows], self.left_out)


def panel(
    store: Voices,
    where: Filter | None = None,
    *,
    dimension: str | None = "product",
    grain: Grain = "week",
    polarity: int = -1,
    as_of: date | None = None,
    minimum_total: int = 1,
) -> Panel:
    """The counts of every aspect × value of `dimension`, as one row per customer, aspect and period.

    Args:
        as_of: the day that is not over yet; periods that reach into it are left out. The last day of the facts when None, since
            nothing tells whether it is over.
        minimum_total: series with fewer cases in all are left out.

    Raises:
        ValueError: `dimension` is no column of the facts.
    """
    if dimension is not None and dimension not in COLUMNS:
        raise ValueError(f"dimension {dimension!r}: one of {', '.join(COLUMNS)} or None")
    part = "CAST(NULL AS VARCHAR)" if dimension is None else f"coalesce({dimension}, '')"
    copied = dimension in (None, "channel", "product", "brand", "region", "segment")
    said = (
        "opinion"
        if copied
        else f"(SELECT o.aspect, o.polarity, o.day, o.week, o.unit, v.{dimension} FROM opinion o JOIN voice v USING (feedback_id)) s"
    )
    totals = store.query(
        f"SELECT {part} AS part, {grain} AS period, count(DISTINCT unit) AS n FROM voice WHERE day IS NOT NULL GROUP BY 1, 2 ORDER BY 2, 1", (), where
    )
    cases = store.query(
        f"SELECT aspect, {part} AS part, {grain} AS period, count(DISTINCT unit) AS n FROM {said} "
        "WHERE polarity = CAST(? AS INTEGER) AND aspect IS NOT NULL AND day IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        [polarity],
        where,
    )
    last = as_of or _last_day(store, where)
    width = 7 if grain == "week" else 1
    periods = totals["period"].to_numpy().astype("datetime64[D]")
    if last is None or not len(periods):
        return Panel((), np.zeros(0, "datetime64[D]"), grain, np.zeros((0, 0)), np.zeros((0, 0)), 0)
    ends = np.datetime64(last, "D") - np.timedelta64(width, "D")
    whole = np.arange(periods.min(), ends + np.timedelta64(1, "D"), np.timedelta64(width, "D"))[-LONGEST[grain] :]
    return _assembled(totals, cases, whole, grain, minimum_total)


def _assembled(totals: pa.Table, cases: pa.Table, starts: NDArray[np.datetime64], grain: Grain, minimum_total: int) -> Panel:
    """Arrow rows laid out as arrays."""
    aspects = cases["aspect"].to_pylist()
    parts = cases["part"].to_pylist()
    keys = sorted(set(zip(aspects, parts, strict=True)), key=lambda key: (key[0], key[1] or ""))
    row_of = {key: row for row, key in enumerate(keys)}
    columns = _place(cases["period"], starts)
    rows = np.array([row_of[key] for key in zip(aspects, parts, strict=True)], dtype=np.int64)
    number = cases["n"].to_numpy().astype(np.float64)
    counts = np.zeros((len(keys), len(starts)))
    inside = columns >= 0
    np.add.at(counts, (rows[inside], columns[inside]), number[inside])
    later = cases["period"].to_numpy().astype("datetime64[D]") > starts[-1] if len(starts) else np.ones(len(rows), bool)
    heard: dict[str | None, NDArray[np.float64]] = {}
    for part, column, n in zip(totals["part"].to_pylist(), _place(totals["period"], starts).tolist(), totals["n"].to_pylist(), strict=True):
        if column >= 0:
            heard.setdefault(part, np.zeros(len(starts)))[column] = n
    nothing = np.zeros(len(starts))
    exposure = np.array([heard.get(part, nothing) for _, part in keys]).reshape(len(keys), len(starts))
    # A customer can be heard of an aspect on a day only if heard at all: guards against facts whose mentions were moved.
    whole = Panel(tuple(keys), starts, grain, counts, np.maximum(exposure, counts), int(number[later].sum()))
    return whole.take(np.flatnonzero(counts.sum(axis=1) >= minimum_total))


def _place(column: pa.ChunkedArray, starts: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Index of each period among `starts`, −1 where it is none of them."""
    days = column.to_numpy().astype("datetime64[D]")
    at = np.searchsorted(starts, days)
    hit = at < len(starts)
    hit[hit] = starts[at[hit]] == days[hit]
    return np.where(hit, at, -1)


def _last_day(store: Voices, where: Filter | None) -> date | None:
    found = store.query("SELECT max(day) AS last FROM voice", (), where)["last"][0].as_py()
    return found if found is None or isinstance(found, date) else date.fromisoformat(str(found))
