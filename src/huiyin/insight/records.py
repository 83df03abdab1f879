"""The voices behind a number: as many as it says, in an order that can be asked for again, or ten drawn blindly.

A number on a board and the list behind it are the same query with the same filter, so they agree; `count` and `page` rest on one
condition and the tests walk both. The blind draw orders all voices by the MD5 of seed and id and takes the first ones: each
set of k voices is equally likely, the same seed draws the same voices on every engine, and frame and seed are told with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa

from huiyin.facts import Filter, Voices
from huiyin.facts.filters import COLUMNS
from huiyin.insight import evidence
from huiyin.insight.findings import Quote

Counted = Literal["voices", "customers"]
Order = Literal["newest", "oldest", "most_negative", "most_positive"]
_ORDERS: dict[Order, str] = {
    "newest": "day DESC NULLS LAST, feedback_id DESC",
    "oldest": "day ASC NULLS LAST, feedback_id ASC",
    "most_negative": "sentiment ASC NULLS LAST, feedback_id ASC",
    "most_positive": "sentiment DESC NULLS LAST, feedback_id ASC",
}
_COLUMNS = (
    "feedback_id, source, channel, occurred_at, day, customer_id, product, brand, region, store, segment, language, invited, rating, score, "
    "scale_max, title, text, url, sentiment, emotion, intent, urgency, effort, is_spam, spam_reason, attributes"
)


@dataclass(frozen=True, slots=True)
class Behind:
    """How much stands behind a number."""

    voices: int
    customers: int
    opinions: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A blind draw: what was drawn, out of what, with which seed."""

    voices: pa.Table
    frame: int
    """Voices the draw was made from."""
    where: Filter
    seed: int


@dataclass(frozen=True, slots=True)
class Wall:
    """Customers' own words, one each, most intense first."""

    quotes: tuple[Quote, ...]
    customers: int
    """Distinct customers behind the wall, shown or not."""
    opinions: int


def count(store: Voices, where: Filter | None = None) -> Behind:
    """Voices, customers and opinions within a filter."""
    # Where opinions are asked for, they name the voices: no need to find those among all.
    asked = where is not None and where.asks_opinions
    voices, opinions, rows = (
        ("count(DISTINCT feedback_id)", "count(*)", "opinion") if asked else ("count(*)", "(SELECT count(*) FROM opinion)", "voice")
    )
    sql = f"SELECT {voices} AS voices, count(DISTINCT unit) AS customers, {opinions} AS opinions FROM {rows}"
    row = store.query(sql, where=where).to_pylist()[0]
    return Behind(int(row["voices"]), int(row["customers"]), int(row["opinions"]))


@dataclass(frozen=True, slots=True)
class Overview:
    """What a list says above itself: how much stands behind it, and how many voices each day has."""

    behind: Behind
    days: dict[date, int]


def overview(store: Voices, where: Filter | None = None) -> Overview:
    """Counts and days in one pass over the voices, for where the filter reads texts that pass is what it costs."""
    # Where opinions are asked for, they name the voices: no need to find those among all.
    table, one = ("opinion", "DISTINCT feedback_id") if where is not None and where.asks_opinions else ("voice", "*")
    rows = store.query(
        f"SELECT 0 AS part, day, count({one}) AS n FROM {table} WHERE day IS NOT NULL GROUP BY day "
        f"UNION ALL SELECT 1, NULL, count({one}) FROM {table} UNION ALL SELECT 2, NULL, count(DISTINCT unit) FROM {table} "
        "UNION ALL SELECT 3, NULL, count(*) FROM opinion",
        where=where,
    ).to_pylist()
    days = {row["day"]: int(row["n"]) for row in rows if row["part"] == 0}
    voices, customers, opinions = (next(int(row["n"]) for row in rows if row["part"] == part) for part in (1, 2, 3))
    return Overview(Behind(voices, customers, opinions), days)


def page(store: Voices, where: Filter | None = None, order: Order = "newest", first: int = 0, size: int = 50) -> pa.Table:
    """Voices `first` … `first + size` of the order; all columns a reader wants. Ids are picked first, then texts are read."""
    if where is not None and where.asks_opinions and order in ("newest", "oldest"):
        sql = f"SELECT feedback_id, day FROM opinion GROUP BY feedback_id, day ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?"
    else:
        sql = f"SELECT feedback_id, day FROM voice ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?"
    picked = store.query(sql, [size, first], where)
    return rows_of(store, picked)


def commonest(store: Voices, column: str, where: Filter | None = None, most: int = 12, counted: Counted = "voices") -> list[tuple[str, int]]:
    """The values of a column that are stated most (`aspect`: of opinions only), with their voices or with the customers whose opinions state them.

    Raises:
        ValueError: no column that is filtered by.
    """
    if column not in (*COLUMNS, "aspect"):
        raise ValueError(f"column {column!r}: one of {', '.join((*COLUMNS, 'aspect'))}")
    table, count = ("voice", "count(*)") if counted == "voices" else ("opinion", "count(DISTINCT unit)")
    rows = store.query(
        f"SELECT {column} AS value, {count} AS n FROM {table} WHERE {column} IS NOT NULL AND {column} <> '' "
        f"GROUP BY {column} ORDER BY n DESC, value LIMIT ?",
        [most],
        where,
    )
    return [(str(row["value"]), int(row["n"])) for row in rows.to_pylist()]


def draw(store: Voices, size: int = 10, where: Filter | None = None, seed: int = 1) -> Drawn:
    """`size` voices drawn blindly: no ranking, no filter but the one given, good and bad as they come."""
    frame = int(store.query("SELECT count(*) AS n FROM voice", where=where)["n"][0].as_py())
    picked = store.query(
        "SELECT feedback_id, day FROM voice ORDER BY md5(CAST(? AS VARCHAR) || ':' || feedback_id), feedback_id LIMIT ?", [str(seed), size], where
    )
    return Drawn(rows_of(store, picked), frame, where or Filter(), seed)


def wall(store: Voices, where: Filter | None = None, shown: int = evidence.SHOWN) -> Wall:
    """The evidence wall of any filter over opinions."""
    row = store.query("SELECT count(DISTINCT unit) AS customers, count(*) AS opinions FROM opinion", where=where).to_pylist()[0]
    return Wall(evidence.wall(store, where, shown), int(row["customers"]), int(row["opinions"]))


def rows_of(store: Voices, picked: pa.Table) -> pa.Table:
    """The voices whose ids a table `picked` holds, in its order; where it holds their days too only those days are read."""
    ids = picked["feedback_id"].to_pylist()
    if not ids:
        return store.query(f"SELECT {_COLUMNS} FROM voice LIMIT 0")
    wanted = pa.table({"feedback_id": ids, "place": pa.array(range(len(ids)), pa.int64())})
    columns = ", ".join(f"v.{name} AS {name}" for name in _COLUMNS.split(", "))
    rows = store.query(
        f"SELECT {columns}, w.place AS place FROM wanted w JOIN voice v ON w.feedback_id = v.feedback_id ORDER BY w.place",
        where=Filter.spanning(picked["day"].to_pylist()) if "day" in picked.column_names else None,
        tables={"wanted": wanted},
    )
    return rows.drop_columns(["place"])


def opinions_in(store: Voices, feedback_ids: Sequence[str], columns: Sequence[str], days: Iterable[date | None] = ()) -> pa.Table:
    """The opinions of some voices, in reading order; only the `days` of those voices are read where they are given."""
    chosen = ", ".join(f'o."{name}" AS "{name}"' for name in columns)
    return store.query(
        f"SELECT {chosen} FROM wanted w JOIN opinion o ON w.wanted_id = o.feedback_id ORDER BY o.feedback_id, o.start, o.mention_no",
        where=Filter.spanning(days),
        tables={"wanted": pa.table({"wanted_id": pa.array(list(feedback_ids), pa.string())})},
    )
