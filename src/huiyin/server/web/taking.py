"""Rows as a file to take along: CSV or a workbook. Nothing in either runs as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from huiyin.server.web.delimited import delimited_lines, safe_cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTH = 18
_FORBIDDEN = "[]:*?/\\'"
"""Signs that no name of a sheet may have; nor may it be longer than 31."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: lines above the table, its head as the first row, its rows."""

    rows: Iterable[Sequence[Any]]
    name: str = ""
    above: Sequence[str] = ()


def dated(name: str, kind: str) -> str:
    """huiyin-voices-20261122.csv."""
    return f"huiyin-{name}-{timezone.localdate():%Y%m%d}.{kind}"


def csv_file(rows: Iterable[Sequence[Any]], filename: str) -> StreamingHttpResponse:
    """Rows as CSV, written as they are read."""
    response = StreamingHttpResponse(delimited_lines(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, filename)
    return response


def workbook_file(sheets: Iterable[Sheet], filename: str) -> HttpResponse:
    """Sheets as a workbook."""
    return taken(workbook(sheets), XLSX, filename)


def taken(said: bytes, kind: str, filename: str) -> HttpResponse:
    """The bytes of a file, to be kept under a name."""
    return HttpResponse(said, content_type=kind, headers={"Content-Disposition": content_disposition_header(True, filename)})


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The bytes of a workbook. Numbers stay numbers, empty cells empty, everything else is text."""
    said = BytesIO()
    with xlsxwriter.Workbook(said, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for number, one in enumerate(sheets, 1):
            name = "".join(sign for sign in one.name if sign not in _FORBIDDEN)
            sheet = book.add_worksheet(f"{number} {name}"[:31].strip() if name else None)
            for line, text in enumerate(one.above):
                sheet.write_string(line, 0, text, None if line else bold)
            first = len(one.above) + 1 if one.above else 0
            for line, row in enumerate(one.rows):
                for column, value in enumerate(row):
                    if isinstance(value, int | float):
                        sheet.write_number(first + line, column, value)
                    elif value is not None:
                        sheet.write_string(first + line, column, str(safe_cell(str(value))), None if line else bold)
            sheet.set_column(0, 20, _WIDTH)
            sheet.freeze_panes(first + 1, 0)
        if not book.worksheets():
            book.add_worksheet()
    return said.getvalue()
