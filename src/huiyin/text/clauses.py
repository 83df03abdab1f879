"""Clauses of a whole batch: the pieces between punctuation, and before a turn word such as 但是 or 不过."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import SEPARATOR, CodePoints
from huiyin.text.phrases import Hits

_ENDS = np.zeros(0x110000, dtype=bool)
_ENDS[[ord(mark) for mark in "。.!?,;;~…\n\r。｡"] + [SEPARATOR, 0x2026, 0x3002, 0xFF5E]] = True
_NUMERIC = (ord("."), ord(","))
_SPACE = 0x20


@dataclass(frozen=True, slots=True)
class Clauses:
    """Clause j is `codes[start[j]:end[j]]`, punctuation and outer spaces left out; `text[j]` is the text it stands in.

    `bounds` (J + 1) cuts the batch without gaps, so that every position belongs to exactly one clause.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    text: NDArray[np.int64]
    bounds: NDArray[np.int64]
    turned: NDArray[np.bool_]
    """The clause opens with a turn word."""

    def __len__(self) -> int:
        return len(self.start)

    def of(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """The clause each position belongs to."""
        return np.searchsorted(self.bounds, positions, side="right") - 1


def _is_han(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    return (codes >= 0x3400) & (codes < 0xA000)


def letters(folded: CodePoints, clauses: Clauses) -> NDArray[np.int64]:
    """How many letters (no digits, punctuation or emoji) each clause has; shape (J,)."""
    codes = folded.codes
    lettered = (codes >= 0x61) & (codes <= 0x7A) | (codes >= 0xC0) & (codes < 0x2000) | (codes >= 0x3005) & (codes < 0xD7B0)
    lettered |= (codes >= 0x20000) & (codes < 0x40000)
    lettered &= ~_ENDS[codes]
    count = np.concatenate([[0], np.cumsum(lettered)])
    return np.asarray(count[clauses.bounds[1:]] - count[clauses.bounds[:-1]], dtype=np.int64)


def split(folded: CodePoints, turns: Hits) -> Clauses:
    """Clauses of every text in the batch; a text without any letter has one clause."""
    codes = folded.codes
    ends = _ENDS[codes]
    before, after = np.roll(codes, 1), np.roll(codes, -1)
    digit_around = (before >= 48) & (before <= 57) & (after >= 48) & (after <= 57)
    ends &= ~(digit_around & ((codes == _NUMERIC[0]) | (codes == _NUMERIC[1])))
    # A space between Chinese characters is how many people write a comma.
    ends |= (codes == _SPACE) & _is_han(before) & _is_han(after)
    cuts = np.flatnonzero(ends) + 1
    marked = np.zeros(len(codes) + 1, dtype=bool)
    for positions in (cuts, folded.starts, turns.start):
        marked[positions] = True
    bounds = np.flatnonzero(marked)
    bounds = _join_empty(bounds, codes, ends)
    starts, stops = bounds[:-1], bounds[1:]
    start, end = _trimmed(codes, ends, starts, stops)
    opens = np.zeros(len(codes) + 1, dtype=bool)
    opens[turns.start] = True
    turned = opens[start]
    return Clauses(start, end, folded.text_of(starts), bounds, turned)


def _join_empty(bounds: NDArray[np.int64], codes: NDArray[np.uint32], ends: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Drop cuts that would leave a clause of punctuation only, but never a text's own start."""
    if len(bounds) < 2:
        return bounds
    solid = np.concatenate([[0], np.cumsum(~ends & (codes != _SPACE))])
    filled = solid[bounds[1:]] - solid[bounds[:-1]] > 0
    text_start = np.concatenate([[True], codes[bounds[1:] - 1] == SEPARATOR])
    keep = text_start.copy()
    keep[:-1] |= filled
    # An empty clause merges into the one before it: its start disappears.
    return np.asarray(bounds[keep])


def _trimmed(
    codes: NDArray[np.uint32], ends: NDArray[np.bool_], starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Clause bounds without leading and trailing punctuation and spaces."""
    solid = np.flatnonzero(~ends & (codes != _SPACE))
    if not len(solid):
        return starts, starts
    first = np.searchsorted(solid, starts)
    last = np.searchsorted(solid, stops) - 1
    empty = first > last
    start = np.where(empty, starts, solid[np.minimum(first, len(solid) - 1)])
    end = np.where(empty, starts, solid[np.maximum(last, 0)] + 1)
    return start, end
