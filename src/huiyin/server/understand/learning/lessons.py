"""What can be learnt from: the corrections and confirmations that hold."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from huiyin.facts import Facts
from huiyin.server.understand.review.models import ReviewItem
from huiyin.text.teaching import Lesson

BACKGROUND = 1000
"""Voices that nobody corrected, which are to be read as before."""
SAMPLE = 2000
"""Voices of which it is told how many would be read otherwise."""
_FIELDS = ("polarity", "aspect", "removed")


def lessons_of(store: Facts) -> list[Lesson]:
    """One lesson for each opinion on which a person said polarity or aspect. What is disputed or was taken back teaches nothing."""
    said: dict[tuple[str, int, int, int | None], dict[str, Any]] = {}
    for one in store.corrections():
        if one.start is not None and one.end is not None and one.field in _FIELDS:
            said.setdefault((one.feedback_id, one.start, one.end, one.mention_no), {})[one.field] = one.value
    undecided = [ReviewItem.State.OPEN, ReviewItem.State.DISPUTED]
    open_ones = set(ReviewItem.objects.filter(state__in=undecided).values_list("feedback_id", "start", "end"))
    texts = _texts(store, sorted({key[0] for key in said}))
    found = []
    for (feedback_id, start, end, _number), fields in sorted(said.items(), key=lambda one: str(one[0])):
        text, unit = texts.get(feedback_id, ("", 0))
        removed = str(fields.get("removed", "")).lower() == "true"
        if removed or not {"polarity", "aspect"} & fields.keys() or (feedback_id, start, end) in open_ones or end > len(text):
            continue
        polarity = int(fields["polarity"]) if fields.get("polarity") is not None else None
        aspect = (fields["aspect"] or "") if "aspect" in fields else None
        found.append(Lesson(feedback_id, text, start, end, polarity, aspect, unit))
    return found


def _texts(store: Facts, ids: list[str]) -> dict[str, tuple[str, int]]:
    wanted = pa.table({"wanted_id": pa.array(ids, pa.string())})
    rows = store.query("SELECT v.feedback_id, v.text, v.unit FROM wanted w JOIN voice v ON w.wanted_id = v.feedback_id", tables={"wanted": wanted})
    return {row["feedback_id"]: (row["text"] or "", int(row["unit"])) for row in rows.to_pylist()}


def sample_of(store: Facts, word: str, size: int, without: list[str]) -> list[tuple[str, str]]:
    """(id, text) of `size` voices drawn uniformly: those with the lowest MD5 of a word and their id."""
    known = pa.table({"known_id": pa.array(["\x01", *without], pa.string())})
    sql = (
        "SELECT feedback_id, text FROM voice WHERE text IS NOT NULL AND feedback_id NOT IN (SELECT known_id FROM known) "
        f"ORDER BY md5('{word}:' || feedback_id), feedback_id LIMIT {int(size)}"
    )
    return [(row["feedback_id"], row["text"]) for row in store.query(sql, tables={"known": known}).to_pylist()]
