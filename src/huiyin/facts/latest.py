"""The newest voices a filter admits, a page at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pyarrow as pa

from huiyin.facts.facts import Facts
from huiyin.facts.filters import Filter

_FIRST_LOOK = 8_000
"""Feedback looked at first, newest first: few enough to cost nothing. Each further look goes eight times as far back."""


def latest_voices(
    facts: Facts,
    where: Filter | None = None,
    limit: int = 50,
    columns: tuple[str, ...] = ("feedback_id", "occurred_at", "channel", "product", "region", "store", "segment", "score", "sentiment", "text"),
    before: tuple[datetime, str] | None = None,
) -> pa.Table:
    """At most `limit` voices, newest first, ties by id; `before` is the (occurred_at, feedback_id) of the last row of the page before.

    The text is the widest column by far, so the ids are found first, going back from the newest day in growing spans until the page is
    full, and the text is read for those alone. A voice without a time is on no page.
    """
    chosen = where or Filter()
    newest, oldest, span = _bounds(facts, chosen, before)
    found: list[pa.Table] = []
    missing = limit
    while missing > 0 and newest is not None and oldest is not None and newest >= oldest:
        first = max(oldest, newest - timedelta(days=min(span, (newest - oldest).days + 1) - 1))
        part = _ids(facts, replace(chosen, since=first, until=newest), missing, before)
        found.append(part)
        missing -= part.num_rows
        newest, span = first - timedelta(days=1), span * 8
    ids = pa.concat_tables(found) if found else pa.table({"feedback_id": pa.array([], pa.string()), "day": pa.array([], pa.date32())})
    return _rows(facts, ids, columns)


def _bounds(facts: Facts, chosen: Filter, before: tuple[datetime, str] | None) -> tuple[date | None, date | None, int]:
    """The newest and the oldest day to look at, and how many days to look at first."""
    # Of all feedback and not of the voices: a bound is enough, and the engine knows it without reading the rows.
    held = facts.query("SELECT max(day) AS newest, min(day) AS oldest, count(*) AS n FROM feedback").to_pylist()[0]
    if held["newest"] is None:
        return None, None, 1
    newest = min(one for one in (held["newest"], chosen.until, before[0].date() + timedelta(days=1) if before else None) if one is not None)
    oldest = max(one for one in (held["oldest"], chosen.since) if one is not None)
    per_day = held["n"] / ((held["newest"] - held["oldest"]).days + 1)
    return newest, oldest, max(1, int(_FIRST_LOOK / per_day))


def _ids(facts: Facts, where: Filter, limit: int, before: tuple[datetime, str] | None) -> pa.Table:
    sql, values = "SELECT feedback_id, day FROM voice", []
    if before is not None:
        sql += " WHERE (occurred_at < CAST(? AS TIMESTAMPTZ) OR (occurred_at = CAST(? AS TIMESTAMPTZ) AND feedback_id > ?))"
        values = [before[0], before[0], before[1]]
    return facts.query(f"{sql} ORDER BY occurred_at DESC, feedback_id LIMIT {int(limit)}", values, where=where)


def _rows(facts: Facts, ids: pa.Table, columns: tuple[str, ...]) -> pa.Table:
    marks = ", ".join("?" for _ in range(ids.num_rows)) or "NULL"
    listed = ", ".join(f'"{name}"' for name in columns)
    return facts.query(
        f"SELECT {listed} FROM voice WHERE feedback_id IN ({marks}) ORDER BY occurred_at DESC, feedback_id",
        ids["feedback_id"].to_pylist(),
        where=Filter.spanning(ids["day"].to_pylist()),
    )
