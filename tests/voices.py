"""A small ready-made file of feedback for tests: two products, dated, scored, with planted complaints."""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

HEADER = ["编号", "时间", "客户", "产品", "评分", "内容"]
_COMPLAINTS = (
    ("房间隔音太差，隔壁说话听得一清二楚", 2),
    ("早餐太差了，没什么可吃的", 3),
    ("前台态度很差，等了半个小时没人理", 1),
    ("卫生间有异味，毛巾也不干净", 2),
    ("空调不制冷，打电话也没人来修", 2),
)
_PRAISE = (("房间很干净，床也舒服", 5), ("位置很好，出门就是地铁", 5), ("服务热情，下次还来", 5), ("早餐丰富，味道不错", 4))
_ENDINGS = ("", "。", "！", "，希望改进", "，住了三天都这样", "，有点失望", "，和图片不一样", "，朋友也这么说", "，第二次来了")


def rows(count: int = 400, seed: int = 1) -> list[list[str]]:
    """`count` data rows, without the header."""
    generator = random.Random(seed)
    out = []
    for at in range(count):
        complain = generator.random() < 0.45
        text, score = generator.choice(_COMPLAINTS if complain else _PRAISE)
        when = datetime(2026, 1, 5, 9) + timedelta(hours=at * 10)
        customer = f"u{generator.randrange(count * 9 // 10)}"
        product = generator.choice(("湖景房", "标准间"))
        out.append([f"r{at}", when.isoformat(sep=" "), customer, product, str(score), text + generator.choice(_ENDINGS) + "啊" * (at % 3)])
    return out


def write(path: Path, data: list[list[str]] | None = None, header: list[str] = HEADER, encoding: str = "utf-8") -> Path:
    """Write rows as CSV."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows() if data is None else data)
    return path
