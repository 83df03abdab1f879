"""XLSX and XLS through calamine: the sheet with the most text, the header below any titles.

A workbook is held in memory while it is read (the format stores its strings apart from its
rows), so its size unpacked is limited.
"""

import datetime as dt
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
)
from rapidfuzz import process

from huiyin.files import errors
from huiyin.files.formats import Located
from huiyin.files.header import column_names, find_header
from huiyin.files.options import Limits, ReadOptions
from huiyin.files.records import Chunk
from huiyin.files.streams import ARCHIVE_FAULTS, BLOCK, check_expansion

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HEAD_ROWS = 50
_WORDS = 6

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


class SpreadsheetReader:
    """One sheet of a workbook."""

    encoding: str | None = None
    delimiter: str | None = None

    def __init__(self, located: Located, format: str, options: ReadOptions, limits: Limits) -> None:
        self.format = format
        self._located = located
        self._workbook = _open_workbook(located, format, limits)
        self._sheet = self._choose(options.sheet)
        self.sheet: str | None = self._sheet.name
        head = [[cell_text(cell) for cell in row] for row in islice(self._sheet.iter_rows(), _HEAD_ROWS)]
        if not any(cell for row in head for cell in row):
            raise errors.empty_file(located.name)
        self._header_at = find_header(head)
        below = head[self._header_at :]
        self._width = max(i + 1 for row in below for i, cell in enumerate(row) if cell.strip())
        self.columns = column_names(head[self._header_at][: self._width])

    def estimate_rows(self) -> int | None:
        """The rows of the sheet below the header."""
        return max(int(self._sheet.total_height) - self._header_at - 1, 0)

    def chunks(self, rows_per_chunk: int) -> Iterator[Chunk]:
        """The rows, from the start, chunk by chunk."""
        rows = islice(enumerate(self._sheet.iter_rows(), start=1), self._header_at + 1, None)
        ordinal = 0
        while part := list(islice(rows, rows_per_chunk)):
            kept = [(number, row) for number, row in part if any(cell != "" for cell in row)]
            columns = [pa.array([cell_text(row[place]) for _, row in kept], pa.string()) for place in range(self._width)]
            share = part[-1][0] / max(self._sheet.total_height, 1)
            read = int(min(share, 1.0) * self._located.size_bytes)
            ordinals = list(range(ordinal, ordinal + len(kept)))
            ordinal += len(kept)
            if kept:
                yield Chunk(columns, [number for number, _ in kept], ordinals, [], read)

    def _choose(self, wanted: str | int | None) -> CalamineSheet:
        names = self._workbook.sheet_names
        if wanted is not None:
            return self._workbook.get_sheet_by_name(self._named(str(wanted), names))
        shown = [sheet.name for sheet in self._workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        sheets = [self._workbook.get_sheet_by_name(name) for name in shown or names]
        if not sheets:
            raise errors.empty_file(self._located.name)
        return sheets[0] if len(sheets) == 1 else max(sheets, key=_text_rows)

    def _named(self, wanted: str, names: list[str]) -> str:
        if wanted in names:
            return wanted
        if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= len(names):
            return names[int(wanted) - 1]
        near = process.extractOne(wanted, names, score_cutoff=40)
        raise errors.unknown_sheet(self._located.name, wanted, names, near[0] if near else None)


def _text_rows(sheet: CalamineSheet) -> tuple[int, int]:
    """Rows with a cell of some words, and rows with any text at all."""
    wordy = any_text = 0
    for row in sheet.iter_rows():
        longest = max((len(cell.strip()) for cell in row if isinstance(cell, str)), default=0)
        wordy += longest >= _WORDS
        any_text += longest > 0
    return wordy, any_text


def cell_text(cell: Cell) -> str:
    """A cell as it would stand in a CSV file; whole numbers without a point.

    >>> cell_text(5.0)
    '5'
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def _open_workbook(located: Located, format: str, limits: Limits) -> CalamineWorkbook:
    if format == "xlsx":
        _check_parts(located, limits)
    elif _holds(located.path, _ENCRYPTED):
        raise errors.encrypted(located.name)
    try:
        return CalamineWorkbook.from_path(str(located.path))
    except PasswordError as error:
        raise errors.encrypted(located.name) from error
    except (CalamineError, OSError, ValueError) as error:
        raise errors.no_reading(located.name, error) from error


def _check_parts(located: Located, limits: Limits) -> None:
    """An XLSX is a zip, and may be a bomb or a broken one as well."""
    try:
        with zipfile.ZipFile(located.path) as archive:
            parts = archive.infolist()
    except ARCHIVE_FAULTS as error:
        raise errors.broken_archive(located.name, error) from error
    expanded = sum(part.file_size for part in parts)
    check_expansion(located.name, expanded, located.path.stat().st_size, limits)
    if expanded > limits.workbook_bytes:
        raise errors.zip_bomb(located.name, f"> {limits.workbook_bytes:,} bytes")


def _holds(path: Path, wanted: bytes) -> bool:
    tail = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if wanted in tail + block:
                return True
            tail = block[-len(wanted) :]
    return False
