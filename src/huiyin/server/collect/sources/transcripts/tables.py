"""CSV, a row for each turn, calls told apart by their id; or a row for each call with what is known of it, without words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from huiyin.server.collect.sources.transcripts.calls import Call, Found, Turn, Unread, about_of, field_of, seconds_of

_LONGEST_CELL = 64 * 1024 * 1024


def read_table(text: str, name: str) -> Iterator[Found]:
    """The calls of a table, in the order in which they begin; their rows may stand anywhere."""
    rows, fields = _rows(text)
    missing = [said for ours, said in (("speaker", "说话人"), ("text", "内容")) if ours not in fields.values()]
    if missing:
        yield Unread(1, "no_column", f"没有「{'」「'.join(missing)}」这一列", text.split("\n", 1)[0][:500])
        return
    calls: dict[str, Call] = {}
    try:
        for row in rows:
            if unread := _taken(row, rows.line_num, fields, calls, name):
                yield unread
    except csv.Error as error:
        yield Unread(rows.line_num + 1, "bad_csv", f"这里起读不下去：{error}")
    yield from calls.values()


def _taken(row: Mapping[str, Any], line: int, fields: Mapping[str, str], calls: dict[str, Call], name: str) -> Unread | None:
    """Put a row into its call, or say why not."""
    said = {fields[column]: (value or "").strip() for column, value in row.items() if column in fields and isinstance(value, str | None)}
    number = said.get("call_id") or ("" if "call_id" in fields.values() else name)
    raw = ",".join(str(one) for one in row.values())[:500]
    if not number or not said.get("speaker"):
        return Unread(line, "no_call_id" if not number else "no_speaker", "没有通话编号" if not number else "没有写是谁说的", raw)
    if said.get("text"):
        call = calls.setdefault(number, Call(number, line=line))
        for ours, value in about_of(row).items():
            if ours != "call_id":
                call.about.setdefault(ours, value)
        call.turns.append(Turn(said["speaker"][:60], said["text"], seconds_of(said.get("at", ""))))
    return None


def is_list_of_calls(text: str) -> bool:
    """Whether a table tells of calls without their words: a row each, by id."""
    fields = set(_rows(text)[1].values())
    return "call_id" in fields and "text" not in fields


def list_of_calls(text: str) -> Mapping[str, dict[str, str]]:
    """What such a table tells of each call."""
    found: dict[str, dict[str, str]] = {}
    with suppress(csv.Error):
        for row in _rows(text)[0]:
            about = about_of(row)
            if number := about.pop("call_id", ""):
                found[number] = about
    return found


def _rows(text: str) -> tuple[csv.DictReader[str], dict[str, str]]:
    # The limit belongs to the whole process and others raise it too; a long cell is the inbox's to judge.
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    delimiter = max(",\t;|", key=first.count)
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    fields: dict[str, str] = {}
    for column in rows.fieldnames or []:
        if (ours := field_of(column)) and ours not in fields.values():
            fields[column] = ours
    return rows, fields
