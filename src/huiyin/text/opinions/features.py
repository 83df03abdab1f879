"""What the tagger looks at: per position a fixed row of hashed features of its characters, words and word classes.

Lexical features (characters, words) know the product line they were taught on; class features carry over to others. Features
of words are worked out once for each word, and differ by the place of the character in it: alone, first, inside, second, last.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import SEPARATOR, CodePoints
from huiyin.text.compiled import compiled
from huiyin.text.opinions.words import Cut, Words

BITS = 18
BUCKETS = 1 << BITS
CHARACTERS = 11
"""The first features of a row are of characters, the others of words."""
WIDTH = 36
FAMILIARITY = WIDTH - 1
"""The feature that tells whether the word was met in training."""
LEXICAL = (*range(10), *range(11, 16))
"""The features that know single characters and words; the others know classes and kinds only."""
_FIRST, _SECOND, _THIRD, _FOURTH, _LAST = (
    np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xFF51AFD7ED558CCD)
)
_DOWN = np.uint64(64 - BITS)
_HALF = np.uint64(32)
_PLACES = 5
_LINE = np.uint64(0xFFFFFFFFFFFFFFF8)
"""Rows that differ only in the place of the character within its word lie side by side, one line of the processor's memory."""
_UNKNOWN = 4096
"""Classes of words that are in no list begin here: what kind of character they are made of."""
_EDGE = 15
MARGIN = 2
"""Edges on either side of the characters and of the words of a text."""
COLUMNS = 7
"""Of a word: its name, its four classes, whether it is familiar, its length."""
_NAMED = 1 << 19
"""Names of unknown words begin here: above the numbers of words."""


def _kinds() -> NDArray[np.uint8]:
    """What each code point is: 0 other, 1 Han, 2 Latin, 3 digit, 4 space, 5 line, 6 ends a sentence, 7 comma, 8 colon, 9 mark, 10 emoji."""
    kinds = np.zeros(0x110000, dtype=np.uint8)
    for first, last, kind in ((0x21, 0x2F, 9), (0x30, 0x39, 3), (0x3A, 0x40, 9), (0x5B, 0x60, 9), (0x61, 0x7A, 2), (0x7B, 0xBF, 9), (0xDF, 0x24F, 2)):
        kinds[first : last + 1] = kind
    kinds[0x2000:0x2070], kinds[0x2190:0x2C00], kinds[0x3001:0x3040], kinds[0x1F000:0x1FB00] = 9, 10, 9, 10
    kinds[0x3400:0xA000], kinds[0x20000:0x40000] = 1, 1
    for marks, kind in ((" ", 4), ("\n", 5), (".!?~…。｡", 6), (",、;", 7), (":", 8)):
        kinds[[ord(mark) for mark in marks]] = kind
    kinds[SEPARATOR] = _EDGE
    return kinds


KINDS = _kinds()


def with_familiar(words: Words, familiar: NDArray[np.bool_]) -> NDArray[np.int16]:
    """The classes of the words, and as a last column 2 where a word is familiar, 1 where not; shape (words + 1, classes + 1)."""
    column = np.append(np.where(familiar, 2, 1), 1).astype(np.int16)
    return np.ascontiguousarray(np.concatenate([words.classes, column[:, None]], axis=1))


def unfamiliar_buckets() -> list[int]:
    """The buckets of `FAMILIARITY` for words that were not met: of the list, in Han or in Latin letters; one for each place."""
    lines = [_familiarity(np.uint64(1)), *(_familiarity(np.uint64(_UNKNOWN + kind)) for kind in (1, 2))]
    return [int(line) + place for line in lines for place in range(_PLACES)]


def rows(folded: CodePoints, cut: Cut, classes: NDArray[np.int16]) -> NDArray[np.int32]:
    """Buckets of every position of a batch, shape (L, WIDTH); of the separators, zeros. `classes` as `with_familiar` gives them."""
    out = np.zeros((len(folded.codes), WIDTH), np.int32)
    longest = int(np.diff(folded.starts).max(initial=1))
    _rows(folded.codes, folded.starts, longest, cut.word, cut.start, cut.end, classes, KINDS, out)
    return out


@compiled
def _rows(
    codes: NDArray[Any],
    starts: NDArray[Any],
    longest: int,
    word: NDArray[Any],
    begin: NDArray[Any],
    end: NDArray[Any],
    classes: NDArray[Any],
    kinds: NDArray[Any],
    out: NDArray[Any],
) -> None:
    shared, row = np.empty(WIDTH, np.uint64), np.empty(WIDTH, np.uint64)
    letters, marks, tokens = rooms(longest)
    for text in range(len(starts) - 1):
        first, length = starts[text], starts[text + 1] - starts[text] - 1
        lay(codes, first, length, word, begin, end, classes, kinds, letters, marks, tokens)
        token = MARGIN - 1
        for at in range(length):
            if begin[first + at] == first + at:
                token += 1
                word_row(tokens, marks, token, at, shared)
            row_at(letters, marks, at, place_of(at + first, begin[first + at], end[first + at]), shared, row)
            for slot in range(WIDTH):
                out[first + at, slot] = row[slot]


@compiled
def rooms(longest: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]:
    """Arrays in which a text of at most `longest` characters is laid: characters, kinds of characters, words."""
    room = longest + 2 * MARGIN
    return np.empty(room, np.uint64), np.empty(room, np.uint64), np.empty((room, COLUMNS), np.uint64)


@compiled
def lay(
    codes: NDArray[Any],
    first: int,
    length: int,
    word: NDArray[Any],
    begin: NDArray[Any],
    end: NDArray[Any],
    classes: NDArray[Any],
    kinds: NDArray[Any],
    letters: NDArray[Any],
    marks: NDArray[Any],
    tokens: NDArray[Any],
) -> None:
    """Lay a text between edges: its characters, their kinds, and its words with name, classes, length."""
    edge = np.uint64(_UNKNOWN + _EDGE)
    for side in range(MARGIN):
        for at in (side, length + MARGIN + side):
            letters[at], marks[at] = np.uint64(SEPARATOR), np.uint64(_EDGE)
    count = MARGIN
    for at in range(length):
        code = codes[first + at]
        letters[at + MARGIN] = np.uint64(0x30) if 0x30 <= code <= 0x39 else np.uint64(code)
        marks[at + MARGIN] = np.uint64(kinds[code])
        if begin[first + at] == first + at:
            number = word[first + at]
            if number >= 0:
                tokens[count, 0] = np.uint64(number + 1)
                for column in range(5):
                    tokens[count, column + 1] = np.uint64(classes[number, column])
            else:
                tokens[count, 0] = np.uint64(code) + np.uint64(_NAMED)
                for column in range(5):
                    tokens[count, column + 1] = np.uint64(_UNKNOWN) + np.uint64(kinds[code])
            tokens[count, 6] = np.uint64(min(end[first + at] - first - at, 6))
            count += 1
    for side in range(MARGIN):
        for at in (side, count + side):
            tokens[at, 0], tokens[at, 6] = np.uint64(0), np.uint64(0)
            for column in range(1, 6):
                tokens[at, column] = edge


@compiled
def _mix(slot: int, one: np.uint64, two: np.uint64, three: np.uint64) -> np.uint64:
    mixed = one * _FIRST + two * _SECOND + three * _THIRD + np.uint64(slot) * _FOURTH
    mixed = (mixed ^ (mixed >> _HALF)) * _LAST
    return mixed >> _DOWN


@compiled
def _one(slot: int, one: np.uint64) -> np.uint64:
    mixed = one * _FIRST + np.uint64(slot) * _FOURTH
    mixed = (mixed ^ (mixed >> _HALF)) * _LAST
    return mixed >> _DOWN


@compiled
def _two(slot: int, one: np.uint64, two: np.uint64) -> np.uint64:
    mixed = one * _FIRST + two * _SECOND + np.uint64(slot) * _FOURTH
    mixed = (mixed ^ (mixed >> _HALF)) * _LAST
    return mixed >> _DOWN


@compiled
def _familiarity(familiar: np.uint64) -> np.uint64:
    return _one(FAMILIARITY, familiar) & _LINE


@compiled
def place_of(at: int, starts: int, stops: int) -> int:
    """Where a character stands in its word: 0 alone, 2 first, 3 inside, 1 last, 4 second of three or more."""
    if at == starts:
        return 2 if at + 1 < stops else 0
    if at + 1 == stops:
        return 1
    return 4 if at == starts + 1 else 3


@compiled
def word_row(tokens: NDArray[Any], marks: NDArray[Any], i: int, at: int, out: NDArray[Any]) -> None:
    """The features of word `i`, which starts at `at`, from `CHARACTERS` on into `out` (WIDTH,); the place is still to be added."""
    wa, w0, wb = tokens[i - 1, 0], tokens[i, 0], tokens[i + 1, 0]
    out[11], out[12], out[13] = _one(11, w0) & _LINE, _one(12, wa) & _LINE, _one(13, wb) & _LINE
    out[14], out[15] = _two(14, wa, w0) & _LINE, _two(15, w0, wb) & _LINE
    ka, k0, kb = tokens[i - 1, 1], tokens[i, 1], tokens[i + 1, 1]
    out[16], out[17], out[18] = _one(16, k0) & _LINE, _two(17, ka, k0) & _LINE, _two(18, k0, kb) & _LINE
    out[19] = _mix(19, ka, k0, kb) & _LINE
    mz, ma, m0, mb, my = tokens[i - 2, 2], tokens[i - 1, 2], tokens[i, 2], tokens[i + 1, 2], tokens[i + 2, 2]
    out[20], out[21], out[22] = _one(20, m0) & _LINE, _one(21, ma) & _LINE, _one(22, mb) & _LINE
    out[23], out[24] = _two(23, ma, m0) & _LINE, _two(24, m0, mb) & _LINE
    out[25], out[26] = _two(25, mz, ma) & _LINE, _two(26, mb, my) & _LINE
    out[27], out[28], out[29] = _one(27, tokens[i, 3]) & _LINE, _one(28, tokens[i - 1, 3]) & _LINE, _one(29, tokens[i + 1, 3]) & _LINE
    lz, la, l0, lb, ly = tokens[i - 2, 4], tokens[i - 1, 4], tokens[i, 4], tokens[i + 1, 4], tokens[i + 2, 4]
    out[30], out[31], out[32] = _mix(30, la, l0, lb) & _LINE, _mix(31, lz, la, l0) & _LINE, _mix(32, l0, lb, ly) & _LINE
    long = tokens[i, 6]
    out[33], out[34] = _two(33, l0, long) & _LINE, _mix(34, long, marks[at + MARGIN - 1], tokens[i + 1, 4]) & _LINE
    out[FAMILIARITY] = _familiarity(tokens[i, 5])


@compiled
def row_at(letters: NDArray[Any], marks: NDArray[Any], at: int, place: int, shared: NDArray[Any], out: NDArray[Any]) -> None:
    """The features of character `at` of the text laid in `letters` and `marks`, into `out` (WIDTH,)."""
    a2, a1, c0, b1, b2 = letters[at], letters[at + 1], letters[at + 2], letters[at + 3], letters[at + 4]
    out[0], out[1], out[2], out[3], out[4] = _one(0, c0), _one(1, a1), _one(2, b1), _one(3, a2), _one(4, b2)
    out[5], out[6], out[7], out[8] = _two(5, a1, c0), _two(6, c0, b1), _two(7, a2, a1), _two(8, b1, b2)
    out[9] = _mix(9, a1, c0, b1)
    around = np.uint64(0)
    for beside in range(2 * MARGIN + 1):
        around = around << np.uint64(4) | marks[at + beside]
    out[10] = _one(10, around)
    added = np.uint64(place)
    for slot in range(CHARACTERS, WIDTH):
        out[slot] = shared[slot] | added
