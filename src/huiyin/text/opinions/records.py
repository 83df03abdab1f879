"""Texts with labelled opinions: read from JSON Lines, or from a file of reviews and a file of labels.

JSON Lines: `{"id", "text", "opinions": [{"target", "target_start", "target_end", "opinion", "opinion_start", "opinion_end",
"aspect", "polarity"}]}`; a target or an opinion of null is implicit. CSV: reviews with the columns `id, Reviews`, labels with
`id, AspectTerms, A_start, A_end, OpinionTerms, O_start, O_end, Categories, Polarities`, where `_` is implicit. Either may be
gzipped. Offsets count code points; where the words prove that a file counts UTF-16 units (an emoji is two), they are turned.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from huiyin.text.errors import TextError

Span = tuple[int, int]
POLARITIES = ("negative", "neutral", "positive")
_POLARITY = {
    **dict.fromkeys(("negative", "neg", "负面", "负向", "-1"), "negative"),
    **dict.fromkeys(("neutral", "neu", "other", "中性", "0"), "neutral"),
    **dict.fromkeys(("positive", "pos", "正面", "正向", "1"), "positive"),
}
_IMPLICIT = ("_", "")
_LABEL_COLUMNS = ("id", "AspectTerms", "A_start", "A_end", "OpinionTerms", "O_start", "O_end", "Categories", "Polarities")


class OpinionFileError(TextError):
    """A file of labelled opinions that cannot be read at all."""


class Opinion(NamedTuple):
    """One opinion: spans are (start, end) in code points of the text; None where it is implicit, unknown or not told."""

    target: Span | None
    opinion: Span | None
    aspect: str | None = None
    polarity: str | None = None


class Record(NamedTuple):
    """A text and its opinions."""

    id: str
    text: str
    opinions: tuple[Opinion, ...]

    def as_json(self) -> dict[str, Any]:
        """The record as a line of JSON Lines holds it."""
        return {"id": self.id, "text": self.text, "opinions": [self._told(one) for one in self.opinions]}

    def _told(self, one: Opinion) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for name, span in (("target", one.target), ("opinion", one.opinion)):
            start, end = span or (None, None)
            told |= {name: self.text[start:end] if span else None, f"{name}_start": start, f"{name}_end": end}
        return told | {"aspect": one.aspect, "polarity": one.polarity}


class Reject(NamedTuple):
    """A row or an opinion left out: where, and why in both languages."""

    file: str
    row: int
    column: str
    reason_zh: str
    reason_en: str


class _Unfit(Exception):
    def __init__(self, column: str, reason_zh: str, reason_en: str) -> None:
        super().__init__(reason_en)
        self.column, self.reason_zh, self.reason_en = column, reason_zh, reason_en


def read_records(file: Path, labels: Path | None = None) -> tuple[list[Record], list[Reject]]:
    """Every record that can be read and every row that cannot; rows count from 1, a CSV's header being row 1.

    Raises:
        OpinionFileError: a file is missing, is not text, lacks a column, or holds no record at all.
    """
    rejects: list[Reject] = []
    records = _from_lines(file, rejects) if labels is None else _from_tables(file, labels, rejects)
    if not records:
        first = f"：第 {rejects[0].row} 行 {rejects[0].reason_zh}" if rejects else ""
        first_en = f": row {rejects[0].row} {rejects[0].reason_en}" if rejects else ""
        raise OpinionFileError(f"{file} 里没有能用的记录{first}", f"{file} holds no usable record{first_en}")
    return records, rejects


def _open(file: Path) -> io.StringIO:
    try:
        raw = file.read_bytes()
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        return io.StringIO(raw.decode("utf-8-sig"), newline="")
    except (OSError, EOFError, UnicodeDecodeError, gzip.zlib.error) as error:  # type: ignore[attr-defined]
        raise OpinionFileError(f"{file} 读不了（{error}）", f"{file} cannot be read ({error})") from None


def _from_lines(file: Path, rejects: list[Reject]) -> list[Record]:
    records = []
    for row, line in enumerate(_open(file), start=1):
        if not line.strip():
            continue
        try:
            loaded = json.loads(line)
            if not isinstance(loaded, dict) or not isinstance(loaded.get("text"), str):
                raise _Unfit("text", "没有文本 text", "has no text")
            listed = loaded.get("opinions", [])
            if not isinstance(listed, list):
                raise _Unfit("opinions", "opinions 不是列表", "opinions is not a list")
        except json.JSONDecodeError as error:
            rejects.append(Reject(str(file), row, "", f"不是 JSON（{error.msg}）", f"is not JSON ({error.msg})"))
            continue
        except _Unfit as unfit:
            rejects.append(Reject(str(file), row, unfit.column, unfit.reason_zh, unfit.reason_en))
            continue
        opinions = []
        for one in listed:
            try:
                opinions.append(_opinion(loaded["text"], one, ("target", "target_start", "target_end"), ("opinion", "opinion_start", "opinion_end")))
            except _Unfit as unfit:
                rejects.append(Reject(str(file), row, unfit.column, unfit.reason_zh, unfit.reason_en))
        records.append(Record(str(loaded.get("id", row - 1)), loaded["text"], tuple(dict.fromkeys(opinions))))
    return records


def _from_tables(file: Path, labels: Path, rejects: list[Reject]) -> list[Record]:
    texts = {row["id"]: row["Reviews"] for _, row in _rows(file, ("id", "Reviews"), rejects)}
    found: dict[str, list[Opinion]] = {}
    for number, row in _rows(labels, _LABEL_COLUMNS, rejects):
        try:
            if row["id"] not in texts:
                raise _Unfit("id", f"评论文件里没有编号 {row['id']}", f"the reviews have no id {row['id']}")
            one = {**row, "aspect": row["Categories"], "polarity": row["Polarities"]}
            opinion = _opinion(texts[row["id"]], one, ("AspectTerms", "A_start", "A_end"), ("OpinionTerms", "O_start", "O_end"))
            found.setdefault(row["id"], []).append(opinion)
        except _Unfit as unfit:
            rejects.append(Reject(str(labels), number, unfit.column, unfit.reason_zh, unfit.reason_en))
    return [Record(name, text, tuple(dict.fromkeys(found.get(name, ())))) for name, text in texts.items()]


def _rows(file: Path, columns: tuple[str, ...], rejects: list[Reject]) -> Iterator[tuple[int, dict[str, str]]]:
    csv.field_size_limit(2**31 - 1)
    table = csv.DictReader(_open(file))
    missing = [name for name in columns if name not in (table.fieldnames or ())]
    if missing:
        raise OpinionFileError(f"{file} 缺少列 {'、'.join(missing)}", f"{file} lacks the columns {', '.join(missing)}")
    for number, row in enumerate(table, start=2):
        empty = [name for name in columns if row[name] is None]
        if empty:
            rejects.append(Reject(str(file), number, empty[0], "这一行的列不够", "has too few cells"))
        else:
            yield number, row


def _opinion(text: str, one: Any, target: tuple[str, str, str], opinion: tuple[str, str, str]) -> Opinion:
    if not isinstance(one, dict):
        raise _Unfit("opinions", "观点不是对象", "holds an opinion that is no object")
    aspect, polarity = one.get("aspect"), one.get("polarity")
    named = None if polarity in (None, "") else _POLARITY.get(str(polarity).strip().lower())
    if polarity not in (None, "") and named is None:
        raise _Unfit("polarity", f"不认识的极性 {polarity}", f"the polarity {polarity} is unknown")
    spans = _span(text, one, target), _span(text, one, opinion)
    if spans == (None, None):
        raise _Unfit(target[0], "对象和评价词都没有", "has neither target nor opinion words")
    return Opinion(*spans, None if aspect in (None, "") else str(aspect), named)


def _span(text: str, one: dict[str, Any], columns: tuple[str, str, str]) -> Span | None:
    words, start, end = (one.get(name) for name in columns)
    if words is None or words in _IMPLICIT:
        return None
    try:
        begin, stop = int(str(start)), int(str(end))
    except ValueError:
        raise _Unfit(columns[1], f"「{words}」的位置 {start}–{end} 不是整数", f"the place {start}–{end} of {words!r} is not a number") from None
    if 0 <= begin < stop <= len(text) and text[begin:stop] == words:
        return begin, stop
    units = text.encode("utf-16-le", "surrogatepass")
    if 0 <= begin < stop <= len(units) // 2 and units[2 * begin : 2 * stop].decode("utf-16-le", "surrogatepass") == words:
        before = len(units[: 2 * begin].decode("utf-16-le", "surrogatepass"))
        return before, before + len(str(words))
    raise _Unfit(columns[1], f"文本的 {begin}–{stop} 不是「{words}」", f"the text does not read {words!r} at {begin}–{stop}")
