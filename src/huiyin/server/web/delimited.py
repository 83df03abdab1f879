"""Rows as CSV that a spreadsheet opens without harm."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

_STARTS_A_FORMULA = re.compile(r"[\s\x00-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫]|[\t\r\n]")
"""Full-width signs count too: East Asian spreadsheets read them like the narrow ones; so do those behind blanks, which an import trims."""


def delimited_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Lines of CSV, with a byte order mark so that Excel reads Chinese, and no cell that runs as a formula.

    >>> list(delimited_lines([["=1+1", -3, "好"]]))
    ['\\ufeff', "'=1+1,-3,好\\r\\n"]
    """
    yield "\ufeff"
    for row in rows:
        line = StringIO()
        csv.writer(line).writerow([safe_cell(one) for one in row])
        yield line.getvalue()


def safe_cell(value: Any) -> Any:
    """Text that a spreadsheet would run gets an apostrophe before it; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and _STARTS_A_FORMULA.match(value) else value
