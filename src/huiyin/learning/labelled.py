"""Labelled texts out of a file, and what could not be used of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from huiyin.files import FilesError, PlainTables
from huiyin.text.opinions.records import Reject

SEVERAL = "|"
"""Parts the labels of a text that has several."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be learnt from."""

    row: int
    """Counted from 1, the heading not counted."""
    column: str
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with labels; `polarities` has one for each label of each text, "" where none is given."""

    texts: list[str] = field(default_factory=list)
    labels: list[tuple[str, ...]] = field(default_factory=list)
    polarities: list[tuple[str, ...]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unlabelled: dict[int, str] = field(default_factory=dict)
    """Texts of rows that are refused because their label is empty, by the row's number."""


def unlabelled(path: Path, text: str | None) -> tuple[list[str], list[Refused]]:
    """The texts of a file; without a column's name those of its only column, or of the one that is called so.

    Raises:
        FilesError: the file or the column cannot be used.
    """
    texts, refused = [], []
    for number, (said,) in enumerate(_rows(path, [text], {0: ("text", "content", "review", "文本", "内容", "评论", "反馈")}), 1):
        if said and said.strip():
            texts.append(said)
        else:
            refused.append(Refused(number, text or "", "没有文字", "no text"))
    return texts, refused


def single(path: Path, text: str, label: str) -> Labelled:
    """One label a text."""
    found = Labelled()
    for number, (said, named) in enumerate(_rows(path, [text, label]), 1):
        if _usable(found, number, (text, said), (label, named)):
            found.texts.append(said or "")
            found.labels.append(((named or "").strip(),))
        elif said and said.strip():
            found.unlabelled[number] = said
    return found


def several(path: Path, text: str, label: str, polarity: str | None) -> Labelled:
    """Any number of labels a text: one row for each, rows of the same text belong together; or one row with a `|` list.

    A row with a text and no label is a text of no class.
    """
    named: dict[str, dict[str, str]] = {}
    found = Labelled()
    columns = [text, label] if polarity is None else [text, label, polarity]
    for number, row in enumerate(_rows(path, columns), 1):
        said, labels = row[0], row[1]
        if not said or not said.strip():
            found.refused.append(Refused(number, text, "没有文字", "no text"))
            continue
        names = [one.strip() for one in (labels or "").split(SEVERAL)]
        sides = [one.strip() for one in (row[2] or "").split(SEVERAL)] if polarity else []
        sides += sides[-1:] * (len(names) - len(sides)) if len(sides) == 1 else []
        if polarity and len(sides) != len(names) and any(names):
            found.refused.append(Refused(number, polarity, "极性的个数和标签的个数不一样", "not as many polarities as labels"))
            continue
        of_text = named.setdefault(said, {})
        for at, name in enumerate(names):
            if name:
                of_text[name] = sides[at] if polarity else ""
    for said, of_text in named.items():
        found.texts.append(said)
        found.labels.append(tuple(of_text))
        found.polarities.append(tuple(of_text.values()))
    return found


def _usable(found: Labelled, number: int, *cells: tuple[str, str | None]) -> bool:
    for column, value in cells:
        if value is None or not value.strip():
            found.refused.append(Refused(number, column, "是空的", "is empty"))
            return False
    return True


def _rows(path: Path, columns: Sequence[str | None], likely: dict[int, tuple[str, ...]] | None = None) -> list[tuple[str | None, ...]]:
    rows: list[tuple[str | None, ...]] = []
    with PlainTables(path) as tables:
        for table in tables.tables:
            places = [_place(path, table.columns, name, (likely or {}).get(at, ())) for at, name in enumerate(columns)]
            for chunk in table.chunks():
                rows += zip(*([None if one is None else str(one) for one in chunk.columns[place].to_pylist()] for place in places), strict=True)
    if not rows:
        raise FilesError("nothing_kept", f"{path.name} 里没有一行", f"There is no row in {path.name}", path=str(path))
    return rows


def _place(path: Path, columns: Sequence[str], name: str | None, likely: Sequence[str]) -> int:
    """Of a column by its name, by its number from 1, or by one of the likely names."""
    folded = [column.strip().lower() for column in columns]
    if name is None:
        places = [folded.index(one) for one in likely if one in folded]
        if places or len(columns) == 1:
            return places[0] if places else 0
    elif name in columns:
        return list(columns).index(name)
    elif name.strip().lower() in folded:
        return folded.index(name.strip().lower())
    elif name.isdecimal() and 1 <= int(name) <= len(columns):
        return int(name) - 1
    shown = "、".join(columns[:20])
    raise FilesError(
        "unknown_column",
        f"{path.name} 里没有列「{name or '文本'}」",
        f"{path.name} has no column {name or 'of text'}",
        f"有这些列：{shown}",
        f"The columns are: {shown}",
        str(path),
    )


def describe(refused: Sequence[Refused | Reject], english: bool) -> list[str]:
    """A line for each of the first rows that were refused, and how many more there are."""
    lines = []
    for one in refused[:_SHOWN]:
        file = f"{one.file} " if isinstance(one, Reject) else ""
        place = f"{file}row {one.row}, column {one.column}: " if english else f"{file}第 {one.row} 行「{one.column}」："
        lines.append(place + (one.reason_en if english else one.reason_zh))
    more = len(refused) - len(lines)
    return lines + ([f"and {more:,} more" if english else f"还有 {more:,} 行"] if more > 0 else [])
