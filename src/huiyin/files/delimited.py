"""CSV and TSV, in any of the encodings, row by row through the csv module.

pyarrow.csv would be faster, but it neither numbers the rows it rejects across quoted line
breaks nor goes on behind an undecodable byte; the csv module feeds from lines we control.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator

import pyarrow as pa

from huiyin.files import errors
from huiyin.files.dialect import ONE_COLUMN, Dialect, find_dialect
from huiyin.files.encoding import MARK, decode_sample, find_encoding
from huiyin.files.formats import Located
from huiyin.files.header import column_names, find_header
from huiyin.files.lines import LINE_ENDS, Lines, RecordTooLarge, split_lines
from huiyin.files.options import Limits, ReadOptions
from huiyin.files.records import RAW_SHOWN, Chunk, RawReject
from huiyin.files.streams import BLOCK

_SNIFFED_LINES = 300
_CHUNK_CHARS = 16_000_000
_MANY_LINES = 20
_ASCII_SCANNED = 1 << 28
_END = "\udffe"
_SURROGATE = re.compile("[\ud800-\udfff]")


class DelimitedReader:
    """One CSV or TSV file. Fails only as a whole when no header can be found."""

    format = "csv"
    sheet: str | None = None

    def __init__(self, located: Located, options: ReadOptions, limits: Limits) -> None:
        self._located = located
        self._limits = limits
        self.encoding: str = options.encoding or self._find_encoding()
        lines = self._first_lines()
        self._dialect = find_dialect(lines, options.delimiter)
        rows = self._dialect.parse(lines)
        if not any(cell.strip() for row in rows for cell in row):
            raise errors.empty_file(located.name)
        self._header_at = find_header(rows)
        self.columns = column_names(_trimmed_header(rows, self._header_at))
        self._width = len(self.columns)
        self._sniffed_rows = sum(1 for row in rows[self._header_at + 1 :] if row)
        codec = "utf-8" if self.encoding.startswith("utf-8") else self.encoding
        self._sniffed_bytes = max(len("".join(lines).encode(codec, "replace")), 1)
        if any(MARK in name for name in self.columns):
            self.columns = [name.replace(MARK, "\ufffd") for name in self.columns]
        # A process-wide setting of the csv module; it is only ever raised, never lowered.
        csv.field_size_limit(max(csv.field_size_limit(), limits.cell_bytes))

    @property
    def delimiter(self) -> str | None:
        """What separates cells, None in a file of one column."""
        mark = self._dialect.delimiter
        return None if mark == ONE_COLUMN else mark

    def estimate_rows(self) -> int | None:
        """From the size of the first lines; None where the size of the whole is unknown."""
        size = self._located.expanded_bytes
        if self._whole or not size:
            return self._sniffed_rows if self._whole else None
        return max(self._sniffed_rows, int(size / self._sniffed_bytes * self._sniffed_rows))

    def chunks(self, rows_per_chunk: int) -> Iterator[Chunk]:
        """The rows, from the start, chunk by chunk."""
        handle = self._located.open(self._limits)
        try:
            lines = Lines(handle, self.encoding, self._limits.record_chars)
            records = _Records(lines, self._dialect, self._width, self._header_at)
            while True:
                rows, rejects = records.take(rows_per_chunk)
                if not rows.cells and not rejects:
                    return
                columns, bad = self._columns(rows)
                yield Chunk(columns, rows.numbers, rows.ordinals, rejects + bad, handle.position())
        finally:
            handle.close()

    def _columns(self, rows: "_Rows") -> tuple[list[pa.Array], list[RawReject]]:
        """Turn rows into columns; rows with undecodable bytes are found here and taken out."""
        try:
            return [pa.array(cells, pa.string()) for cells in zip(*rows.cells, strict=True)] or [pa.array([], pa.string()) for _ in self.columns], []
        except UnicodeEncodeError:
            pass
        bad: list[RawReject] = []
        kept = _Rows()
        for cells, number, ordinal in zip(rows.cells, rows.numbers, rows.ordinals, strict=True):
            place = next((i for i, cell in enumerate(cells) if _SURROGATE.search(cell)), None)
            if place is None:
                kept.append(cells, number, ordinal)
                continue
            raw = _shown([_SURROGATE.sub("\ufffd", (self.delimiter or ",").join(cells))])
            detail = f"not {self.encoding}"
            bad.append(RawReject(number, "undecodable", self.columns[place], detail, raw))
        rows.cells, rows.numbers, rows.ordinals = kept.cells, kept.numbers, kept.ordinals
        if not rows.cells:
            return [pa.array([], pa.string()) for _ in self.columns], bad
        return [pa.array(cells, pa.string()) for cells in zip(*rows.cells, strict=True)], bad

    def _find_encoding(self) -> str:
        """Guess from the first block that is not plain ASCII: Chinese may come late."""
        handle = self._located.open(self._limits)
        try:
            head = first = handle.stream.read(BLOCK)
            scanned = 0
            while head and head.isascii() and 0 not in head and scanned < _ASCII_SCANNED:
                scanned += len(head)
                head = handle.stream.read(BLOCK)
            if scanned and head:
                # The block may begin inside a character, a line never does.
                head = head[head.find(b"\n") + 1 :]
            return find_encoding(head or first)
        finally:
            handle.close()

    def _first_lines(self) -> list[str]:
        handle = self._located.open(self._limits)
        try:
            head = handle.stream.read(BLOCK)
            ended = not handle.stream.read(1)
        finally:
            handle.close()
        text = decode_sample(head, self.encoding).removeprefix("\ufeff")
        lines = split_lines(text)
        if not ended and len(lines) > 1:
            lines.pop()
        self._whole = ended and len(lines) <= _SNIFFED_LINES
        return lines[:_SNIFFED_LINES]


def _trimmed_header(rows: list[list[str]], at: int) -> list[str]:
    """The header row, without empty cells at its end that the data rows do not have."""
    header = list(rows[at])
    below = Counter(len(row) for row in rows[at + 1 :] if row)
    width = below.most_common(1)[0][0] if below else len(header)
    while len(header) > max(width, 1) and not header[-1].strip():
        header.pop()
    return header


def _shown(lines: list[str]) -> str:
    text = "".join(lines[:RAW_SHOWN])[: RAW_SHOWN + 2]
    return _SURROGATE.sub("\ufffd", text).rstrip("\r\n")[:RAW_SHOWN]


class _Rows:
    """Rows of cells with their record numbers and their ordinals among the data rows."""

    def __init__(self) -> None:
        self.cells: list[list[str]] = []
        self.numbers: list[int] = []
        self.ordinals: list[int] = []

    def append(self, cells: list[str], number: int, ordinal: int) -> None:
        """Add a row."""
        self.cells.append(cells)
        self.numbers.append(number)
        self.ordinals.append(ordinal)


class _Records:
    """Takes records off the lines, numbering them, and sets aside those that make no row."""

    def __init__(self, lines: Lines, dialect: Dialect, width: int, header_at: int) -> None:
        self._lines = lines
        self._dialect = dialect
        self._width = width
        self._number = 0
        self._ordinal = 0
        self._ready: list[list[str]] = []
        self._restart()
        while self._number <= header_at and next(self._reader, None) is not None:
            self._number += 1

    def _restart(self) -> None:
        self._reader = csv.reader(self._lines, **self._dialect.csv_options())

    def take(self, count: int) -> tuple[_Rows, list[RawReject]]:
        """Up to `count` rows, fewer where they are very long; nothing at the end of the file."""
        rows, rejects = _Rows(), list[RawReject]()
        enough = self._lines.chars_read + _CHUNK_CHARS
        while (taken := len(rows.cells) + len(rejects)) < count:
            if self._ready:
                self._take_ready(rows, count - taken)
            elif self._lines.chars_read >= enough and taken:
                break
            elif self._lines.waiting:
                self._take_record(rows, rejects)
            elif not self._read_block():
                break
        return rows, rejects

    def _take_ready(self, rows: _Rows, count: int) -> None:
        part, self._ready = self._ready[:count], self._ready[count:]
        rows.cells.extend(part)
        rows.numbers.extend(range(self._number + 1, self._number + len(part) + 1))
        rows.ordinals.extend(range(self._ordinal, self._ordinal + len(part)))
        self._number += len(part)
        self._ordinal += len(part)

    def _read_block(self) -> bool:
        """Parse the next block at once if nothing about it is odd, else leave it to be stepped."""
        block = self._lines.take_block()
        if not block:
            return False
        rows = self._parse_block(block)
        if rows is None:
            self._lines.push_back(block)
        else:
            self._ready = rows
        return True

    def _parse_block(self, block: list[str]) -> list[list[str]] | None:
        """The rows of a block, None if it ends inside a record or any row is irregular.

        A last line of our own tells whether the block ends inside quotes: then it would be
        swallowed by them.
        """
        if not block[-1].endswith(LINE_ENDS):
            return None
        rows = self._dialect.parse([*block, _END])
        if not rows or rows.pop() != [_END]:
            return None
        if set(map(len, rows)) != {self._width}:
            return None
        if len(block) - len(rows) >= _MANY_LINES:
            # A line swallowed by a stray quote holds at least its delimiters and its end.
            long = _MANY_LINES * self._width
            cells = [cell for row in rows for cell in row if len(cell) >= long]
            if any(cell.count("\n") >= _MANY_LINES - 1 for cell in cells):
                return None
        return rows

    def _take_record(self, rows: _Rows, rejects: list[RawReject]) -> None:
        lines = self._lines
        lines.start_record()
        try:
            cells = next(self._reader)
        except StopIteration:
            return
        except (csv.Error, RecordTooLarge) as error:
            self._number += 1
            rejects.append(self._skip(error))
            self._ordinal += 1
            return
        self._number += 1
        if not cells:
            return
        if len(cells) == self._width and not lines.ended and len(lines.record) < _MANY_LINES:
            rows.append(cells, self._number, self._ordinal)
        else:
            self._irregular(cells, rows, rejects)
        self._ordinal += 1

    def _irregular(self, cells: list[str], rows: _Rows, rejects: list[RawReject]) -> None:
        """A record of the wrong width, or one that looks as if a quote was never closed."""
        lines = self._lines
        sound = len(cells) == self._width and not lines.ended
        if sound and self._dialect.parses_strictly(lines.record):
            rows.append(cells, self._number, self._ordinal)
            return
        if self._swallowed_records(lines.record):
            rejects.append(self._give_back())
            return
        while len(cells) > self._width and not cells[-1].strip():
            cells.pop()
        if len(cells) == self._width:
            rows.append(cells, self._number, self._ordinal)
            return
        detail = f"{len(cells)} cells, header has {self._width}"
        rejects.append(RawReject(self._number, "ragged", "", detail, _shown(lines.record)))

    def _skip(self, error: Exception) -> RawReject:
        """Go on behind a record that is too large, or behind the stray quote that made it so."""
        lines = self._lines
        if self._swallowed_records(lines.record):
            return self._give_back()
        raw = _shown(lines.record)
        lines.skip_record(self._dialect.quote)
        self._restart()
        return RawReject(self._number, "cell_too_large", "", str(error) or "record too large", raw)

    def _swallowed_records(self, record: list[str]) -> bool:
        """Whether the lines behind the first are records of their own, held by a stray quote."""
        if len(record) < 2 or self._width < 2:
            return False
        tail = record[1:201]
        fitting = {line for line in tail if self._is_record(line)}
        return len(fitting) >= 0.8 * len(tail)

    def _is_record(self, line: str) -> bool:
        rows = self._dialect.parse([line])
        return bool(rows) and len(rows[0]) == self._width and sum(map(bool, rows[0])) > 1

    def _give_back(self) -> RawReject:
        first, *rest = self._lines.record
        self._lines.push_back(rest)
        self._restart()
        return RawReject(self._number, "unclosed_quote", "", "quote never closed", _shown([first]))
