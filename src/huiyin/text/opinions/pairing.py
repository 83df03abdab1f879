"""Which opinion speaks of which target: each opinion chooses among the targets near it and an implicit one.

A conditional logit (McFadden, 1974): the chance of a candidate is softmax over the opinion's candidates of the sum of the
weights of its features: distance, order, punctuation and words between, what else stands between, and what both are.
Weights are quantised, sums are integers. A target that no opinion chose takes part in a second choice: a second target of an
opinion already used (物流和包装都很好), a target without opinion words, or none at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from huiyin.text.codepoints import CodePoints
from huiyin.text.compiled import compiled
from huiyin.text.opinions.features import KINDS
from huiyin.text.opinions.records import Record
from huiyin.text.opinions.tagging import Spans
from huiyin.text.opinions.words import Cut, Words

BITS = 15
BUCKETS = 1 << BITS
WIDTH = 16
NEAR = 3
"""Targets before and behind an opinion that it may choose."""
CHOICES = 2 * NEAR + 1
_SCANNED = 8
"""Spans looked at on either side: a text of nothing but opinions costs no more for each of them."""
IMPLICIT = -1
Number = int | np.int64
SCALE = 1 / 512
_MIX = np.uint64(0x9E3779B97F4A7C15)
_LAST = np.uint64(0xFF51AFD7ED558CCD)
_HALF = np.uint64(32)
_DOWN = np.uint64(64 - BITS)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Opinions with their targets, in reading order; −1 is implicit. Positions are those of the batch's `codes`."""

    text: NDArray[np.int64]
    target_start: NDArray[np.int64]
    target_end: NDArray[np.int64]
    opinion_start: NDArray[np.int64]
    opinion_end: NDArray[np.int64]
    odds: NDArray[np.float64]
    """How sure the tagger is of the less sure of the two spans (see `Spans.odds`)."""

    def __len__(self) -> int:
        return len(self.text)


def pair(folded: CodePoints, cut: Cut, words: Words, spans: Spans, weights: NDArray[np.int16]) -> Pairs:
    """Give every opinion its target, by trained `weights` (2, BUCKETS): of opinions, and of targets left over."""
    rows, options = candidates(folded, cut, words, spans)
    chosen = _choose(rows, options, weights[0].astype(np.int64))
    opinions = np.flatnonzero(spans.is_opinion)
    target = options[np.arange(len(opinions)), chosen]
    left = np.setdiff1d(np.flatnonzero(~spans.is_opinion), target)
    rows, options = leftovers(folded, cut, words, spans, left)
    second = _choose(rows, options, weights[1].astype(np.int64))
    takes, emitted = options[np.arange(len(left)), second], second != NOTHING_CHOSEN
    targets = np.concatenate([target, left[emitted]])
    return _pairs(spans, targets, np.concatenate([opinions, takes[emitted]]))


NOTHING_CHOSEN = 0
"""Column of the second choice that says: no opinion at all."""
ALONE = 1
"""Column of the second choice that says: a target without opinion words."""


def _pairs(spans: Spans, targets: NDArray[np.int64], opinions: NDArray[np.int64]) -> Pairs:
    def of(values: NDArray[np.int64], which: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.where(which >= 0, np.append(values, -1)[which], -1)

    odds = np.minimum(np.append(spans.odds, np.inf)[targets], np.append(spans.odds, np.inf)[opinions])
    text = np.where(opinions >= 0, np.append(spans.text, 0)[opinions], np.append(spans.text, 0)[targets])
    columns = [text, of(spans.start, targets), of(spans.end, targets), of(spans.start, opinions), of(spans.end, opinions)]
    order = np.lexsort((columns[1], np.where(opinions >= 0, columns[3], columns[1]), text))
    first, second, third, fourth, fifth = (column[order] for column in columns)
    return Pairs(first, second, third, fourth, fifth, odds[order])


def candidates(folded: CodePoints, cut: Cut, words: Words, spans: Spans) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Feature buckets (opinions, CHOICES, WIDTH) and the targets (opinions, CHOICES) they are of; column 0 is the implicit one.

    −1 among the targets of other columns: no such candidate.
    """
    opinions = np.flatnonzero(spans.is_opinion)
    rows = np.zeros((len(opinions), CHOICES, WIDTH), np.int32)
    options = np.full((len(opinions), CHOICES), IMPLICIT, np.int64)
    _candidates(folded.codes, cut.word, words.classes, KINDS, spans.text, spans.start, spans.end, spans.is_opinion, opinions, True, rows, options)
    return rows, options


def leftovers(folded: CodePoints, cut: Cut, words: Words, spans: Spans, left: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The same for targets that no opinion chose; columns `NOTHING_CHOSEN`, `ALONE`, then the opinions near it."""
    rows = np.zeros((len(left), CHOICES + 1, WIDTH), np.int32)
    options = np.full((len(left), CHOICES + 1), IMPLICIT, np.int64)
    _candidates(folded.codes, cut.word, words.classes, KINDS, spans.text, spans.start, spans.end, ~spans.is_opinion, left, False, rows, options)
    return rows, options


@compiled
def _bucket(slot: int, one: Number, two: Number) -> np.int64:
    mixed = (np.uint64(one) * _MIX + np.uint64(two + 1) * _LAST + np.uint64(slot)) * _MIX
    return np.int64((mixed ^ (mixed >> _HALF)) * _LAST >> _DOWN)


@compiled
def _hash(codes: NDArray[Any], start: int, end: int) -> np.int64:
    hashed = np.uint64(end - start)
    for at in range(start, end):
        hashed = (hashed ^ np.uint64(codes[at])) * _MIX
    return np.int64(hashed >> np.uint64(20))


@compiled
def _size(count: int) -> int:
    """Buckets of a distance in characters: exact up to 4, then wider."""
    if count <= 4:
        return count
    return 5 if count <= 6 else (6 if count <= 9 else (7 if count <= 14 else (8 if count <= 24 else 9)))


@compiled
def _wall(codes: NDArray[Any], kinds: NDArray[Any], start: int, end: int) -> int:
    """The strongest mark between: 0 none, 1 space, colon or other mark, 2 comma, 3 end of a sentence."""
    found = 0
    for at in range(start, end):
        kind = kinds[codes[at]]
        if kind == 5 or kind == 6 or kind == 10:
            found = 3
        elif kind == 7:
            found = max(found, 2)
        elif kind == 4 or kind == 8 or kind == 9:
            found = max(found, 1)
    return found


@compiled
def _candidates(
    codes: NDArray[Any],
    word: NDArray[Any],
    classes: NDArray[Any],
    kinds: NDArray[Any],
    text: NDArray[Any],
    start: NDArray[Any],
    end: NDArray[Any],
    chooses: NDArray[Any],
    choosers: NDArray[Any],
    implicit: bool,
    rows: NDArray[Any],
    options: NDArray[Any],
) -> None:
    """Fill the candidates of each chooser among the spans that do not choose."""
    fixed = 1 if implicit else 2
    for number in range(len(choosers)):
        one = choosers[number]
        nearest, nearest_wall = 15, 4
        for side in (-1, 1):
            other, rank, choosing = one + side, 0, 0
            while 0 <= other < len(text) and text[other] == text[one] and rank < NEAR and rank + choosing < _SCANNED:
                if chooses[other]:
                    choosing += 1
                else:
                    column = fixed + rank + (0 if side < 0 else NEAR)
                    options[number, column] = other
                    _describe(codes, word, classes, kinds, start, end, one, other, side, rank, min(choosing, 3), rows[number, column])
                    first, last = (end[other], start[one]) if side < 0 else (end[one], start[other])
                    wall = _wall(codes, kinds, first, last)
                    if rank == 0 and wall * 10 + _size(last - first) < nearest_wall * 10 + nearest:
                        nearest, nearest_wall = _size(last - first), wall
                    rank += 1
                other += side
        own = _hash(codes, start[one], end[one])
        mid = classes[word[end[one] - 1], 1] if word[end[one] - 1] >= 0 else 0
        for column in range(fixed):
            row = rows[number, column]
            row[0], row[1], row[2] = _bucket(20 + column, 0, 0), _bucket(22 + column, own, 0), _bucket(24 + column, mid, 0)
            row[3], row[4] = _bucket(26 + column, nearest, nearest_wall), _bucket(28 + column, mid, nearest * 5 + nearest_wall)
            row[5] = _bucket(30 + column, own, nearest * 5 + nearest_wall)


@compiled
def _describe(
    codes: NDArray[Any],
    word: NDArray[Any],
    classes: NDArray[Any],
    kinds: NDArray[Any],
    start: NDArray[Any],
    end: NDArray[Any],
    one: int,
    other: int,
    side: int,
    rank: int,
    choosing: int,
    row: NDArray[Any],
) -> None:
    first, last = (end[other], start[one]) if side < 0 else (end[one], start[other])
    size, wall, before = _size(last - first), _wall(codes, kinds, first, last), 1 if side < 0 else 0
    own, its = _hash(codes, start[one], end[one]), _hash(codes, start[other], end[other])
    mid = classes[word[end[one] - 1], 1] if word[end[one] - 1] >= 0 else 0
    mids = classes[word[end[other] - 1], 1] if word[end[other] - 1] >= 0 else 0
    shape = (size * 4 + wall) * 2 + before
    row[0], row[1], row[2] = _bucket(0, shape, 0), _bucket(1, size, before), _bucket(2, wall, before)
    row[3], row[4] = _bucket(3, rank * 4 + choosing, before), _bucket(4, rank * 4 + choosing, wall * 2 + before)
    row[5], row[6] = _bucket(5, mid, shape), _bucket(6, mids, shape)
    row[7], row[8] = _bucket(7, mid, mids), _bucket(8, own, its)
    row[9], row[10] = _bucket(9, its, wall * 2 + before), _bucket(10, own, wall * 2 + before)
    row[11] = _bucket(11, _hash(codes, first, last), before) if last - first <= 6 else _bucket(12, size, before)
    row[12] = _bucket(13, codes[first] if last > first else 0, before)
    row[13] = _bucket(14, codes[last - 1] if last > first else 0, before)
    row[14] = _bucket(15, (choosing * 4 + rank) * 10 + size, wall * 2 + before)
    row[15] = _bucket(16, 0, 0)


@compiled
def _choose(rows: NDArray[np.int32], options: NDArray[np.int64], weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """Column of the best candidate of each chooser; the earlier of equals."""
    out = np.zeros(len(rows), np.int64)
    fixed = 1 if rows.shape[1] == CHOICES else 2
    for one in range(len(rows)):
        best = np.int64(-1) << 60
        for column in range(rows.shape[1]):
            if column < fixed or options[one, column] >= 0:
                total = np.int64(0)
                for slot in range(WIDTH):
                    total += weights[rows[one, column, slot]]
                if total > best:
                    best, out[one] = total, column
    return out


def gold_spans(records: Sequence[Record], points: CodePoints) -> Spans:
    """The labelled spans of records, as the tagger gives spans; without doubles."""
    found = sorted(
        {
            (row, span[0] + int(points.starts[row]), span[1] + int(points.starts[row]), kind)
            for row, record in enumerate(records)
            for one in record.opinions
            for span, kind in ((one.target, False), (one.opinion, True))
            if span
        }
    )
    table = np.array([one[:3] for one in found], dtype=np.int64).reshape(-1, 3)
    return Spans(table[:, 0], table[:, 1], table[:, 2], np.array([one[3] for one in found], dtype=bool), np.zeros(len(found)))


def train(folded: CodePoints, cut: Cut, words: Words, spans: Spans, records: Sequence[Record]) -> NDArray[np.int16]:
    """Weights (2, BUCKETS) of both choices, learnt on `spans`, which may be the labelled ones or those a tagger found."""
    starts = folded.starts
    truth = [
        {(_moved(one.target, int(starts[row])), _moved(one.opinion, int(starts[row]))) for one in record.opinions}
        for row, record in enumerate(records)
    ]
    span = list(zip(spans.start.tolist(), spans.end.tolist(), strict=True))
    text = spans.text.tolist()
    rows, options = candidates(folded, cut, words, spans)
    opinions, answers, used = np.flatnonzero(spans.is_opinion).tolist(), [], set()
    for number, opinion in enumerate(opinions):
        right = [column for column in range(1, CHOICES) if (t := options[number, column]) >= 0 and (span[t], span[opinion]) in truth[text[opinion]]]
        answers.append(right[0] if right else (0 if (None, span[opinion]) in truth[text[opinion]] else -1))
        used.update(options[number, right[:1]].tolist())
    first = _fit(rows, options, np.array(answers, dtype=np.int64), 1)
    left = np.array([one for one in np.flatnonzero(~spans.is_opinion).tolist() if one not in used], dtype=np.int64)
    rows, options = leftovers(folded, cut, words, spans, left)
    answers = []
    for number, target in enumerate(left.tolist()):
        right = [column for column in range(2, CHOICES + 1) if (o := options[number, column]) >= 0 and (span[target], span[o]) in truth[text[target]]]
        answers.append(right[0] if right else (ALONE if (span[target], None) in truth[text[target]] else NOTHING_CHOSEN))
    return np.stack([first, _fit(rows, options, np.array(answers, dtype=np.int64), 2)])


def _moved(span: tuple[int, int] | None, by: int) -> tuple[int, int] | None:
    return None if span is None else (span[0] + by, span[1] + by)


def _fit(rows: NDArray[np.int32], options: NDArray[np.int64], answers: NDArray[np.int64], fixed: int) -> NDArray[np.int16]:
    """argmin over w of −Σ log softmax(w · features)[answer] + ‖w‖² ÷ 2·C by L-BFGS; choosers with answer −1 are left out."""
    rows, options, answers = rows[answers >= 0], options[answers >= 0], answers[answers >= 0]
    if not len(rows):
        return np.zeros(BUCKETS, np.int16)
    barred = options < 0
    barred[:, :fixed] = False
    index = np.arange(len(rows))

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = np.where(barred, -1e9, weights[rows].sum(axis=2))
        scores -= scores.max(axis=1, keepdims=True)
        chance = np.exp(scores)
        chance /= chance.sum(axis=1, keepdims=True)
        value = -np.log(np.maximum(chance[index, answers], 1e-300)).sum() + weights @ weights / 2
        chance[index, answers] -= 1.0
        slope = np.bincount(rows.ravel(), weights=np.repeat(chance.ravel(), WIDTH), minlength=BUCKETS)
        return float(value), slope + weights

    found = minimize(loss, np.zeros(BUCKETS), jac=True, method="L-BFGS-B", options={"maxiter": 60})
    weights = np.clip(np.rint(found.x / SCALE), -32000, 32000)
    return np.asarray(weights, dtype=np.int16)
