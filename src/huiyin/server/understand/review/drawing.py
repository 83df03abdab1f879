"""Which opinions are put before people, by a rule that is told on the screen.

Customers are parted by their number: three in ten belong to the measuring part, seven to the learning part. From the measuring part
voices are drawn uniformly at random (the lowest MD5 of a fixed word and their id; so that what came in later has its fair share), and of
each voice one opinion at random: the machine's accuracy is measured on these alone. From the learning part come the readings that are
unsure, aspects taking turns. As the parts share nobody, what was drawn as unsure is never missing from the random sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from huiyin.facts import Facts, Filter

MEASURING = 3
"""Of ten customers, so many belong to the measuring part."""
UNSURE_BELOW = 0.7
"""Confidence under which a reading counts as unsure."""
AGAINST = 0.5
"""A voice's sentiment so strong, and an opinion against it, is a disagreement."""
_COLUMNS = "feedback_id, start, end, mention_no, aspect, polarity, confidence, text_version"


def random_part(store: Facts, size: int, drawn: Sequence[str], where: Filter) -> list[dict[str, Any]]:
    """`size` voices of the measuring part, one opinion each."""
    sql = f"""
        SELECT {_quoted("x")} FROM (
            SELECT o.*, row_number() OVER (PARTITION BY o.feedback_id ORDER BY md5('opinion:' || o.feedback_id || CAST(o.mention_no AS VARCHAR)),
                   o.mention_no) AS turn
            FROM opinion o WHERE o.unit % 10 < {MEASURING} AND coalesce(o.labelled_by, '') NOT LIKE 'human:%'
        ) x WHERE x.turn = 1 AND x.feedback_id NOT IN (SELECT drawn_id FROM drawn)
        ORDER BY md5('review:' || x.feedback_id), x.feedback_id LIMIT {int(size)}"""
    rows: list[dict[str, Any]] = store.query(sql, where=where, tables={"drawn": _ids("drawn_id", drawn)}).to_pylist()
    return [{**row, "reasons": []} for row in rows]


def unsure_part(store: Facts, size: int, drawn: Sequence[str], known: Sequence[str], where: Filter) -> list[dict[str, Any]]:
    """`size` voices of the learning part by how unsure their reading is, aspects taking turns. `known` are aspects with labels enough."""
    low = f"(CASE WHEN o.confidence < {UNSURE_BELOW} THEN 1 ELSE 0 END)"
    against = f"(CASE WHEN o.polarity * v.sentiment < 0 AND abs(v.sentiment) >= {AGAINST} THEN 1 ELSE 0 END)"
    score = (
        "(CASE WHEN v.scale_max > 0 AND ((v.score <= 0.4 * v.scale_max AND o.polarity = 1) OR (v.score >= 0.8 * v.scale_max AND o.polarity = -1)) "
        "THEN 1 ELSE 0 END)"
    )
    thin = "(CASE WHEN coalesce(o.aspect, '') IN (SELECT known_aspect FROM known) THEN 0 ELSE 1 END)"
    sql = f"""
        SELECT {_quoted("z")}, z.low AS low, z.against AS against, z.score_against AS score_against, z.thin AS thin FROM (
            SELECT y.*, row_number() OVER (PARTITION BY y.aspect ORDER BY y.weight DESC, y.confidence, y.feedback_id) AS round FROM (
                SELECT x.*, row_number() OVER (PARTITION BY x.feedback_id ORDER BY x.weight DESC, x.confidence, x.mention_no) AS turn FROM (
                    SELECT {_quoted("o")}, {low} AS low, {against} AS against, {score} AS score_against,
                           {thin} AS thin, 2 * {low} + 2 * {against} + 2 * {score} + {thin} AS weight
                    FROM opinion o JOIN voice v ON o.feedback_id = v.feedback_id
                    WHERE o.unit % 10 >= {MEASURING} AND coalesce(o.labelled_by, '') NOT LIKE 'human:%'
                ) x WHERE x.weight > 0
            ) y WHERE y.turn = 1 AND y.feedback_id NOT IN (SELECT drawn_id FROM drawn)
        ) z ORDER BY z.round, z.weight DESC, z.confidence, z.feedback_id LIMIT {int(size)}"""
    tables = {"drawn": _ids("drawn_id", drawn), "known": _ids("known_aspect", known)}
    rows: list[dict[str, Any]] = store.query(sql, where=where, tables=tables).to_pylist()
    named = (("low", "confidence"), ("against", "document"), ("score_against", "score"), ("thin", "aspect"))
    return [{**row, "reasons": [word for column, word in named if row[column]]} for row in rows]


def _quoted(alias: str) -> str:
    return ", ".join(f'{alias}."{name}" AS "{name}"' for name in _COLUMNS.split(", "))


def _ids(name: str, values: Sequence[str]) -> pa.Table:
    # One value that nothing equals, so that the table is never empty.
    return pa.table({name: pa.array(["\x01", *values], pa.string())})
