"""Opinions (target, opinion words, aspect, polarity): trained from files of labelled opinions, and judged against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huiyin.learning.labelled import describe
from huiyin.text import heads
from huiyin.text.opinions.model import OpinionModel, evaluate
from huiyin.text.opinions.records import Reject, read_records
from huiyin.text.opinions.training import train

_HOLD_OUT = 10
_LEAST_HELD = 50


@dataclass(frozen=True, slots=True)
class TrainedOpinions:
    """What was learnt from, and the figures of texts left out of a trial run."""

    records: int
    opinions: int
    held_out: dict[str, Any] | None
    rejects: Sequence[Reject]

    def lines(self, english: bool) -> list[str]:
        """What to tell the user."""
        told = describe(self.rejects, english)
        told.append(
            f"Learnt from {self.records:,} texts with {self.opinions:,} opinions"
            if english
            else f"学了 {self.records:,} 条、{self.opinions:,} 个观点"
        )
        if self.held_out:
            figures = "  ".join(f"{name} {value:.4f}" for name, value in self.held_out.items() if isinstance(value, float))
            told.append(("On texts left out: " if english else "没学过的部分上：") + figures)
        return told


def train_opinions(file: Path, labels: Path | None, out: Path) -> TrainedOpinions:
    """Learn from a file and write the model into `out`; a tenth is left out first to tell how well it reads.

    Raises:
        OpinionFileError, TrainingError: the file cannot be used, or has too few opinions.
    """
    records, rejects = read_records(file, labels)
    held = [one for at, one in enumerate(records) if at % _HOLD_OUT == 0]
    scores = None
    if len(held) >= _LEAST_HELD:
        scores = evaluate(train([one for at, one in enumerate(records) if at % _HOLD_OUT]), held)
    model = train(records)
    out.mkdir(parents=True, exist_ok=True)
    model.save(out)
    heads.copy_shipped(out)
    return TrainedOpinions(len(records), sum(len(one.opinions) for one in records), scores, rejects)


def evaluate_opinions(file: Path, labels: Path | None, model: Path | None, english: bool) -> tuple[dict[str, Any], list[str]]:
    """The figures, and what to tell of rows that could not be used. Without a model the shipped one answers."""
    records, rejects = read_records(file, labels)
    return evaluate(OpinionModel.load(model), records), describe(rejects, english)
