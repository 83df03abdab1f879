"""The customers' own words behind a finding: most intense first, one customer once, near-duplicates folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz, process

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Mark, Quote

SHOWN = 24
_CANDIDATES = 90
_ALIKE = 80.0
_LONGEST = 4000
"""Longer texts are cut around the opinion: a wall is for reading."""

_COLUMNS = 'feedback_id, day, start, "end", intensity'
_QUOTED = ", ".join(f"v.{name} AS {name}" for name in ("feedback_id", "customer_id", "product", "region", "channel", "rating", "scale_max", "day"))
_RECORDS = f"SELECT {_QUOTED}, v.text AS text FROM wanted w JOIN voice v ON w.feedback_id = v.feedback_id"
_LOADED = (
    f"SELECT {_QUOTED}, f.text AS text FROM wanted w JOIN voice v ON w.feedback_id = v.feedback_id JOIN feedback f ON w.feedback_id = f.feedback_id"
)
"""The same of a load, whose voices carry no text."""
_OPINIONS = (
    'SELECT o.feedback_id AS feedback_id, o.start AS start, o."end" AS "end", o.intensity AS intensity, o.polarity AS polarity '
    "FROM wanted w JOIN opinion o ON w.feedback_id = o.feedback_id ORDER BY o.feedback_id, o.start, o.mention_no"
)


def walls(store: Voices, aspects: Iterable[str], polarity: int = -1, shown: int = SHOWN, where: Filter | None = None) -> dict[str, tuple[Quote, ...]]:
    """For each aspect up to `shown` quotes of different customers."""
    paths = list(aspects)
    if not paths:
        return {}
    table = store.query(
        f"WITH best AS (SELECT aspect, unit, {_COLUMNS}, row_number() OVER (PARTITION BY aspect, unit ORDER BY intensity DESC, "
        f"week, start, feedback_id) AS nth FROM opinion WHERE polarity = ? AND aspect IN ({', '.join('?' for _ in paths)})), "
        f"ranked AS (SELECT aspect, {_COLUMNS}, row_number() OVER (PARTITION BY aspect ORDER BY intensity DESC, unit) AS place "
        "FROM best WHERE nth = 1) SELECT * FROM ranked WHERE place <= ? ORDER BY aspect, place",
        [polarity, *paths, _CANDIDATES],
        where=where,
    )
    return _by_aspect(store, table, shown, where)


def wall(store: Voices, where: Filter | None = None, shown: int = SHOWN) -> tuple[Quote, ...]:
    """Quotes of different customers from all opinions within a filter, most intense first."""
    table = store.query(
        f"WITH best AS (SELECT unit, {_COLUMNS}, row_number() OVER (PARTITION BY unit ORDER BY intensity DESC, week, start, feedback_id) AS nth "
        f"FROM opinion) SELECT '' AS aspect, {_COLUMNS} FROM best WHERE nth = 1 ORDER BY intensity DESC, unit LIMIT ?",
        [max(_CANDIDATES, 4 * shown)],
        where=where,
    )
    return _by_aspect(store, table, shown, where).get("", ())


def unplaced(store: Voices, shown: int = 30, where: Filter | None = None) -> tuple[Quote, ...]:
    """The most intense negative opinions that no aspect took, one a customer."""
    table = store.query(
        f"WITH best AS (SELECT unit, {_COLUMNS}, row_number() OVER (PARTITION BY unit ORDER BY intensity DESC, week, start, feedback_id) AS nth "
        "FROM opinion WHERE polarity = -1 AND aspect IS NULL) "
        f"SELECT '' AS aspect, {_COLUMNS} FROM best WHERE nth = 1 ORDER BY intensity DESC, unit LIMIT ?",
        [_CANDIDATES],
        where=where,
    )
    return _by_aspect(store, table, shown, where).get("", ())


def _by_aspect(store: Voices, chosen: pa.Table, shown: int, where: Filter | None) -> dict[str, tuple[Quote, ...]]:
    """The quotes of each aspect. Where a filter was asked, only the days of what it chose are read; a load takes none."""
    if not chosen.num_rows:
        return {}
    wanted = {"wanted": pa.table({"feedback_id": list(dict.fromkeys(chosen["feedback_id"].to_pylist()))})}
    days = Filter.spanning(chosen["day"].to_pylist()) if where else None
    records = {row["feedback_id"]: row for row in store.query(_RECORDS if where else _LOADED, where=days, tables=wanted).to_pylist()}
    opinions: dict[str, list[dict[str, object]]] = {}
    for row in store.query(_OPINIONS, where=days, tables=wanted).to_pylist():
        opinions.setdefault(str(row["feedback_id"]), []).append(row)
    walls: dict[str, list[Quote]] = {}
    for row in chosen.to_pylist():
        record = records[row["feedback_id"]]
        walls.setdefault(row["aspect"], []).append(_quote(row, record, opinions.get(row["feedback_id"], [])))
    return {aspect: fold(quotes, shown) for aspect, quotes in walls.items()}


def _quote(chosen: dict[str, object], record: dict[str, object], opinions: list[dict[str, object]]) -> Quote:
    start, end = _number(chosen["start"]), _number(chosen["end"])
    text = str(record["text"])
    first = max(0, start - _LONGEST // 2) if len(text) > _LONGEST else 0
    text = text[first : first + _LONGEST]
    polarity = next((one["polarity"] for one in opinions if one["start"] == chosen["start"] and one["end"] == chosen["end"]), 0)
    marks = [Mark(start - first, min(end - first, len(text)), _number(polarity), _real(chosen["intensity"]) or 0.0, True)]
    for one in opinions:
        begin, stop = _number(one["start"]) - first, _number(one["end"]) - first
        if begin >= 0 and stop <= len(text) and all(stop <= mark.start or begin >= mark.end for mark in marks):
            marks.append(Mark(begin, stop, _number(one["polarity"]), _real(one["intensity"]) or 0.0, False))
    return Quote(
        feedback_id=str(record["feedback_id"]),
        text=text,
        marks=tuple(sorted(marks, key=lambda mark: mark.start)),
        intensity=_real(chosen["intensity"]) or 0.0,
        customer=_words(record["customer_id"]),
        product=_words(record["product"]),
        region=_words(record["region"]),
        channel=_words(record["channel"]),
        rating=_real(record["rating"]),
        scale_max=_real(record["scale_max"]),
        occurred_on=_words(record["day"]),
        folded=0,
    )


def fold(quotes: list[Quote], shown: int) -> tuple[Quote, ...]:
    """Fold quotes that say nearly the same into the first of them, which counts the others; keep `shown`."""
    if not quotes:
        return ()
    texts = [quote.text[:400] for quote in quotes]
    alike = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=_ALIKE, dtype=np.uint8) >= _ALIKE
    taken = np.zeros(len(quotes), dtype=bool)
    out: list[Quote] = []
    for at, quote in enumerate(quotes):
        if taken[at]:
            continue
        same = alike[at] & ~taken
        taken |= same
        out.append(replace(quote, folded=int(same.sum()) - 1))
    return tuple(out[:shown])


def _number(value: object) -> int:
    return int(value)  # type: ignore[call-overload, no-any-return]


def _real(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def _words(value: object) -> str | None:
    return None if value is None else str(value)
