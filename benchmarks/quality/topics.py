"""Topics without labels: how far the groups that are found agree with those people made.
Every text of a set goes in as one opinion of one customer; nothing is taken out. NMI (arithmetic mean) and ARI over all texts, those that
belong to no topic as one group of their own; and over the placed ones alone, with their share.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huiyin.learning.grouping import agreement, topics_of
from huiyin.text.datasets import rows as rows_of


def sets(data: Path) -> dict[str, tuple[list[str], list[str]]]:
    """(texts, the groups people put them in) of each set."""
    with gzip.open(data / "zh_intent_smp2019/train.json.gz", "rt", encoding="utf-8") as file:
        said = json.load(file)
    bank = list(rows_of(data, "en_banking77/train"))
    label = next(name for name in bank[0] if name.lower() in ("category", "label", "intent"))
    cars = [row for row in rows_of(data, "zh_car_complaints/complaints") if row["problem"].strip(",").count(",") == 0 and row["problem"].strip(",")]
    return {
        "zh_intent_smp2019": ([one["text"] for one in said], [one["domain"] for one in said]),
        "zh_car_complaints": ([row["desc"] for row in cars], [row["problem"].strip(",") for row in cars]),
        "en_banking77": ([row["text"] for row in bank], [row[label] for row in bank]),
    }


def measure(data: Path) -> dict[str, Any]:
    """Figures of each set."""
    return {name: {"groups": len(set(truth)), **agreement(truth, topics_of(texts))} for name, (texts, truth) in sets(data).items()}


def rows(found: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(what, figure, how it was split or against what) for the quality page."""
    return [
        (
            f"话题：{name}，零标注",
            f"NMI {one['nmi']:.3f}，ARI {one['ari']:.3f}；归了话题的 {one['placed']:.1%}：NMI {one['nmi_placed']:.3f}，ARI {one['ari_placed']:.3f}",
            f"n = {one['n']:,}，人工 {one['groups']} 组，找出 {one['topics']} 个",
        )
        for name, one in found.items()
    ]
