"""Scores that move for a known reason: more complain, complaining costs more, the scale was changed, or the survey comes in waves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from huiyin.simulate.planted.draft import Draft

TOP = 10.0
"""Top of the scale that a draft scores on."""


@dataclass(frozen=True, slots=True)
class PlantedMove:
    """From day number `day` on: `ratio` times as many complain of the aspect, and each loses `extra` points more."""

    aspect: str
    day: int
    ratio: float = 1.0
    extra: float = 0.0
    base: float = 0.0
    """Points by which everybody's score moved whatever they complain of."""


def plant_mix(draft: Draft, aspect: str, day: int, ratio: float) -> PlantedMove:
    """More (or fewer) complain of an aspect; what a complaint costs stays."""
    at = draft.aspect(aspect)
    late = draft.day >= day
    draft.chance[late, at] = np.minimum(draft.chance[late, at] * ratio, 1.0)
    draft.redraw(at)
    draft.praises &= ~draft.complains
    draft.rescore()
    return PlantedMove(aspect, day, ratio=ratio)


def plant_harm(draft: Draft, aspect: str, day: int, extra: float) -> PlantedMove:
    """As many complain as before, but each of them loses `extra` points more."""
    hit = (draft.day >= day) & draft.complains[:, draft.aspect(aspect)]
    draft.score[hit] = np.clip(draft.score[hit] - extra, 0, 10)
    return PlantedMove(aspect, day, extra=extra)


def plant_base(draft: Draft, day: int, base: float) -> PlantedMove:
    """Everybody scores `base` points differently, whatever they complain of: part of the remainder."""
    late = draft.day >= day
    draft.score[late] = np.clip(draft.score[late] + base, 0, 10)
    return PlantedMove("", day, base=base)


def plant_waves(draft: Draft, every: int, length: int, first: int = 0) -> list[tuple[int, int]]:
    """Scores only in survey waves of `length` days, `every` so many days; (first, last) day numbers of each."""
    phase = (draft.day - first) % every
    draft.score[(draft.day < first) | (phase >= length)] = np.nan
    return [(day, day + length - 1) for day in range(first, draft.plan.days - length + 1, every)]


def plant_silent_scale_break(draft: Draft, day: int) -> int:
    """From `day` on answers come from a six-point scale blown up to 0–10 (0, 2, … 10) while the facts still say 0–10."""
    late = draft.day >= day
    draft.score[late] = np.rint(draft.score[late] / 2) * 2
    return day


def with_scale_break(draft: Draft, feedback: pa.Table, day: int, top: float) -> pa.Table:
    """The feedback table with scores from `day` on asked, and stated, on a scale up to `top`."""
    late = draft.day >= day
    score = np.where(late, np.rint(draft.score * top / TOP), draft.score)
    known = ~np.isnan(score)
    changed = {"score": pa.array(np.where(known, score, 0.0), mask=~known), "scale_max": pa.array(np.where(late, top, TOP))}
    for name, column in changed.items():
        feedback = feedback.set_column(feedback.column_names.index(name), name, column)
    return feedback
