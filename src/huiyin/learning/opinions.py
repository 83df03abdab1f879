"""Opinions (target, opinion words, aspect, polarity): trained from files of labelled opinions, and judged against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huiyin.text import heads
from huiyin.text.opinions.metrics import score
from huiyin.text.opinions.model import OpinionModel, evaluate
from huiyin.text.opinions.records import Record, Reject, read_records
from huiyin.text.opinions.training import train

_SHOWN = 5
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
    return judged(OpinionModel.load(model), records), describe(rejects, english)


def judged(model: OpinionModel, records: Sequence[Record]) -> dict[str, Any]:
    """Exact and overlapping F1 of targets, opinions, pairs and quadruples, and how many texts there are."""
    return {**score(records, model.read([one.text for one in records])), "n": len(records)}


def describe(rejects: Sequence[Reject], english: bool) -> list[str]:
    """A line for each of the first rows left out."""
    lines = [
        f"{one.file} row {one.row}, {one.column}: {one.reason_en}" if english else f"{one.file} 第 {one.row} 行 {one.column}：{one.reason_zh}"
        for one in rejects[:_SHOWN]
    ]
    more = len(rejects) - len(lines)
    return lines + ([f"and {more:,} more" if english else f"还有 {more:,} 处"] if more > 0 else [])
