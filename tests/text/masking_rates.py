"""Masking tried on the written cases: how much personal data is found, and how much is masked that is nobody's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from huiyin.text.masking import mask_batch

FOLDER = Path(__file__).parent


@dataclass
class Rates:
    """Counts by kind of the data that was to be found; `wrong` counts cases in which something else was masked."""

    there: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    cases: int = 0
    wrong: int = 0
    failing: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return sum(self.found.values()) / sum(self.there.values())


def measure(name: str) -> Rates:
    """Of the cases in `name`: found is what an edit of the right kind covers whole."""
    rows = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    rates = Rates()
    for row, masked in zip(rows, mask_batch([row["text"] for row in rows]), strict=True):
        rates.cases += 1
        for start, end, kind in row["spans"]:
            hit = any(edit.start <= start and end <= edit.end and edit.kind == kind for edit in masked.edits)
            rates.there[kind] += 1
            rates.found[kind] += hit
            if not hit:
                rates.failing.append(f"{kind} missed: {row['text']} → {masked.text}")
        extra = [edit for edit in masked.edits if not any(edit.start < end and start < edit.end for start, end, _ in row["spans"])]
        rates.wrong += bool(extra)
        rates.failing += [f"wrong: {row['text']} → {masked.text}"] if extra else []
    return rates
