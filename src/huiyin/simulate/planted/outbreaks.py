"""Outbreaks of known size and start, and restless series without any: the yardstick of surveillance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huiyin.simulate.planted.draft import Draft, Floats, Ints

QUIET_TEXTS = ("没有什么要说的", "挺好的", "还行吧", "一般般", "下次再来", "发货快", "包装完好", "朋友推荐来的")


@dataclass(frozen=True, slots=True)
class Outbreak:
    """What was planted: from `first_day` to `last_day` (day numbers, inclusive) the complaint chance is `ratio` times as high."""

    aspect: str
    product: str | None
    first_day: int
    last_day: int
    ratio: float


@dataclass(frozen=True, slots=True)
class WordBurst:
    """A phrase that customers begin to use: in `share` of the texts from `first_day` on."""

    words: str
    first_day: int
    share: float
    voices: int


def plant_outbreak(
    draft: Draft, aspect: str, product: str | None, first_day: int, ratio: float, last_day: int | None = None, ramp_days: int = 0
) -> Outbreak:
    """Raise the chance of one aspect in one product (all when None), at once or growing over `ramp_days`."""
    end = draft.plan.days - 1 if last_day is None else last_day
    column = draft.aspect(aspect)
    hit = (draft.day >= first_day) & (draft.day <= end)
    if product is not None:
        hit &= draft.product == draft.plan.products.index(product)
    grown = np.clip((draft.day[hit] - first_day + 1) / max(ramp_days, 1), 0, 1)
    draft.chance[hit, column] = np.minimum(draft.chance[hit, column] * (1 + (ratio - 1) * grown), 0.95)
    _redraw(draft, column, np.flatnonzero(hit))
    return Outbreak(aspect, product, first_day, end, ratio)


def plant_overdispersion(draft: Draft, strength: float = 0.05) -> None:
    """Every aspect × product has a luck of its own each week: chances times a gamma draw of mean 1 and variance `strength`.

    No change of level: an alarm on such a series is a false one.
    """
    weeks = draft.day // 7
    luck = draft.rng.gamma(1 / strength, strength, (weeks.max() + 1, len(draft.plan.products), len(draft.plan.aspects)))
    draft.chance = np.minimum(draft.chance * luck[weeks, draft.product], 0.95)
    for column in range(len(draft.plan.aspects)):
        draft.redraw(column)


def plant_weekday(draft: Draft, aspect: str, factors: tuple[float, ...]) -> None:
    """Complaint chance of an aspect by weekday (Monday first): a rhythm, not a change."""
    column = draft.aspect(aspect)
    weekday = (draft.plan.first_day.weekday() + draft.day) % 7
    draft.chance[:, column] = np.minimum(draft.chance[:, column] * np.asarray(factors)[weekday], 0.95)
    draft.redraw(column)


def plant_words(draft: Draft, words: str, first_day: int, share: float, pool: tuple[str, ...] = QUIET_TEXTS) -> WordBurst:
    """Give every voice a text drawn from `pool`, and add `words` to a share of those from `first_day` on."""
    if draft.text is None:
        draft.text = [pool[at] for at in draft.rng.integers(0, len(pool), len(draft))]
    hit = np.flatnonzero((draft.day >= first_day) & (draft.rng.random(len(draft)) < share))
    for row in hit:
        draft.text[row] = f"{draft.text[row]}，{words}"
    return WordBurst(words, first_day, share, len(hit))


def weekly_counts(draft: Draft) -> tuple[list[tuple[str, str | None]], Floats, Floats]:
    """Complaints and voices by aspect × product and whole week: keys, (S, T), (S, T). For yardsticks that need no store."""
    plan = draft.plan
    weeks = plan.days // 7
    week = draft.day // 7
    cell = (draft.product * weeks + week)[week < weeks]
    size = len(plan.products) * weeks
    voices = np.bincount(cell, minlength=size).reshape(len(plan.products), weeks).astype(np.float64)
    keys: list[tuple[str, str | None]] = []
    counts = []
    for column, aspect in enumerate(plan.aspects):
        said = draft.complains[week < weeks, column].astype(np.float64)
        counts.append(np.bincount(cell, weights=said, minlength=size).reshape(len(plan.products), weeks))
        keys += [(aspect, product) for product in plan.products]
    return keys, np.concatenate(counts), np.tile(voices, (len(plan.aspects), 1))


def _redraw(draft: Draft, column: int, rows: Ints) -> None:
    draft.complains[rows, column] = draft.rng.random(len(rows)) < draft.chance[rows, column]
