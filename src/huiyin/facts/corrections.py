"""What people corrected, laid over what the machine read: the same function for a live batch, a re-reading and a rebuild.

A correction of a feedback names a field of it. A correction of an opinion also names the span it stands on, in code points of the text.
It is laid on the mention with the same span, else on the one that overlaps it most; of several with one span on the one with the same
number. Where the machine read nothing there, the corrections make a mention of their own: what a person found does not vanish with a new
model. `removed` takes the mention away. Of two corrections of one field the later one holds.

A field that begins with `#` is a tag that people put on a feedback: true sets the attribute of that name to `1`, false takes it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import pyarrow as pa

from huiyin.facts.batches import chosen_rows
from huiyin.facts.errors import BatchRefused
from huiyin.facts.schema import COPIED_DOWN, CORRECTION, FEEDBACK, MENTION

FEEDBACK_FIELDS = ("sentiment", "emotion", "intent", "urgency", "effort", "touchpoint", "language", "is_spam", "duplicate_of")
"""What can be corrected of a feedback."""
MENTION_FIELDS = ("target", "opinion", "aspect", "touchpoint", "polarity", "intensity", "emotion", "intent", "urgency", "effort")
"""What can be corrected of an opinion, beside `removed`."""
REMOVED = "removed"
TAG = "#"
"""With what the names of tags begin, as fields and as attributes."""

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision of a person. Without `start` and `end` it is about the feedback as a whole."""

    feedback_id: str
    field: str
    value: str | float | int | bool | None
    author: str
    made_at: datetime
    start: int | None = None
    end: int | None = None
    mention_no: int | None = None
    """Tells apart opinions on one span. Alone it stands for the span the mention has when the correction is made."""
    version: str | None = None
    """The taxonomy version it holds for; None: for every one."""

    @property
    def of_opinion(self) -> bool:
        """Whether it is about an opinion and not about the feedback."""
        return self.start is not None or self.mention_no is not None

    def row(self) -> _Row:
        """Its row of the correction table.

        Raises:
            BatchRefused: no such field, a value that does not fit it, a span that is none.
        """
        known = (*MENTION_FIELDS, REMOVED) if self.of_opinion else FEEDBACK_FIELDS
        tag = self.field.startswith(TAG) and len(self.field) > 1 and not self.of_opinion
        if self.field not in known and not tag:
            raise BatchRefused(
                f"不能更正字段 {self.field}；可以更正的有 {'、'.join(known)}", f"{self.field} cannot be corrected; these can: {', '.join(known)}"
            )
        if (self.start is None) != (self.end is None) or (self.start is not None and self.end is not None and not 0 <= self.start < self.end):
            raise BatchRefused(
                f"{self.feedback_id}：位置 {self.start}..{self.end} 不成一段", f"{self.feedback_id}: {self.start}..{self.end} is no span"
            )
        if self.made_at.tzinfo is None:
            raise BatchRefused(f"{self.feedback_id}：更正的时间没有时区", f"{self.feedback_id}: the time of the correction has no time zone")
        text = None if self.value is None else str(self.value).lower() if isinstance(self.value, bool) else str(self.value)
        found = {one.name: getattr(self, one.name) for one in fields(self)} | {"value": text}
        _typed(found)
        return found


def table_of(corrections: Iterable[Correction]) -> pa.Table:
    """The corrections as rows of the correction table, in their order."""
    return pa.Table.from_pylist([one.row() for one in corrections], schema=CORRECTION)


def refused_if_nowhere(corrections: pa.Table) -> pa.Table:
    """The corrections, if each that is about an opinion knows its span.

    Raises:
        BatchRefused: one names a mention by a number that the feedback does not have.
    """
    for row in corrections.to_pylist():
        if row["mention_no"] is not None and row["start"] is None:
            raise BatchRefused(
                f"反馈 {row['feedback_id']} 没有第 {row['mention_no']} 个观点", f"feedback {row['feedback_id']} has no mention {row['mention_no']}"
            )
    return corrections


def moved_table(moved: Mapping[str, str | None]) -> pa.Table:
    """Old and new paths as a table of two columns."""
    return pa.table({"old": pa.array(list(moved), pa.string()), "new": pa.array(list(moved.values()), pa.string())})


def carried(corrections: pa.Table, source: str, version: str, moved: Mapping[str, str | None]) -> pa.Table:
    """The rows that let what people decided under `source` hold under `version`, aspects by their new paths.

    A correction for every version needs a row of its own only where its aspect moved. Asked again, it gives no row a second time.
    """
    latest: dict[tuple[Any, ...], _Row] = {}
    present = set()
    for row in corrections.to_pylist():
        place = tuple(row[name] for name in ("feedback_id", "start", "end", "mention_no", "field"))
        if row["version"] == version:
            present.add((place, row["value"], row["made_at"]))
        if row["version"] in (None, source):
            latest[place] = row
    made = []
    for place, row in latest.items():
        value = moved.get(row["value"], row["value"]) if row["field"] == "aspect" else row["value"]
        needed = row["version"] is not None or value != row["value"]
        if needed and (place, value, row["made_at"]) not in present:
            made.append(row | {"value": value, "version": version})
    return pa.Table.from_pylist(made, schema=CORRECTION)


def with_corrections(feedback: pa.Table, mentions: pa.Table, corrections: pa.Table, version: str) -> tuple[pa.Table, pa.Table]:
    """Both tables with the corrections laid over them; rows that nobody corrected keep their place and come first.

    `corrections` are rows of the correction table in the order they were made. Laying them on twice changes nothing more.
    """
    rows = [row for row in corrections.to_pylist() if row["version"] in (None, version)]
    ids = {row["feedback_id"] for row in rows} & set(feedback["feedback_id"].to_pylist())
    if not ids:
        return feedback, mentions
    by_id: dict[str, list[_Row]] = {one: [] for one in sorted(ids)}
    for row in sorted(rows, key=lambda row: row["made_at"]):
        if row["feedback_id"] in ids:
            by_id[row["feedback_id"]].append(row)
    voices = {row["feedback_id"]: row for row in chosen_rows(feedback, ids, inside=True).to_pylist()}
    said: dict[str, list[_Row]] = {one: [] for one in by_id}
    for row in chosen_rows(mentions, ids, inside=True).to_pylist():
        said[row["feedback_id"]].append(row)
    for one, made in by_id.items():
        for row in made:
            if row["start"] is None and row["mention_no"] is None:
                _lay(voices[one], row)
        said[one] = _opinions(voices[one], said[one], made)
    return (
        pa.concat_tables([chosen_rows(feedback, ids, inside=False), pa.Table.from_pylist(list(voices.values()), schema=FEEDBACK)]),
        pa.concat_tables(
            [chosen_rows(mentions, ids, inside=False), pa.Table.from_pylist([row for one in by_id for row in said[one]], schema=MENTION)]
        ),
    )


def _lay(voice: _Row, row: _Row) -> None:
    """A correction of the feedback as a whole."""
    if not row["field"].startswith(TAG):
        voice[row["field"]] = _typed(row)
        return
    others = [pair for pair in voice["attributes"] or () if pair[0] != row["field"]]
    voice["attributes"] = [*others, (row["field"], "1")] if _typed(row) else others


def _opinions(voice: _Row, mentions: Sequence[_Row], corrections: Sequence[_Row]) -> list[_Row]:
    """The mentions of one feedback after its corrections."""
    places: dict[tuple[int, int, int | None], list[_Row]] = {}
    for row in corrections:
        if row["start"] is not None:
            places.setdefault((row["start"], row["end"], row["mention_no"]), []).append(row)
    found = sorted((dict(row) for row in mentions), key=lambda row: row["mention_no"])
    for (start, end, number), made in places.items():
        values = {row["field"]: _typed(row) for row in made}
        removed = values.pop(REMOVED, False)
        at = _place(found, start, end, number)
        if removed:
            if at is not None:
                found.pop(at)
            continue
        if at is None:
            found.append(_made(voice, start, end, number, found))
            at = len(found) - 1
        found[at].update(values, labelled_by=f"human:{made[-1]['author']}", confidence=1.0)
    return found


def _place(mentions: Sequence[_Row], start: int, end: int, number: int | None) -> int | None:
    """Index of the mention a correction of this span is about."""

    def nearness(row: _Row) -> tuple[bool, int, bool, int]:
        overlap = min(end, row["end"] or 0) - max(start, row["start"] or 0)
        return (row["start"], row["end"]) == (start, end), overlap, row["mention_no"] == number, -row["mention_no"]

    best = max(range(len(mentions)), key=lambda index: nearness(mentions[index]), default=None)
    if best is None or nearness(mentions[best])[1] <= 0:
        return None
    return best


def _made(voice: _Row, start: int, end: int, number: int | None, others: Sequence[_Row]) -> _Row:
    """A mention that only a person saw."""
    taken = {row["mention_no"] for row in others}
    free = number if number is not None and number not in taken else max(taken, default=-1) + 1
    copied = {name: voice[name] for name in ("feedback_id", "text_version", *COPIED_DOWN)}
    return dict.fromkeys(MENTION.names) | copied | {"mention_no": free, "start": start, "end": end, "polarity": 0}


def _typed(row: _Row) -> Any:
    """The corrected value in the type of its column.

    Raises:
        BatchRefused: a value that does not fit the column.
    """
    opinion = row["start"] is not None or row["mention_no"] is not None
    kind = pa.bool_() if row["field"] == REMOVED or row["field"].startswith(TAG) else (MENTION if opinion else FEEDBACK).field(row["field"]).type
    try:
        return pa.scalar(row["value"], pa.string()).cast(kind).as_py()
    except pa.ArrowInvalid as error:
        raise BatchRefused(
            f"{row['feedback_id']}：{row['field']} 不能是 {row['value']!r}", f"{row['feedback_id']}: {row['field']} cannot be {row['value']!r}"
        ) from error
