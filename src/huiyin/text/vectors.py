"""What words mean by the company they keep: vectors learnt without labels, for words nobody listed.

A word is a row of `data/words.npz`: its positive pointwise mutual information with the words around it, reduced by a truncated
singular value decomposition (Levy & Goldberg, "Neural Word Embedding as Implicit Matrix Factorization", NIPS 2014; context
distribution smoothed as in Levy, Goldberg & Dagan, TACL 2015), unit length, in steps of 1/127. Words of a text are found by the
longest match from the left, over the same folded letters as everything else; `huiyin.text.vector_building` makes the file.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import SEPARATOR, CodePoints, encode, fold, fold_texts
from huiyin.text.compiled import compiled
from huiyin.text.phrases import Hits

LONGEST = 8
"""Letters of the longest Chinese word that is looked for."""
STEPS = 127
_SLOTS = 1 << 17
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_FREE = np.uint64(0)


@dataclass(frozen=True)
class WordVectors:
    """`words` (V) folded, the commonest first; `steps` (V, D) int8; `weight` (V,) 0..1, how much a word tells: little where it is common."""

    words: tuple[str, ...]
    steps: NDArray[np.int8]
    weight: NDArray[np.float64]
    kind: NDArray[np.int64]
    """Words of one number mean much the same; shape (V,)."""

    @functools.cached_property
    def index(self) -> dict[str, int]:
        """Word → row."""
        return {word: at for at, word in enumerate(self.words)}

    @functools.cached_property
    def unit(self) -> NDArray[np.float64]:
        """The vectors, each of length 1; shape (V, D)."""
        rows = self.steps.astype(np.float64)
        length = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
        return np.asarray(rows / np.where(length > 0, length, 1.0))

    def find(self, folded: CodePoints) -> Hits:
        """The words of a batch: the longest from the left, Latin ones whole; `phrase` is the row. No Python per word."""
        table = _find(folded.codes, *self._table)
        return Hits(table[0].copy(), table[1].copy(), table[2].copy())

    def of(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Vectors of length 1 of words, phrases or texts: the mean of their words by weight; zeros where none is known. Shape (N, D)."""
        points = fold(encode(texts))
        hits = self.find(points)
        row = points.text_of(hits.start)
        out = np.zeros((len(texts), self.steps.shape[1]))
        np.add.at(out, row, self.unit[hits.phrase] * self.weight[hits.phrase, None])
        length = np.sqrt((out * out).sum(axis=1, keepdims=True))
        return np.asarray(out / np.where(length > 0, length, 1.0))

    def near(self, word: str, count: int = 10) -> list[tuple[str, float]]:
        """The words most like a word or phrase, with their cosines; empty where nothing of it is known."""
        given = self.of([word])[0]
        if not given.any():
            return []
        cosines = np.round(self.unit @ given, 6)
        order = [int(at) for at in np.lexsort((np.arange(len(cosines)), -cosines)) if self.words[at] != fold_texts([word])[0]]
        return [(self.words[at], float(cosines[at])) for at in order[:count]]

    @functools.cached_property
    def _table(self) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.uint8]]:
        points = encode(self.words)
        return _hashed(points.codes, points.starts)


@functools.cache
def load() -> WordVectors:
    """The shipped vectors; read once, on first use."""
    with resources.as_file(resources.files("huiyin.text").joinpath("data/words.npz")) as path, np.load(path, allow_pickle=False) as stored:
        words = tuple(stored["words"].tobytes().decode("utf-8").split("\n"))
        return WordVectors(words, stored["steps"], stored["weight"].astype(np.float64) / 255.0, stored["kind"].astype(np.int64))


@compiled
def _mixed(hashed: np.uint64, code: np.uint32) -> np.uint64:
    mixed = np.uint64((hashed ^ np.uint64(code)) * _PRIME)
    return np.uint64(mixed ^ (mixed >> np.uint64(29)))


@compiled
def _hashed(codes: NDArray[np.uint32], starts: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.uint8]]:
    """An open table of the words' hashes, the row of each, and the length of the longest word that opens with a letter."""
    keys, rows = np.zeros(_SLOTS, np.uint64), np.full(_SLOTS, -1, np.int32)
    longest = np.zeros(0x10000, np.uint8)
    for word in range(len(starts) - 1):
        hashed = np.uint64(1)
        for at in range(starts[word], starts[word + 1] - 1):
            hashed = _mixed(hashed, codes[at])
        slot = hashed & np.uint64(_SLOTS - 1)
        while keys[slot] != _FREE and keys[slot] != hashed:
            slot = (slot + np.uint64(1)) & np.uint64(_SLOTS - 1)
        if keys[slot] == _FREE:
            keys[slot], rows[slot] = hashed, word
        first = codes[starts[word]]
        if first < len(longest):
            longest[first] = max(longest[first], min(starts[word + 1] - 1 - starts[word], 255))
    return keys, rows, longest


@compiled
def _row(keys: NDArray[np.uint64], rows: NDArray[np.int32], hashed: np.uint64) -> np.int32:
    slot = hashed & np.uint64(_SLOTS - 1)
    while keys[slot] != _FREE:
        if keys[slot] == hashed:
            return np.int32(rows[slot])
        slot = (slot + np.uint64(1)) & np.uint64(_SLOTS - 1)
    return np.int32(-1)


@compiled
def _joins(code: np.uint32) -> bool:
    """A letter or digit of a Latin word."""
    return bool(0x61 <= code <= 0x7A or 0x30 <= code <= 0x39 or (0xDF <= code <= 0x24F and code != 0xF7))


@compiled
def _find(codes: NDArray[np.uint32], keys: NDArray[np.uint64], rows: NDArray[np.int32], longest: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Rows word, start, end; shape (3, words)."""
    out = np.empty((3, len(codes)), np.int64)
    count, at = 0, 0
    while at < len(codes):
        code, best, best_end = codes[at], np.int32(-1), at + 1
        if _joins(code):
            hashed, best_end = np.uint64(1), at
            while best_end < len(codes) and _joins(codes[best_end]):
                hashed = _mixed(hashed, codes[best_end])
                best_end += 1
            best = _row(keys, rows, hashed)
        elif code < len(longest) and longest[code] > 0:
            hashed = np.uint64(1)
            for stop in range(at, min(at + longest[code], len(codes))):
                if codes[stop] == SEPARATOR:
                    break
                hashed = _mixed(hashed, codes[stop])
                row = _row(keys, rows, hashed)
                if row >= 0:
                    best, best_end = row, stop + 1
        if best >= 0:
            out[0, count], out[1, count], out[2, count] = best, at, best_end
            count += 1
        at = best_end
    return out[:, :count]
