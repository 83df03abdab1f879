"""A text as the pieces the teacher knows: the likeliest way to cut it (unigram model; Kudo, ACL 2018), found letter by letter."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.learning.stirring import stirred
from huiyin.learning.teacher.carried import Carried
from huiyin.text.compiled import compiled

_BEFORE_WORD = "\u2581"
_QUERY = "query: "
"""The model was trained with a word in front of every text; this one is for tasks that are not search."""
_SPACES = re.compile(" {2,}")
_UNLIKELY = 10.0
_MOST_LETTERS = 1_000


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces in a table of 2ⁿ slots, each at the slot its hash names or the next free one; −1 where a slot is free."""

    normal: dict[int, str]
    slots: NDArray[np.int32]
    keys: NDArray[np.uint64]
    scores: NDArray[np.float32]
    unlikely: np.float32
    """The score of a letter that no piece begins with."""
    longest: int
    opening: int
    closing: int
    unknown: int

    @classmethod
    def of(cls, carried: Carried) -> Pieces:
        """The table of a file's pieces."""
        codes = np.frombuffer("".join(carried.pieces).encode("utf-32-le"), "<u4")
        ends = np.cumsum([len(piece) for piece in carried.pieces])
        keys = _keys(codes, ends)
        slots = np.full(1 << (2 * len(keys)).bit_length(), -1, np.int32)
        _place(keys, slots, carried.unknown)
        longest = int(np.diff(ends, prepend=0).max())
        unlikely = carried.scores.min() - np.float32(_UNLIKELY)
        return cls(carried.normal, slots, keys, carried.scores, unlikely, longest, carried.opening, carried.closing, carried.unknown)

    def of_text(self, text: str, most: int) -> NDArray[np.int64]:
        """Numbers of the pieces of a text between the two that open and close it, at most `most` of them with these."""
        written = _SPACES.sub(" ", (_QUERY + text[:_MOST_LETTERS]).translate(self.normal))
        spaced = (_BEFORE_WORD + written).replace(" ", _BEFORE_WORD)
        codes = np.frombuffer(spaced.encode("utf-32-le", "replace"), "<u4")
        cut = _cut(codes, self.slots, self.keys, self.scores, self.longest, self.unknown, self.unlikely)
        return np.concatenate([[self.opening], cut[: most - 2], [self.closing]]).astype(np.int64)


@compiled
def _keys(codes: NDArray[np.uint32], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    keys, start = np.zeros(len(ends), np.uint64), 0
    for piece in range(len(ends)):
        hashed = np.uint64(7)
        for at in range(start, ends[piece]):
            hashed = stirred(hashed, np.uint64(codes[at]))
        keys[piece] = hashed
        start = ends[piece]
    return keys


@compiled
def _place(keys: NDArray[np.uint64], slots: NDArray[np.int32], unknown: int) -> None:
    mask = np.uint64(len(slots) - 1)
    for piece in range(len(keys)):
        if piece != unknown:
            slot = np.uint64(keys[piece] & mask)
            while slots[slot] >= 0:
                slot = np.uint64((slot + np.uint64(1)) & mask)
            slots[slot] = piece


@compiled
def _cut(
    codes: NDArray[np.uint32],
    slots: NDArray[np.int32],
    keys: NDArray[np.uint64],
    scores: NDArray[np.float32],
    longest: int,
    unknown: int,
    unlikely: np.float32,
) -> NDArray[np.int64]:
    """The cut with the highest sum of scores; letters no piece begins with are unknown ones."""
    n, mask = len(codes), np.uint64(len(slots) - 1)
    best = np.full(n + 1, -np.inf, np.float32)
    piece_to, from_letter = np.full(n + 1, unknown, np.int64), np.zeros(n + 1, np.int64)
    best[0] = np.float32(0.0)
    for start in range(n):
        hashed = np.uint64(7)
        for end in range(start + 1, min(start + longest, n) + 1):
            hashed = stirred(hashed, np.uint64(codes[end - 1]))
            slot = np.uint64(hashed & mask)
            while slots[slot] >= 0 and keys[slots[slot]] != hashed:
                slot = np.uint64((slot + np.uint64(1)) & mask)
            if slots[slot] >= 0 and best[start] + scores[slots[slot]] > best[end]:
                best[end], piece_to[end], from_letter[end] = best[start] + scores[slots[slot]], slots[slot], start
        if best[start] + unlikely > best[start + 1]:
            best[start + 1], piece_to[start + 1], from_letter[start + 1] = best[start] + unlikely, unknown, start
    out, count, at = np.zeros(n, np.int64), 0, n
    while at > 0:
        out[count] = piece_to[at]
        count += 1
        at = from_letter[at]
    return out[:count][::-1]
