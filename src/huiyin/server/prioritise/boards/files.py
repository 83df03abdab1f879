"""A board as files: each widget's data with the filter it rests on, as CSV and as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from huiyin.server.prioritise.boards.selectors import Placed
from huiyin.server.prioritise.boards.shown import Shown
from huiyin.server.web.delimited import safe_cell


def rows_of(one: Shown) -> Iterator[Sequence[Any]]:
    """The table of a widget: its head and rows, numbers as they are."""
    yield one.head
    yield from one.rows


def workbook(board: str, pieces: Sequence[Placed]) -> bytes:
    """One sheet a widget; no cell runs as a formula."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for number, piece in enumerate(pieces, 1):
            name = "".join(sign for sign in piece.shown.title if sign not in "[]:*?/\\'")[:24]
            sheet = book.add_worksheet(f"{number} {name}".strip()[:31])
            sheet.write_string(0, 0, f"{board} · {piece.shown.title}", bold)
            sheet.write_string(1, 0, piece.shown.sentence)
            for line, row in enumerate(rows_of(piece.shown)):
                for column, value in enumerate(row):
                    if isinstance(value, int | float):
                        sheet.write_number(line + 3, column, value)
                    elif value is not None:
                        sheet.write_string(line + 3, column, str(safe_cell(str(value))), bold if line == 0 else None)
            sheet.set_column(0, 1, 24)
        if not pieces:
            book.add_worksheet("1")
    return buffer.getvalue()
