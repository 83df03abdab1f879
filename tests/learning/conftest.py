import csv
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

THINGS = {
    "物流": ("快递", "包裹", "配送", "发货", "派件"),
    "价格": ("价格", "价钱", "收费", "价位", "优惠"),
    "服务": ("客服", "店员", "售后", "接待", "柜台"),
}
SIDES = {"好": ("很满意", "特别好", "让人放心", "值得表扬", "挺不错"), "坏": ("太差劲", "让人失望", "糟糕透了", "很不满意", "气死人")}
WHERE = ("昨天", "这次", "上周", "在北京", "我家附近", "双十一", "周末", "第二次来")


def sentences(count: int, seed: int = 1) -> list[tuple[str, str, str]]:
    """(text, thing, side): written from parts, so that what a text says is known."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        thing, side = draw.choice(list(THINGS)), draw.choice(list(SIDES))
        found.append((f"{draw.choice(WHERE)}{draw.choice(THINGS[thing])}{draw.choice(SIDES[side])}，第{draw.randint(1, 99)}单", thing, side))
    return found


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, Sequence[str], Iterable[Sequence[str]]], Path]:
    """Writes a CSV file."""

    def write(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(columns)
            out.writerows(rows)
        return path

    return write
