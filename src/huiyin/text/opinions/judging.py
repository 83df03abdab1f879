"""Aspect and polarity of each pair: two linear heads over hashed pieces of the opinion words, the target, and what stands around.

Multinomial logistic regression (L2), weights quantised to int8 with one scale a class, sums in integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import log_softmax, softmax

from huiyin.text.codepoints import CodePoints
from huiyin.text.compiled import compiled
from huiyin.text.opinions.features import KINDS
from huiyin.text.opinions.pairing import Pairs
from huiyin.text.opinions.words import Cut, Words

BITS = 17
BUCKETS = 1 << BITS
NOTHING = BUCKETS
"""The bucket of a place that holds no feature."""
WIDTH = 128
_LETTERS, _AROUND, _BACK = 12, 8, 6
_MIX = np.uint64(0x9E3779B97F4A7C15)
_LAST = np.uint64(0xFF51AFD7ED558CCD)
_HALF = np.uint64(32)
Number = int | np.int64
_DOWN = np.uint64(64 - BITS)


@dataclass(frozen=True, slots=True)
class Head:
    """Classes and weights of one head: int8 (BUCKETS, classes), a scale and a bias each."""

    classes: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: NDArray[np.float64]
    bias: NDArray[np.float64]

    def answers(self, rows: NDArray[np.int32]) -> NDArray[np.int64]:
        """The likeliest class of each row of features."""
        sums = np.zeros((len(rows), len(self.classes)), np.int64)
        _sum(rows, self.weights, sums)
        return np.asarray((sums * self.scale + self.bias).argmax(axis=1))


def rows(folded: CodePoints, cut: Cut, words: Words, pairs: Pairs) -> NDArray[np.int32]:
    """Feature buckets of each pair, shape (pairs, WIDTH), `NOTHING` where there are fewer."""
    out = np.full((len(pairs), WIDTH), NOTHING, np.int32)
    _rows(
        folded.codes, folded.starts, cut.word, cut.start, cut.end, words.classes, KINDS, pairs.text, pairs.target_start, pairs.target_end,
        pairs.opinion_start, pairs.opinion_end, out,
    )  # fmt: skip
    return out


def train(rows: NDArray[np.int32], labels: list[str], strength: float = 1.0) -> Head:
    """A head from labelled rows: argmin over (W, b) of −Σ log softmax(Wx + b)[label] + ‖W‖² ÷ 2·strength by L-BFGS from zero."""
    classes = tuple(sorted(set(labels)))
    answer = np.array([classes.index(label) for label in labels], dtype=np.int64)
    known = rows != NOTHING
    active, columns = np.unique(rows[known], return_inverse=True)
    matrix = csr_array((np.ones(int(known.sum())), columns, np.concatenate([[0], np.cumsum(known.sum(axis=1))])), shape=(len(rows), len(active)))
    across, k = csr_array(matrix.T), len(classes)
    target = np.zeros((len(rows), k))
    target[np.arange(len(rows)), answer] = 1.0

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        moved = flat.reshape(len(active) + 1, k)
        logits = np.asarray(matrix @ moved[:-1]) + moved[-1]
        error = softmax(logits, axis=1) - target
        value = -float((target * log_softmax(logits, axis=1)).sum()) + float((moved[:-1] ** 2).sum()) / (2 * strength)
        slope = np.concatenate([np.asarray(across @ error) + moved[:-1] / strength, error.sum(axis=0)[None]])
        return value, slope.ravel()

    found = minimize(loss, np.zeros((len(active) + 1) * k), jac=True, method="L-BFGS-B", options={"maxiter": 60})
    moved = found.x.reshape(len(active) + 1, k)
    scale = np.maximum(np.abs(moved[:-1]).max(axis=0, initial=0.0), 1e-9) / 127
    weights = np.zeros((BUCKETS, k), np.int8)
    weights[active] = np.rint(moved[:-1] / scale)
    return Head(classes, weights, scale, moved[-1])


@compiled
def _sum(rows: NDArray[np.int32], weights: NDArray[np.int8], out: NDArray[np.int64]) -> None:
    for row in range(len(rows)):
        for slot in range(WIDTH):
            bucket = rows[row, slot]
            if bucket != NOTHING:
                for column in range(weights.shape[1]):
                    out[row, column] += weights[bucket, column]


@compiled
def _bucket(kind: int, one: Number, two: Number) -> np.int64:
    mixed = (np.uint64(one) * _MIX + np.uint64(two) * _LAST + np.uint64(kind)) * _MIX
    return np.int64((mixed ^ (mixed >> _HALF)) * _LAST >> _DOWN)


@compiled
def _grams(codes: NDArray[Any], start: int, end: int, kind: int, row: NDArray[Any], count: int) -> tuple[int, np.int64]:
    """1-, 2- and 3-grams of a span and the whole of it; gives (places filled, hash of the whole)."""
    whole = np.uint64(end - start + 1)
    for at in range(start, end):
        whole = (whole ^ np.uint64(codes[at])) * _MIX
        if at - start >= _LETTERS:
            continue
        hashed = np.int64(codes[at])
        row[count], count = _bucket(kind, hashed, 1), count + 1
        for more in range(1, 3):
            if at + more < end:
                hashed = hashed << 20 ^ np.int64(codes[at + more])
                row[count], count = _bucket(kind, hashed, 1 + more), count + 1
    said = np.int64(whole >> np.uint64(20))
    row[count] = _bucket(kind, said, 9)
    return count + 1, said


@compiled
def _name(codes: NDArray[Any], word: NDArray[Any], at: int) -> np.int64:
    return np.int64(word[at]) + 1 if word[at] >= 0 else np.int64(codes[at]) + (1 << 20)


@compiled
def _listing(
    codes: NDArray[Any], word: NDArray[Any], begin: NDArray[Any], end: NDArray[Any], classes: NDArray[Any], first: int, last: int
) -> np.int64:
    """What the cue lists say of the words of a span, in order."""
    found, at = 0, first
    while at < last:
        number = word[at]
        kind = (classes[number, 3] - 1) % 6 if number >= 0 else 0
        if kind:
            found = (found * 8 + kind) & 0xFFFFF
        at = max(end[at], at + 1)
    return np.int64(found)


@compiled
def _around(
    codes: NDArray[Any],
    word: NDArray[Any],
    begin: NDArray[Any],
    end: NDArray[Any],
    classes: NDArray[Any],
    kinds: NDArray[Any],
    low: int,
    high: int,
    first: int,
    last: int,
    row: NDArray[Any],
    count: int,
) -> int:
    """Words before `first` and behind `last`, within the text: the nearest by their distance, those of the clause as a bag."""
    for side in range(2):
        at, rank, walls = (first - 1 if side == 0 else last), 0, 0
        while low <= at < high and rank < _AROUND:
            kind = kinds[codes[at]]
            if kind == 6 or kind == 5 or kind == 7:
                walls += 1
                if walls > 2:
                    break
            named = _name(codes, word, at)
            if rank < 3:
                row[count], count = _bucket(40 + 4 * side + rank, named, 0), count + 1
            if kind < 4:
                row[count], count = _bucket(50 + min(walls, 1), named, 0), count + 1
            rank += 1
            at = begin[at] - 1 if side == 0 else int(max(end[at], at + 1))
    return count


@compiled
def _rows(
    codes: NDArray[Any],
    starts: NDArray[Any],
    word: NDArray[Any],
    begin: NDArray[Any],
    end: NDArray[Any],
    classes: NDArray[Any],
    kinds: NDArray[Any],
    text: NDArray[Any],
    target_start: NDArray[Any],
    target_end: NDArray[Any],
    opinion_start: NDArray[Any],
    opinion_end: NDArray[Any],
    out: NDArray[Any],
) -> None:
    for one in range(len(text)):
        low, high = starts[text[one]], starts[text[one] + 1] - 1
        row, count = out[one], 0
        explicit, worded = target_start[one] >= 0, opinion_start[one] >= 0
        its, said = np.int64(0), np.int64(0)
        if worded:
            first, last = opinion_start[one], opinion_end[one]
            count, said = _grams(codes, first, last, 1, row, count)
            head, tail = word[first], word[last - 1]
            for column in range(1, 3):
                row[count], count = _bucket(60 + column, classes[tail, column], 0), count + 1
            row[count], count = _bucket(63, classes[head, 1], classes[tail, 1]), count + 1
            row[count], count = _bucket(64, _listing(codes, word, begin, end, classes, first, last), 0), count + 1
            row[count], count = _bucket(65, _listing(codes, word, begin, end, classes, max(low, begin[max(low, first - 1)]), last), 0), count + 1
        else:
            first, last = target_start[one], target_end[one]
            row[count], count = _bucket(66, 0, 0), count + 1
        if explicit:
            count, its = _grams(codes, target_start[one], target_end[one], 2, row, count)
            tail = word[target_end[one] - 1]
            for column in range(3):
                row[count], count = _bucket(70 + column, classes[tail, column], 0), count + 1
            row[count], count = _bucket(73, classes[tail, 1], classes[word[last - 1], 1]), count + 1
        else:
            row[count], count = _bucket(74, 0, 0), count + 1
            # An implicit target often is the one last spoken of.
            back = one - 1
            while back >= max(0, one - _BACK) and text[back] == text[one] and target_start[back] < 0:
                back -= 1
            if back >= max(0, one - _BACK) and text[back] == text[one]:
                tail = word[target_end[back] - 1]
                row[count], count = _bucket(75, _name(codes, word, target_end[back] - 1), min(one - back, 2)), count + 1
                row[count], count = _bucket(76, classes[tail, 1], min(one - back, 2)), count + 1
        row[count], count = _bucket(77, its, said), count + 1
        count = _around(codes, word, begin, end, classes, kinds, low, high, first, last, row, count)
