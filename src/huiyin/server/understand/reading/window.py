"""The voices of the last weeks by their signatures, to find near-duplicates of what comes in.

The rule is that of `huiyin.analyze.duplication`, one voice at a time: a copy has the letters, or 26 of 32 MinHash values, of another
voice by the same customer (or by nobody known), and at least twelve letters. A voice that repeats a copy repeats the copy's leader.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.text.duplicates import BAND, FLOOD, FLOOD_CHARACTERS, HASHES, MINIMUM_CHARACTERS, SAME

_BANDS = HASHES // BAND
MOST = 200_000
"""Voices that are remembered at once, about 150 bytes each."""
_MERGE = 5_000
_COMPARED = 50
"""Of the voices that share a key, the earliest so many are compared: what thousands say need not be compared with all of them."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Signed:
    """Signatures of some voices; row i of each belongs together. `customer` 0: nobody known."""

    number: NDArray[np.int64]
    exact: NDArray[np.int64]
    minhash: NDArray[np.uint16]
    letters: NDArray[np.int64]
    customer: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.number)


def _keys(signed: Signed) -> NDArray[np.uint64]:
    """What can make two voices candidates: one customer, and the letters as a whole or one of the bands; shape (N, 9)."""
    bands = np.ascontiguousarray(signed.minhash).view(np.uint64).reshape(len(signed), _BANDS)
    words = np.concatenate([signed.exact.view(np.uint64)[:, None], bands], axis=1)
    stirred: NDArray[np.uint64] = words ^ (signed.customer.view(np.uint64) * _GOLDEN)[:, None]
    return stirred


class Window:
    """The remembered voices. Used by one thread."""

    def __init__(self, signed: Signed, leaders: NDArray[np.int64]) -> None:
        self._all = signed
        self._leader = dict(zip(signed.number.tolist(), leaders.tolist(), strict=True))
        self._recent: dict[tuple[int, int], list[int]] = {}
        self._sorted: list[tuple[NDArray[np.uint64], NDArray[np.int64]]] = []
        self._exact = np.zeros(0, np.int64)
        self._merged = 0
        self._merge()

    def __len__(self) -> int:
        return len(self._leader)

    def mark(self, signed: Signed) -> NDArray[np.int64]:
        """The leader of each voice, 0 where it is the first to say so; the voices are remembered, in the place of what they said before."""
        self.forget(signed.number)
        first = len(self._all)
        self._all = Signed(*(np.concatenate([getattr(self._all, name), getattr(signed, name)]) for name in Signed.__slots__))
        keys = _keys(signed)
        found = self._older(keys)
        leaders = np.zeros(len(signed), np.int64)
        for row in range(len(signed)):
            number = int(signed.number[row])
            if signed.letters[row] >= MINIMUM_CHARACTERS:
                listed = [(column, int(key)) for column, key in enumerate(keys[row])]
                candidates = found[row].union(*(self._recent.get(one, ()) for one in listed))
                leaders[row] = self._choose(first + row, number, candidates)
                for one in listed:
                    sharing = self._recent.setdefault(one, [])
                    if len(sharing) < _COMPARED:
                        sharing.append(first + row)
            self._leader[number] = int(leaders[row])
        if len(self._all) - self._merged > _MERGE:
            self._merge()
        return leaders

    def flooded(self, signed: Signed) -> NDArray[np.bool_]:
        """Which of the marked voices say at some length, letter for letter, what at least `FLOOD` people said; shape (N,)."""
        found = np.zeros(len(signed), bool)
        kept, recent = self._exact, np.sort(self._all.exact[self._merged :])
        times = sum(np.searchsorted(one, signed.exact, "right") - np.searchsorted(one, signed.exact, "left") for one in (kept, recent))
        for letters in np.unique(signed.exact[(times >= FLOOD) & (signed.letters >= FLOOD_CHARACTERS)]):
            at = np.flatnonzero((self._all.exact == letters) & (self._all.number != 0))
            people = np.where(self._all.customer[at] != 0, self._all.customer[at], -self._all.number[at])
            if len(np.unique(people)) >= FLOOD:
                found |= signed.exact == letters
        return found

    def forget(self, numbers: NDArray[np.int64]) -> None:
        """Drop voices: they are marked anew, or what was marked was not kept."""
        for number in numbers.tolist():
            self._leader.pop(number, None)
        gone = np.isin(self._all.number, numbers)
        if gone.any():
            self._all.number[gone] = 0

    def _older(self, keys: NDArray[np.uint64]) -> list[set[int]]:
        """Places in the sorted part that share a key with each row."""
        found: list[set[int]] = [set() for _ in range(len(keys))]
        for column, (ordered, places) in enumerate(self._sorted):
            left = np.searchsorted(ordered, keys[:, column], "left")
            right = np.searchsorted(ordered, keys[:, column], "right")
            for row in np.flatnonzero(right > left).tolist():
                found[row].update(places[left[row] : min(right[row], left[row] + _COMPARED)].tolist())
        return found

    def _choose(self, place: int, number: int, candidates: set[int]) -> int:
        if not candidates:
            return 0
        signed = self._all
        at = np.fromiter(candidates, np.int64, len(candidates))
        alike = (signed.exact[at] == signed.exact[place]) | ((signed.minhash[at] == signed.minhash[place]).sum(axis=1) >= SAME)
        at = at[alike & (signed.customer[at] == signed.customer[place]) & (signed.number[at] != 0)]
        leaders = {self._leader.get(one, 0) or one for one in signed.number[at].tolist()}
        return min(leaders - {number}, default=0) if number not in leaders else 0

    def _merge(self) -> None:
        """Put the recent voices into the sorted part and let the oldest go."""
        kept = np.flatnonzero(self._all.number != 0)[-MOST:]
        self._all = Signed(*(getattr(self._all, name)[kept] for name in Signed.__slots__))
        present = set(self._all.number.tolist())
        self._leader = {number: leader for number, leader in self._leader.items() if number in present}
        keys = _keys(self._all)
        long = np.flatnonzero(self._all.letters >= MINIMUM_CHARACTERS)
        self._sorted = []
        for column in range(keys.shape[1]):
            order = np.argsort(keys[long, column], kind="stable")
            self._sorted.append((keys[long[order], column], long[order]))
        self._exact = np.sort(self._all.exact)
        self._recent = {}
        self._merged = len(self._all)
