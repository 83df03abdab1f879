"""Topics without labels: how far the groups that are found agree with those people made.

    python -m benchmarks.quality.topics --data FOLDER

Every text of a set goes in as one opinion of one customer; nothing is taken out. NMI (arithmetic mean) and ARI over all texts, those that
belong to no topic as one group of their own; and over the placed ones alone, with their share.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from huiyin.text import topics


def _read(data: Path, name: str) -> list[dict[str, str]]:
    csv.field_size_limit(2**31 - 1)
    with gzip.open(data / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sets(data: Path) -> dict[str, tuple[list[str], list[str]]]:
    """(texts, the groups people put them in) of each set."""
    with gzip.open(data / "zh_intent_smp2019/train.json.gz", "rt", encoding="utf-8") as file:
        said = json.load(file)
    bank = _read(data, "en_banking77/train")
    label = next(name for name in bank[0] if name.lower() in ("category", "label", "intent"))
    cars = [row for row in _read(data, "zh_car_complaints/complaints") if row["problem"].strip(",").count(",") == 0 and row["problem"].strip(",")]
    return {
        "zh_intent_smp2019": ([one["text"] for one in said], [one["domain"] for one in said]),
        "zh_car_complaints": ([row["desc"] for row in cars], [row["problem"].strip(",") for row in cars]),
        "en_banking77": ([row["text"] for row in bank], [row[label] for row in bank]),
    }


def found_in(texts: list[str]) -> NDArray[np.int64]:
    """The topic of each text, −1 where it belongs to none."""
    matrix = topics.vectors(texts, topics.Basis.of(texts))
    found = topics.discover(matrix, np.arange(len(texts)))
    return topics.place(matrix, found.definitions).topic


def measure(data: Path) -> dict[str, Any]:
    """Figures of each set."""
    out = {}
    for name, (texts, truth) in sets(data).items():
        topic = found_in(texts)
        inside = topic >= 0
        known = np.array(truth)
        out[name] = {
            "n": len(texts), "groups": len(set(truth)), "topics": int(topic.max() + 1), "placed": float(inside.mean()),
            "nmi": float(normalized_mutual_info_score(known, topic)), "ari": float(adjusted_rand_score(known, topic)),
            "nmi_placed": float(normalized_mutual_info_score(known[inside], topic[inside])),
            "ari_placed": float(adjusted_rand_score(known[inside], topic[inside])),
        }  # fmt: skip
    return out


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


def main() -> int:
    """Command line: prints the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    for row in rows(measure(parser.parse_args().data)):
        sys.stdout.write("\t".join(row) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
