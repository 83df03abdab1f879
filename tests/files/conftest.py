"""Small files made on the spot, and the rows that come out of them."""

import csv
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
if str(SOURCE) not in sys.path:
    sys.path.insert(0, str(SOURCE))

from huiyin.files import FeedbackFiles, FileWarning, Limits, ReadOptions, Reject, open_files

REVIEWS = [
    ["编号", "时间", "评分", "用户", "产品", "内容"],
    ["A1", "2024-03-05 14:20:00", "5", "u1", "扫地机", "吸力很大，声音也不吵，很满意"],
    ["A2", "2024-03-06 09:00:00", "1", "u2", "扫地机", "用了三天就连不上网络，客服也不理人"],
    ["A3", "2024-03-07 20:30:00", "3", "u1", "洗衣机", "洗得干净，就是脱水的时候太吵了"],
]


def csv_text(rows: Sequence[Sequence[str]], **options: Any) -> str:
    target = io.StringIO(newline="")
    csv.writer(target, **options).writerows(rows)
    return target.getvalue()


class Read:
    """Everything one reading gave."""

    def __init__(self, files: FeedbackFiles) -> None:
        self.rows: list[dict[str, Any]] = []
        self.rejects: list[Reject] = []
        self.batches = list(files.batches())
        for batch in self.batches:
            self.rows += batch.records.to_pylist()
            self.rejects += batch.rejects
        self.warnings: list[FileWarning] = files.warnings
        self.sources = files.sources
        self.mapping = {role: column.name for role, column in files.sources[0].mapping.items()}

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]


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
