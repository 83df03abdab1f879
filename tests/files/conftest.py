"""Small files made on the spot, and the rows that come out of them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.files.samples import Read

from huiyin.files import Limits, ReadOptions, open_files


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def make(content: str | bytes, name: str = "reviews.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return make


@pytest.fixture
def read() -> Callable[..., Read]:
    def run(*paths: Path | str, limits: Limits | None = None, **options: Any) -> Read:
        with open_files(paths, ReadOptions(**options), limits=limits) as files:
            return Read(files)

    return run


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    def make(sheets: dict[str, Sequence[Sequence[Any]]], name: str = "reviews.xlsx") -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        book.save(tmp_path / name)
        return tmp_path / name

    return make


@pytest.fixture
def parquet(tmp_path: Path) -> Callable[..., Path]:
    def make(rows: Sequence[Sequence[Any]], name: str = "reviews.parquet") -> Path:
        header, *body = rows
        columns = dict(zip(header, map(list, zip(*body, strict=True)), strict=True))
        pq.write_table(pa.table(columns), tmp_path / name)
        return tmp_path / name

    return make
