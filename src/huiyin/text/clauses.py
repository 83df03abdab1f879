"""Clauses of a whole batch: the pieces between punctuation, and before a turn word such as 但是 or 不过."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import SEPARATOR, CodePoints
from huiyin.text.compiled import compiled
from huiyin.text.phrases import Hits

_END, _LETTER = 1, 2


def _kinds() -> NDArray[np.uint8]:
    """What each code point is to a clause: its end, a letter, or neither."""
    kinds = np.zeros(0x110000, dtype=np.uint8)
    for first, last in ((0x61, 0x7A), (0xC0, 0x1FFF), (0x3005, 0xD7AF), (0x20000, 0x3FFFF)):
        kinds[first : last + 1] = _LETTER
    kinds[[ord(mark) for mark in "。.!?,;;~…\n\r。｡"] + [SEPARATOR, 0x2026, 0x3002, 0xFF5E]] = _END
    return kinds


_KINDS = _kinds()


def kinds_of(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """1 where a code point ends a clause, 2 where it is a letter, else 0."""
    return _KINDS[codes]


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
        out = np.empty(len(positions), np.int64)
        _of(self.bounds, positions, out)
        return out


@compiled
def _of(bounds: NDArray[np.int64], positions: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    """As `np.searchsorted`; positions come in reading order, nearly all, so that walking on is shorter than looking."""
    here = 0
    for at in range(len(positions)):
        if positions[at] < bounds[here]:
            here = max(np.searchsorted(bounds, positions[at], side="right") - 1, 0)
        while here + 1 < len(bounds) and bounds[here + 1] <= positions[at]:
            here += 1
        out[at] = here


def by_text(clauses: Clauses, rows: NDArray[np.int64], texts: int) -> NDArray[np.int64]:
    """Sum of the rows (J, columns) of the clauses of each text; shape (texts, columns)."""
    out = np.zeros((texts, rows.shape[1]), dtype=np.int64)
    _add_up(rows, clauses.text, out)
    return out


@compiled
def _add_up(rows: NDArray[np.int64], group: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    for row in range(rows.shape[0]):
        for column in range(rows.shape[1]):
            out[group[row], column] += rows[row, column]


def letters(folded: CodePoints, clauses: Clauses) -> NDArray[np.int64]:
    """How many letters (no digits, punctuation or emoji) each clause has; shape (J,)."""
    out = np.zeros(len(clauses), dtype=np.int64)
    _count_letters(folded.codes, clauses.bounds, _KINDS, out)
    return out


def split(folded: CodePoints, turns: Hits) -> Clauses:
    """Clauses of every text in the batch; a text without any letter has one clause."""
    table = _split(folded.codes, folded.starts, turns.start, _KINDS)
    begins, start, end, text, turned = (table[row].copy() for row in range(5))
    return Clauses(start, end, text, np.concatenate([begins, folded.starts[-1:]]), turned.astype(bool))


@compiled
def _count_letters(codes: NDArray[np.uint32], bounds: NDArray[np.int64], kinds: NDArray[np.uint8], out: NDArray[np.int64]) -> None:
    for clause in range(len(out)):
        count = 0
        for at in range(bounds[clause], bounds[clause + 1]):
            count += kinds[codes[at]] == _LETTER
        out[clause] = count


@compiled
def _ends(codes: NDArray[np.uint32], at: int, kinds: NDArray[np.uint8]) -> bool:
    """Whether a clause ends with the character at `at`."""
    code = codes[at]
    if kinds[code] == _END:
        # 3.5 and 1,000 go on.
        if (code == 0x2E or code == 0x2C) and at > 0 and at + 1 < len(codes):
            return not (0x30 <= codes[at - 1] <= 0x39 and 0x30 <= codes[at + 1] <= 0x39)
        return True
    if code == 0x20 and at > 0 and at + 1 < len(codes):
        # A space between Chinese characters is how many people write a comma.
        return bool(0x3400 <= codes[at - 1] < 0xA000 and 0x3400 <= codes[at + 1] < 0xA000)
    return False


@compiled
def _split(codes: NDArray[np.uint32], starts: NDArray[np.int64], turns: NDArray[np.int64], kinds: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Rows begin, start, end, text, turned; shape (5, J). A clause of punctuation only joins the one before it."""
    far = len(codes)
    # Memory that is never written is never given out by the system; growing it inside the loop costs more than the loop.
    out = np.empty((5, far), np.int64)
    count, turn = 0, 0
    next_turn = turns[0] if len(turns) else far
    for text in range(len(starts) - 1):
        first = count
        begins, empty = True, False
        solid = 0
        for at in range(starts[text], starts[text + 1]):
            while next_turn < at:
                turn += 1
                next_turn = turns[turn] if turn < len(turns) else far
            code = codes[at]
            kind = kinds[code]
            if begins or at == next_turn:
                if count > first and not empty:
                    out[2, count - 1] = solid
                # A clause that stayed empty gives up its place, but never a text's first one.
                if not empty or count == first + 1:
                    count += 1
                out[0, count - 1], out[1, count - 1], out[2, count - 1], out[3, count - 1], out[4, count - 1] = at, at, at, text, 0
                empty = True
            begins = (kind == _END or code == 0x20) and _ends(codes, at, kinds)
            if not begins and code != 0x20:
                if empty:
                    out[1, count - 1], out[4, count - 1], empty = at, at == next_turn, False
                solid = at + 1
        if not empty:
            out[2, count - 1] = solid
        elif count > first + 1:
            count -= 1
    return out[:, :count]
