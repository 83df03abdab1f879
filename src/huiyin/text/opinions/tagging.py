"""Spans of targets and opinion words in a batch: emissions gathered from int8 weights, the likeliest tags found in integers.

Weights and transitions share one scale, so scores are integers and the tags of a text do not depend on its batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import CodePoints
from huiyin.text.compiled import compiled
from huiyin.text.opinions import crf
from huiyin.text.opinions.crf import OPINION, OUTSIDE, SPEAKS, TAGS, TARGET
from huiyin.text.opinions.features import KINDS, MARGIN, WIDTH, lay, place_of, rooms, row_at, with_familiar, word_row
from huiyin.text.opinions.words import Cut, Words

_EVEN = np.uint64(0x00FF00FF00FF00FF)
_NEVER = -(1 << 40)
_LEVEL = 127


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans in reading order; positions are those of the batch's `codes`."""

    text: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    is_opinion: NDArray[np.bool_]
    odds: NDArray[np.float64]
    """How much likelier (natural log) the span is than none in its place, all other tags kept."""

    def __len__(self) -> int:
        return len(self.text)


class Tagger:
    """A trained field, quantised. `weights` (BUCKETS, SPEAKS) int8; `moves` (TAGS + 1, TAGS + 1) in units of `scale`.

    `familiar` (words,) tells which words were met in training.
    """

    def __init__(self, words: Words, familiar: NDArray[np.bool_], weights: NDArray[np.int8], moves: NDArray[np.int32], scale: float) -> None:
        self.words, self.familiar, self.weights, self.moves, self.scale = words, familiar, weights, moves, scale
        self._classes = with_familiar(words, familiar)
        # A row is one word of eight bytes, each raised by 128; even and odd bytes are added in lanes of 16 bits.
        self._packed = np.ascontiguousarray(weights.astype(np.int16) + 128).astype(np.uint8).view("<u8").astype(np.uint64).ravel()
        self._moves = np.where(crf.ALLOWED, moves.astype(np.int64), _NEVER)

    def spans(self, folded: CodePoints, cut: Cut | None = None) -> Spans:
        """Every target and opinion of a batch of folded texts."""
        cut = cut or self.words.cut(folded.codes)
        room = len(folded.codes) + 1
        out, odds = np.empty((4, room), np.int64), np.empty(room, np.int64)
        longest = int(np.diff(folded.starts).max(initial=1))
        count = _tag(folded.codes, folded.starts, longest, cut.word, cut.start, cut.end, self._classes, KINDS, self._packed, self._moves, out, odds)
        text, start, end, kind = (out[row, :count].copy() for row in range(4))
        return Spans(text, start, end, kind == OPINION, np.asarray(odds[:count] * self.scale, dtype=np.float64))


def quantised(weights: NDArray[np.float32], moves: NDArray[np.float64]) -> tuple[NDArray[np.int8], NDArray[np.int32], float]:
    """Weights and transitions in units of one scale; the few weights beyond the last of the 127 steps are cut to it."""
    sizes = np.abs(weights[weights != 0])
    largest = float(np.quantile(sizes, 0.9999)) if len(sizes) else 1.0
    scale = max(largest, 1e-6) / _LEVEL
    moved = np.where(crf.ALLOWED, np.rint(np.clip(moves, -50, 50) / scale), 0).astype(np.int32)
    return np.clip(np.rint(weights / scale), -_LEVEL, _LEVEL).astype(np.int8), moved, scale


@compiled
def _emit(row: NDArray[Any], packed: NDArray[Any], scores: NDArray[Any], at: int) -> None:
    """Emissions of one position into `scores[at]`."""
    even, odd = np.uint64(0), np.uint64(0)
    for slot in range(WIDTH):
        word = packed[row[slot]]
        even += word & _EVEN
        odd += (word >> np.uint64(8)) & _EVEN
    for pair in range(SPEAKS // 2):
        lane = np.uint64(16 * pair)
        scores[at, 1 + 2 * pair] = np.int64((even >> lane) & np.uint64(0xFFFF)) - 128 * WIDTH
        scores[at, 2 + 2 * pair] = np.int64((odd >> lane) & np.uint64(0xFFFF)) - 128 * WIDTH


@compiled
def _tag(
    codes: NDArray[Any],
    starts: NDArray[Any],
    longest: int,
    word: NDArray[Any],
    begin: NDArray[Any],
    end: NDArray[Any],
    classes: NDArray[Any],
    kinds: NDArray[Any],
    packed: NDArray[Any],
    moves: NDArray[Any],
    out: NDArray[Any],
    odds: NDArray[Any],
) -> int:
    """Rows text, start, end, kind of each span into `out`; gives their number. The likeliest tags are found by Viterbi's algorithm."""
    row, shared = np.empty(WIDTH, np.uint64), np.empty(WIDTH, np.uint64)
    letters, marks, tokens = rooms(longest)
    scores = np.zeros((longest + 1, TAGS), np.int32)
    back = np.empty((longest + 1, TAGS), np.int8)
    best, grown = np.empty(TAGS, np.int64), np.empty(TAGS, np.int64)
    tags = np.empty(longest + 1, np.int8)
    count = 0
    for text in range(len(starts) - 1):
        first, length = starts[text], starts[text + 1] - starts[text] - 1
        if length <= 0:
            continue
        lay(codes, first, length, word, begin, end, classes, kinds, letters, marks, tokens)
        token = MARGIN - 1
        for at in range(length):
            here = first + at
            if begin[here] == here:
                token += 1
                word_row(tokens, marks, token, at, shared)
            row_at(letters, marks, at, place_of(here, begin[here], end[here]), shared, row)
            _emit(row, packed, scores, at)
            if at == 0:
                for tag in range(TAGS):
                    best[tag] = scores[0, tag] + moves[TAGS, tag]
            else:
                _step(best, moves, scores, grown, back, at)
                best, grown = grown, best
        tag = 0
        for last in range(1, TAGS):
            if best[last] + moves[last, TAGS] > best[tag] + moves[tag, TAGS]:
                tag = last
        for at in range(length - 1, -1, -1):
            tags[at] = tag
            tag = back[at, tag] if at else 0
        count = _collect(text, first, length, tags, scores, moves, out, odds, count)
    return count


@compiled
def _step(best: NDArray[Any], moves: NDArray[Any], scores: NDArray[Any], grown: NDArray[Any], back: NDArray[Any], at: int) -> None:
    """One step of Viterbi's algorithm. A span opens behind an outside or a closed span, whichever is best; inside it goes on."""
    for tag in (0, TARGET, TARGET + 3, OPINION, OPINION + 3):
        top, origin = best[0] + moves[0, tag], 0
        for closed in (TARGET + 2, TARGET + 3, OPINION + 2, OPINION + 3):
            if best[closed] + moves[closed, tag] > top:
                top, origin = best[closed] + moves[closed, tag], closed
        grown[tag], back[at, tag] = top + scores[at, tag], origin
    for kind in (TARGET, OPINION):
        for tag in (kind + 1, kind + 2):
            opened, inside = best[kind] + moves[kind, tag], best[kind + 1] + moves[kind + 1, tag]
            origin = kind if opened >= inside else kind + 1
            grown[tag], back[at, tag] = max(opened, inside) + scores[at, tag], origin


@compiled
def _collect(
    text: int,
    first: int,
    length: int,
    tags: NDArray[Any],
    scores: NDArray[Any],
    moves: NDArray[Any],
    out: NDArray[Any],
    odds: NDArray[Any],
    count: int,
) -> int:
    at = 0
    while at < length:
        tag = tags[at]
        if tag == OUTSIDE:
            at += 1
            continue
        kind = TARGET if tag < OPINION else OPINION
        stop = at
        before = tags[at - 1] if at else TAGS
        gain = scores[at, tag] + moves[before, tag]
        while tags[stop] != kind + 2 and tags[stop] != kind + 3:
            stop += 1
            gain += scores[stop, tags[stop]] + moves[tags[stop - 1], tags[stop]]
        after = tags[stop + 1] if stop + 1 < length else TAGS
        gain += moves[tags[stop], after] - moves[before, OUTSIDE] - moves[OUTSIDE, OUTSIDE] * (stop - at) - moves[OUTSIDE, after]
        out[0, count], out[1, count], out[2, count], out[3, count] = text, first + at, first + stop + 1, kind
        odds[count] = gain
        count += 1
        at = stop + 1
    return count
