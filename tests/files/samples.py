"""A few reviews, and everything one reading of a file gives."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from huiyin.files import FeedbackFiles, FileWarning, Reject

SOURCE = Path(__file__).resolve().parents[2] / "src"
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
