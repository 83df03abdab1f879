"""Many phrases looked for at once in a whole batch, the hits as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import CodePoints, fold_texts
from huiyin.text.compiled import compiled

_TABLE = 0x3000
_PAIRS = 1 << 18
_PATIENCE = 300
"""Places behind the first free one that are tried for a state."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Phrase hits in reading order: which phrase, and where; positions are those of the batch's `codes`."""

    phrase: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.phrase)

    def where(self, mask: NDArray[np.bool_]) -> Hits:
        """Only the hits for which `mask` holds."""
        return Hits(self.phrase[mask], self.start[mask], self.end[mask])

    def covered(self, length: int) -> NDArray[np.bool_]:
        """Which of the first `length` positions lie in a hit."""
        edges = np.zeros(length + 1, dtype=np.int64)
        np.add.at(edges, self.start, 1)
        np.add.at(edges, self.end, -1)
        return np.asarray(np.cumsum(edges[:-1]) > 0)


class PhraseFinder:
    """Finds phrases in folded text: leftmost, longest, without overlap; Latin phrases only as whole words.

    A longer phrase hides the shorter ones inside it, which is how exceptions work: 不错 hides 错.

    The phrases form a trie laid out as a double array (Aoe, "An efficient digital search algorithm by using a double-array
    structure", IEEE TSE 1989): from state s the letter with number c leads to `base[s] + c`, if that place says it belongs to s.
    A table of the pairs of letters that open a phrase, hashed, spares the walk at most positions.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        self.phrases = tuple(fold_texts(phrases))
        letters = sorted({letter for phrase in self.phrases for letter in phrase})
        self._number = np.zeros(max([_TABLE, *(ord(letter) + 1 for letter in letters)]), dtype=np.uint16)
        self._number[[ord(letter) for letter in letters]] = np.arange(1, len(letters) + 1)
        self._base, self._owner, self._phrase = _lay(*_trie(self.phrases), self._number, len(letters) + 1)
        self._opens = _openings(self._base, self._owner, self._phrase, len(letters) + 1)

    @property
    def layout(self) -> tuple[NDArray[np.uint16], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """The double array: the number of each letter, and base, owner and phrase of each place."""
        return self._number, self._base, self._owner, self._phrase

    def find(self, folded: CodePoints) -> Hits:
        """Hits in the batch."""
        if not self.phrases or not len(folded.codes):
            return Hits(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
        table = _find(folded.codes, self._number, self._opens, self._base, self._owner, self._phrase)
        return Hits(table[0].copy(), table[1].copy(), table[2].copy())


def _trie(phrases: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(edges as rows of state, letter, state, sorted by state; phrase that ends in each state or −1). Of two equal phrases the first counts."""
    states: dict[tuple[int, str], int] = {}
    ends = [-1]
    for number, phrase in enumerate(phrases):
        state = 0
        for letter in phrase:
            state = states.setdefault((state, letter), len(ends))
            if state == len(ends):
                ends.append(-1)
        if phrase and ends[state] < 0:
            ends[state] = number
    edges = np.array([(state, ord(letter), after) for (state, letter), after in states.items()], dtype=np.int64).reshape(-1, 3)
    return edges[np.argsort(edges[:, 0], kind="stable")], np.array(ends, dtype=np.int64)


@compiled
def _lay(
    edges: NDArray[np.int64], ends: NDArray[np.int64], number: NDArray[np.uint16], letters: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """(base, owner, phrase) of each place; the root stands at 0, a free place has no owner (−1)."""
    room = 2 * (len(edges) + letters) + 16
    base, owner, phrase = np.zeros(room, np.int32), np.full(room, -1, np.int32), np.full(room, -1, np.int32)
    place = np.zeros(len(ends), np.int64)
    owner[0] = -2
    free, first = 1, 0
    while first < len(edges):
        last = first
        while last < len(edges) and edges[last, 0] == edges[first, 0]:
            last += 1
        least = number[edges[first:last, 1][0]]
        for row in range(first, last):
            least = min(least, number[edges[row, 1]])
        while owner[free] != -1:
            free += 1
        at = max(free - least, 0)
        while True:
            if at + letters >= len(owner):
                grown = len(owner) + letters + 1024
                for_base, for_owner, for_phrase = np.zeros(grown, np.int32), np.full(grown, -1, np.int32), np.full(grown, -1, np.int32)
                for_base[: len(base)], for_owner[: len(owner)], for_phrase[: len(phrase)] = base, owner, phrase
                base, owner, phrase = for_base, for_owner, for_phrase
            fits = True
            for row in range(first, last):
                if owner[at + number[edges[row, 1]]] != -1:
                    fits = False
                    break
            if fits:
                break
            at += 1
        # Places that so many states in a row found too full stay empty: looking at them again and again is what laying costs.
        if at + least - free > _PATIENCE:
            free = at + least - _PATIENCE
        here = place[edges[first, 0]]
        base[here] = at
        for row in range(first, last):
            to = at + number[edges[row, 1]]
            owner[to], place[edges[row, 2]], phrase[to] = here, to, ends[edges[row, 2]]
        first = last
    top = len(owner)
    while top > 1 and owner[top - 1] == -1:
        top -= 1
    size = top + letters + 1
    padded = np.full(size, -1, np.int32)
    padded[:top] = owner[:top]
    return base[:top].copy(), padded, phrase[:top].copy()


@compiled
def _openings(base: NDArray[np.int32], owner: NDArray[np.int32], phrase: NDArray[np.int32], letters: int) -> NDArray[np.bool_]:
    """Whether a phrase may start with a pair of letters, by the hash of the pair."""
    opens = np.zeros(_PAIRS, np.bool_)
    for first in range(1, letters):
        state = base[0] + first
        if owner[state] == 0:
            for second in range(letters):
                if phrase[state] >= 0 or owner[base[state] + second] == state:
                    opens[(first << 7 ^ second) & (_PAIRS - 1)] = True
    return opens


@compiled
def _latin(codes: NDArray[np.uint32], at: int) -> bool:
    code = codes[at]
    return bool(0x61 <= code <= 0x7A or (0xDF <= code <= 0x24F and code != 0xF7))


@compiled
def _find(
    codes: NDArray[np.uint32],
    number: NDArray[np.uint16],
    opens: NDArray[np.bool_],
    base: NDArray[np.int32],
    owner: NDArray[np.int32],
    phrase: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Rows phrase, start, end; shape (3, hits)."""
    length, alphabet = len(codes), len(number)
    letters = np.empty(length + 1, np.uint16)
    for at in range(length):
        code = codes[at]
        letters[at] = number[code] if code < alphabet else 0
    letters[length] = 0
    # Memory that is never written is never given out by the system; growing it inside the loop costs more than the loop.
    out = np.empty((3, length), np.int64)
    count = 0
    at = 0
    while at < length:
        letter = letters[at]
        if not opens[(np.int64(letter) << 7 ^ letters[at + 1]) & (_PAIRS - 1)]:
            at += 1
            continue
        state = np.int64(base[0]) + letter
        if letter == 0 or owner[state] != 0 or (at > 0 and _latin(codes, at) and _latin(codes, at - 1)):
            at += 1
            continue
        best, best_end = np.int64(-1), at + 1
        stop = at + 1
        while True:
            if phrase[state] >= 0 and not (_latin(codes, stop - 1) and stop < length and _latin(codes, stop)):
                best, best_end = np.int64(phrase[state]), stop
            letter = letters[stop]
            after = np.int64(base[state]) + letter
            if letter == 0 or owner[after] != state:
                break
            state = after
            stop += 1
        if best >= 0:
            out[0, count], out[1, count], out[2, count] = best, at, best_end
            count += 1
        at = best_end
    return out[:, :count]
