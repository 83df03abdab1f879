"""Rebuild the shipped opinion model: `python -m huiyin.text.opinions.building --data FOLDER`. Needs the data sets only.

The word list it stands on is rebuilt first, if at all: `huiyin.text.opinions.word_building`. One text in ten, by the hash of
what it says, is held out of a first training that is judged on it; the shipped model is trained on all.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

from huiyin.text.opinions.model import FILE, evaluate
from huiyin.text.opinions.records import Record, read_records
from huiyin.text.opinions.training import train

VERSION = "2026.11"
HOLD_OUT = 10


def records(data: Path) -> list[Record]:
    """The labelled texts that the shipped model is trained on."""
    folder = data / "zh_ecommerce_asqp"
    return read_records(folder / "makeup_reviews.csv.gz", folder / "makeup_labels.csv.gz")[0]


def divided(texts: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """(taught, held out): copies of a text fall on the same side."""
    held = [zlib.crc32(record.text.encode("utf-8", "replace")) % HOLD_OUT == 0 for record in texts]
    sides = ([record for record, out in zip(texts, held, strict=True) if out is side] for side in (False, True))
    return next(sides), next(sides)


def main() -> int:
    """Command line: build, print what the held-out texts say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "data")
    options = parser.parse_args()
    known = records(options.data)
    taught, held = divided(known)
    report = {"version": VERSION, "texts": len(known), "held_out": evaluate(train(taught, VERSION), held)}
    target = train(known, VERSION).save(options.out)
    sys.stdout.write(json.dumps({**report, "file": FILE, "bytes": target.stat().st_size}, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
