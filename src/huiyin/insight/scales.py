"""Was one question asked on one scale? A change of scale or question inside a period is told, never averaged over.

Three things count as a break of an answer series:

`scale`     the stated top of the scale differs,
`question`  the attribute that names the question differs,
`levels`    scale and question are stated the same, but an answer that used to be given is never given any more (or the reverse):
            k answers of a level that all fall outside of a share q of the answers have the chance (1 − q)ᵏ < e^(−qk); from q·k = 15 on it
            is none. Levels of less than 3 % of the answers where they are used do not count, nor do one or two at an end of the scale:
            a crisis may bring the first zeros.

A new source is only noted (`source`): two surveys may run side by side and make one metric together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices

BreakKind = Literal["scale", "question", "levels", "source"]
STRAY = 0.01
"""Instruments that together gave at most this share of the answers are left out and counted, not called a break."""
_EXPECTED = 15.0
_LEAST_SHARE = 0.03
_LEAST_ENDS = 3


@dataclass(frozen=True, slots=True)
class Instrument:
    """One question on one scale, as far as the facts tell."""

    scale_max: float | None
    question: str
    first_day: str | None
    last_day: str | None
    answers: int


@dataclass(frozen=True, slots=True)
class Break:
    """From `day` on answers are not comparable with those before (`source`: may not be)."""

    kind: BreakKind
    day: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Continuity:
    """Instruments by number of answers, the largest first, and every break in order of time."""

    instruments: tuple[Instrument, ...]
    breaks: tuple[Break, ...]
    left_out: int
    """Answers on stray instruments."""

    @property
    def broken(self) -> bool:
        """Whether some break forbids one average."""
        return any(one.kind != "source" for one in self.breaks)


def continuity(store: Voices, metric: str | None, where: Filter | None = None, question: str = "question") -> Continuity:
    """Instruments and breaks of a metric (None: all scored voices); `question` names the attribute that holds the question asked."""
    condition, values = ("metric = ?", [metric]) if metric else ("metric IS NULL OR metric <> ''", [])
    table = store.query(
        "SELECT day, scale_max, coalesce(attributes[?], '') AS question, coalesce(source, '') AS source, score, count(*) AS n FROM voice "
        f"WHERE score IS NOT NULL AND ({condition}) GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
        [question, *values],
        where,
    )
    days: list[date | None] = table["day"].to_pylist()
    scales: list[float | None] = table["scale_max"].to_pylist()
    keys = list(zip(scales, table["question"].to_pylist(), strict=True))
    counts = table["n"].to_numpy().astype(np.int64)
    found = sorted(dict.fromkeys(keys), key=lambda key: (-int(counts[_rows(keys, key)].sum()), str(key)))
    total = int(counts.sum())
    instruments = tuple(_instrument(key, days, counts, _rows(keys, key)) for key in found)
    strays = _strays(instruments, total)
    kept = [one for one in instruments if one not in strays]
    breaks = _switches(kept)
    if len(kept) == 1:
        rows = _rows(keys, (kept[0].scale_max, kept[0].question)) & np.array([day is not None for day in days], dtype=bool)
        ordinals = np.array([day.toordinal() if day else 0 for day in days], dtype=np.int64)
        scores = table["score"].to_numpy(zero_copy_only=False).astype(np.float64)
        breaks += levels_break(ordinals[rows], scores[rows], counts[rows])
        breaks += _sources(ordinals[rows], np.array(table["source"].to_pylist(), dtype=str)[rows], counts[rows])
    return Continuity(tuple(kept), tuple(sorted(breaks, key=lambda one: (one.day, one.kind))), sum(one.answers for one in strays))


def levels_break(day: NDArray[np.int64], score: NDArray[np.float64], count: NDArray[np.int64]) -> list[Break]:
    """The day on which the set of answers in use changed, if it did. Rows are (day ordinal, score, number of answers), any order.

    For each level the answers before its first and after its last use are counted. The break is the day after the last
    answer that went, or that of the first one that came.

    >>> days = np.arange(1, 201)
    >>> levels_break(days, np.where(days <= 100, days % 11, days % 6 * 2.0), np.full(200, 5))[0].day
    '0001-04-11'
    """
    total = count.sum()
    came: list[int] = []
    went: list[int] = []
    changed: list[int] = []
    levels = np.unique(score)
    for place, level in enumerate(levels):
        here = score == level
        first, last = int(day[here].min()), int(day[here].max())
        before, after = count[day < first].sum(), count[day > last].sum()
        inside, uses = count[(day >= first) & (day <= last)].sum(), count[here].sum()
        if uses < _LEAST_SHARE * inside:
            continue
        if uses * before / total >= _EXPECTED:
            came.append(first)
            changed.append(place)
        if uses * after / total >= _EXPECTED:
            went.append(last + 1)
            changed.append(place)
    same = [place for place in range(len(levels)) if place not in changed]
    inside_out = any(min(same, default=len(levels)) < place < max(same, default=-1) for place in changed)
    if not inside_out and len(set(changed)) < _LEAST_ENDS:
        return []
    at = max(went) if went else min(came)
    before_levels, after_levels = (" ".join(f"{level:g}" for level in np.unique(score[part])) for part in (day < at, day >= at))
    return [Break("levels", date.fromordinal(at).isoformat(), before_levels, after_levels)]


def _rows(keys: list[tuple[float | None, str]], key: tuple[float | None, str]) -> NDArray[np.bool_]:
    return np.array([one == key for one in keys], dtype=bool)


def _instrument(key: tuple[float | None, str], days: list[date | None], counts: NDArray[np.int64], rows: NDArray[np.bool_]) -> Instrument:
    known = sorted(day for day, mine in zip(days, rows, strict=True) if mine and day is not None)
    first, last = (known[0].isoformat(), known[-1].isoformat()) if known else (None, None)
    return Instrument(key[0], key[1], first, last, int(counts[rows].sum()))


def _strays(instruments: tuple[Instrument, ...], total: int) -> list[Instrument]:
    """The smallest instruments, as long as they hold no more than the stray share together."""
    out: list[Instrument] = []
    for one in reversed(instruments):
        if sum(stray.answers for stray in out) + one.answers > STRAY * total:
            break
        out.append(one)
    return out


def _switches(kept: list[Instrument]) -> list[Break]:
    """A break for each instrument after the first, on the day it first appears (or, of two that began together, when one ended)."""
    order = sorted(kept, key=lambda one: (one.first_day or "", -one.answers))
    out = []
    for one, following in zip(order, order[1:], strict=False):
        kind: BreakKind = "scale" if one.scale_max != following.scale_max else "question"
        before, after = (f"{side.scale_max:g}" if kind == "scale" and side.scale_max is not None else side.question for side in (one, following))
        out.append(Break(kind, following.first_day or "", before, after))
    return out


def _sources(day: NDArray[np.int64], source: NDArray[np.str_], count: NDArray[np.int64]) -> list[Break]:
    """Sources that took over from others: nothing of the one before is left when the next one starts."""
    names = sorted(set(source.tolist()), key=lambda name: int(day[source == name].min()))
    large = [name for name in names if count[source == name].sum() > STRAY * count.sum()]
    out = []
    for one, following in zip(large, large[1:], strict=False):
        starts = int(day[source == following].min())
        if day[source == one].max() <= starts:
            out.append(Break("source", date.fromordinal(starts).isoformat(), str(one), str(following)))
    return out
