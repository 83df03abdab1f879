"""A board as files: each widget's data with the filter it rests on, as CSV and as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from huiyin.server.prioritise.boards.selectors import Placed
from huiyin.server.prioritise.boards.shown import Shown
from huiyin.server.web.taking import Sheet


def rows_of(one: Shown) -> Iterator[Sequence[Any]]:
    """The table of a widget: its head and rows, numbers as they are."""
    yield one.head
    yield from one.rows


def sheets_of(board: str, pieces: Sequence[Placed]) -> list[Sheet]:
    """One sheet a widget, with its sentence above the numbers."""
    return [Sheet(rows_of(one.shown), one.shown.title, (f"{board} · {one.shown.title}", one.shown.sentence)) for one in pieces]
