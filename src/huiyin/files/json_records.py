"""JSON Lines, and files that are one JSON array of objects."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyarrow as pa

from huiyin.files import errors
from huiyin.files.encoding import MARK, find_encoding
from huiyin.files.formats import Located
from huiyin.files.lines import Lines, RecordTooLarge
from huiyin.files.options import Limits, ReadOptions
from huiyin.files.records import RAW_SHOWN, Chunk, RawReject
from huiyin.files.streams import BLOCK

_SURROGATE = re.compile("[\ud800-\udfff]")
_SAMPLED = 2000
_CHUNK_CHARS = 16_000_000
_GAP = re.compile(r"[\s,]*")

# One record: its number, its object if it could be read, else the reject that says why.
_Record = tuple[int, dict[str, Any] | None, RawReject | None]


class JsonReader:
    """One JSON file; its columns are the keys seen in the first 2,000 records."""

    delimiter: str | None = None
    sheet: str | None = None

    def __init__(self, located: Located, format: str, options: ReadOptions, limits: Limits) -> None:
        self.format = format
        self._located = located
        self._limits = limits
        handle = located.open(limits)
        try:
            head = handle.stream.read(BLOCK)
        finally:
            handle.close()
        self.encoding: str = options.encoding or find_encoding(head)
        keys: dict[str, None] = {}
        self._sampled = 0
        for _, record, _ in islice(self._all_records(), _SAMPLED):
            keys.update(dict.fromkeys(record or ()))
            self._sampled += 1
        self.columns = list(keys)
        breaks = head.count(b"\n")
        self._bytes_per_line = len(head) / breaks if breaks else float(len(head))

    def estimate_rows(self) -> int | None:
        """Exact for short files, else from the length of the first lines."""
        if self._sampled < _SAMPLED:
            return self._sampled
        size = self._located.expanded_bytes
        if size is None or self.format == "json_array":
            return None
        return max(self._sampled, int(size / self._bytes_per_line))

    def chunks(self, rows_per_chunk: int) -> Iterator[Chunk]:
        """The rows, from the start, chunk by chunk."""
        handle = self._located.open(self._limits)
        try:
            lines = Lines(handle, self.encoding, self._limits.record_chars)
            records = self._records(lines)
            ordinal = 0
            while part := list(_some(records, lines, rows_per_chunk)):
                objects = [(number, ordinal + i, record) for i, (number, record, _) in enumerate(part)]
                kept = [one for one in objects if one[2] is not None]
                ordinal += len(part)
                yield Chunk(
                    [self._column(key, [record for _, _, record in kept]) for key in self.columns],
                    [number for number, _, _ in kept],
                    [place for _, place, _ in kept],
                    [reject for _, _, reject in part if reject is not None],
                    handle.position(),
                )
        finally:
            handle.close()

    def _column(self, key: str, objects: list[Any]) -> pa.Array:
        values = [record.get(key) for record in objects]
        try:
            return pa.array(values, pa.string())
        except (pa.ArrowTypeError, pa.ArrowInvalid, UnicodeEncodeError):
            return pa.array([_value_text(value) for value in values], pa.string())

    def _all_records(self) -> Iterator[_Record]:
        handle = self._located.open(self._limits)
        try:
            yield from self._records(Lines(handle, self.encoding, self._limits.record_chars))
        finally:
            handle.close()

    def _records(self, lines: Lines) -> Iterator[_Record]:
        if self.format == "json_array":
            return _array_records(lines, self._located.name, self._limits.record_chars)
        return _line_records(lines)


def _some(records: Iterator[_Record], lines: Lines, count: int) -> Iterator[_Record]:
    """Up to `count` records, fewer where they are very long."""
    enough = lines.chars_read + _CHUNK_CHARS
    for record in islice(records, count):
        yield record
        if lines.chars_read > enough:
            return


def _line_records(lines: Lines) -> Iterator[_Record]:
    """One object to a line; blank lines are passed over but counted."""
    number = 0
    while True:
        lines.start_record()
        number += 1
        try:
            line = next(lines)
        except StopIteration:
            return
        except RecordTooLarge:
            raw = lines.record[-1][:RAW_SHOWN]
            lines.skip_record(None)
            yield number, None, RawReject(number, "cell_too_large", "", "record too large", raw)
            continue
        if line.strip():
            yield _line_record(line, number)


def _line_record(line: str, number: int) -> _Record:
    raw = _SURROGATE.sub("\ufffd", line.strip()[:RAW_SHOWN])
    if MARK in line:
        return number, None, RawReject(number, "undecodable", "", "undecodable bytes", raw)
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return number, None, RawReject(number, "bad_json", "", str(error), raw)
    if isinstance(record, dict):
        return number, record, None
    return number, None, RawReject(number, "bad_json", "", "not an object", raw)


def _array_records(lines: Lines, file: str, record_chars: int) -> Iterator[_Record]:
    """The elements of an array, decoded one by one as the text comes in."""
    decoder = json.JSONDecoder()
    buffer, number, opened = "", 0, False
    for piece in _pieces(lines):
        buffer += piece
        place = 0
        while True:
            gap = _GAP.match(buffer, place)
            place = gap.end() if gap else place
            if not opened and buffer[place : place + 1] == "[":
                opened, place = True, place + 1
                continue
            if buffer[place : place + 1] == "]":
                return
            try:
                element, place = decoder.raw_decode(buffer, place)
            except (ValueError, RecursionError):
                break
            number += 1
            yield _element_record(element, number)
        buffer = buffer[place:]
        if len(buffer) > record_chars:
            raise errors.no_reading(file, f"record {number + 1}")
    raise errors.no_reading(file, f"JSON breaks off or is faulty at record {number + 1}")


def _pieces(lines: Lines) -> Iterator[str]:
    """The text in pieces, growing while an element does not end: retries must stay few."""
    while True:
        lines.start_record()
        pieces: list[str] = []
        size = 0
        try:
            while size < BLOCK:
                lines.start_record()
                pieces.append(next(lines))
                size += len(pieces[-1])
        except RecordTooLarge:
            pieces.append(lines.record[-1])
        except StopIteration:
            if pieces:
                yield "".join(pieces)
            return
        yield "".join(pieces)


def _element_record(element: object, number: int) -> _Record:
    if not isinstance(element, dict):
        raw = str(element)[:RAW_SHOWN]
        return number, None, RawReject(number, "bad_json", "", "not an object", raw)
    raw = json.dumps(element, ensure_ascii=False)
    if MARK in raw:
        shown = _SURROGATE.sub("\ufffd", raw[:RAW_SHOWN])
        return number, None, RawReject(number, "undecodable", "", "undecodable bytes", shown)
    return number, element, None


def _value_text(value: object) -> str | None:
    """A JSON value as text: strings as they are, anything nested as JSON."""
    if value is None:
        return None
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    return _SURROGATE.sub("\ufffd", json.dumps(value, ensure_ascii=False))
