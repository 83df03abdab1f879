"""Hashed character n-grams and words: what every head reads.

Each position of a batch has `WIDTH` bucket numbers: the 1-, 2-, 3- and 4-gram that start there and, where a Latin
word starts, that word and the pair it makes with the word before. Positions lie end to end, so the features of any
span of positions, a clause or a text, are those of a contiguous run.

Feature hashing: Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import SEPARATOR
from huiyin.text.compiled import compiled

BITS = 18
BUCKETS = 1 << BITS
NOTHING = BUCKETS
"""The bucket of a position without such an n-gram; heads hold a zero row there."""
WIDTH = 6
ORDERS = 4

# Numba widens 32-bit arithmetic by itself, so every product below is cut back by a cast.
_PRIME = np.uint32(0x01000193)
_MIX = np.uint32(0x9E3779B1)
_STIR = np.uint32(0x2C1B3C6D)
_KINDS = np.array([kind * 0x85EBCA6B & 0xFFFFFFFF for kind in range(WIDTH + 1)], dtype=np.uint32)
_HALF = np.uint32(15)
_SHIFT = np.uint32(32 - BITS)
_LONGEST = 63
"""From this letter on all letters of a word weigh alike."""
_BYTES, _WORDS = 8, 2
_BLOCK = _BYTES * _WORDS
_EVEN = np.uint64(0x00FF00FF00FF00FF)
_FULL = 256
"""Rows of at most 255 a lane that 16 bits surely hold."""
_NEVER = -10
_EMPTY = (np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0))


def is_latin(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Letters of the Latin script (basic, Latin-1 and Extended-A/B), after folding."""
    return np.asarray(((codes >= 0x61) & (codes <= 0x7A)) | ((codes >= 0xDF) & (codes <= 0x24F) & (codes != 0xF7)))


def buckets(folded: NDArray[np.uint32]) -> NDArray[np.int32]:
    """Bucket numbers of each position; shape (L, WIDTH), `NOTHING` where an n-gram would cross a text's end."""
    out = np.full((len(folded), WIDTH), NOTHING, dtype=np.int32)
    _fill(folded, out)
    return out


def pack(weights: NDArray[np.int8]) -> NDArray[np.uint64]:
    """Lay the rows of `weights` (BUCKETS, columns) for `sums`: shape (blocks of 16 columns, BUCKETS, 2 words).

    A word holds eight columns, a byte each and raised by 128, so that a row is small enough to stay near the processor. Its
    even and its odd bytes, spread over lanes of 16 bits, are added four at a time, and stay exact for as many rows as a lane holds.
    """
    blocks = -(-weights.shape[1] // _BLOCK)
    columns = np.zeros((len(weights), blocks * _BLOCK), dtype=np.uint8)
    columns[:, : weights.shape[1]] = weights.astype(np.int16) + 128
    return np.ascontiguousarray(columns.view("<u8").astype(np.uint64).reshape(len(weights), blocks, _WORDS).transpose(1, 0, 2))


def sums(folded: NDArray[np.uint32], bounds: NDArray[np.int64], packed: NDArray[np.uint64], columns: int) -> NDArray[np.int64]:
    """Sum of the rows of weights over the features of each span between consecutive `bounds`, and how many features there are.

    Shape (spans, columns + 1). The same as a sparse matrix of feature counts times the weights, without making either.
    """
    out = np.zeros((len(bounds) - 1, columns + 1), dtype=np.int64)
    mixed = _mixed(folded)
    for block in range(len(packed)):
        _sum(folded, mixed, bounds, packed[block], out[:, block * _BLOCK : min((block + 1) * _BLOCK, columns)], out[:, columns])
    return out


@compiled
def _bucket(hashed: np.uint32, kind: int) -> np.uint32:
    mixed = np.uint32((hashed ^ _KINDS[kind]) * _MIX)
    mixed = np.uint32((mixed ^ (mixed >> _HALF)) * _STIR)
    return mixed >> _SHIFT


@compiled
def _mixed(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Hash of each position's 1-gram. Heads take every digit for 0 and a line break for a space."""
    out = np.empty(len(codes), np.uint32)
    for at in range(len(codes)):
        code = codes[at]
        if 0x30 <= code <= 0x39:
            code = np.uint32(0x30)
        elif code == 0x0A:
            code = np.uint32(0x20)
        out[at] = code * _MIX
    return out


@compiled
def _longer(hashed: np.uint32, mixed: np.uint32) -> np.uint32:
    """Hash of an n-gram that goes on with the character that `mixed` stands for."""
    return np.uint32(np.uint32(hashed * _PRIME) ^ mixed)


@compiled
def _letter(code: int) -> bool:
    """Part of a Latin word: a Latin letter or an apostrophe."""
    return (0x61 <= code <= 0x7A) or code == 0x27 or (0xDF <= code <= 0x24F and code != 0xF7)


@compiled
def _word(codes: NDArray[np.uint32], at: int) -> tuple[np.uint32, int]:
    """(hash, end) of the Latin word that starts at `at`."""
    end, spelled, power = at, np.uint32(0), np.uint32(1)
    while end < len(codes) and _letter(codes[end]):
        if end - at <= _LONGEST:
            power = np.uint32(power * _PRIME)
        spelled = np.uint32(spelled + np.uint32(codes[end] * power))
        end += 1
    return spelled, end


@compiled
def _pair(before: np.uint32, word: np.uint32) -> np.uint32:
    return np.uint32(np.uint32(before * _PRIME) ^ word)


@compiled
def _fill(codes: NDArray[np.uint32], out: NDArray[np.int32]) -> None:
    last, last_end, mixed = np.uint32(0), _NEVER, _mixed(codes)
    for at in range(len(codes)):
        code = codes[at]
        if code == SEPARATOR:
            last_end = _NEVER
            continue
        hashed = mixed[at]
        if code != 0x20 and code != 0x0A:
            out[at, 0] = _bucket(hashed, 1)
        for order in range(1, min(ORDERS, len(codes) - at)):
            if codes[at + order] == SEPARATOR:
                break
            hashed = _longer(hashed, mixed[at + order])
            out[at, order] = _bucket(hashed, order + 1)
        if _letter(code) and (at == 0 or not _letter(codes[at - 1])):
            word, end = _word(codes, at)
            out[at, ORDERS] = _bucket(word, ORDERS + 1)
            if at - last_end <= 2:
                out[at, ORDERS + 1] = _bucket(_pair(last, word), ORDERS + 2)
            last, last_end = word, end


@compiled
def _sum(
    codes: NDArray[np.uint32],
    mixed: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    table: NDArray[np.uint64],
    out: NDArray[np.int64],
    features: NDArray[np.int64],
) -> None:
    """Add up `table` (BUCKETS, 2) over the features that `_fill` writes; orders are written out, for a loop would cost four times as much."""
    last, last_end, length = np.uint32(0), _NEVER, len(codes)
    for span in range(len(bounds) - 1):
        sums, held, all_held = _EMPTY, 0, 0
        for at in range(bounds[span], bounds[span + 1]):
            code = codes[at]
            if code == SEPARATOR:
                last_end = _NEVER
                continue
            hashed = mixed[at]
            if code != 0x20 and code != 0x0A:
                sums, held = _add(sums, table, _bucket(hashed, 1)), held + 1
            if at + 1 < length and codes[at + 1] != SEPARATOR:
                hashed = _longer(hashed, mixed[at + 1])
                sums, held = _add(sums, table, _bucket(hashed, 2)), held + 1
                if at + 2 < length and codes[at + 2] != SEPARATOR:
                    hashed = _longer(hashed, mixed[at + 2])
                    sums, held = _add(sums, table, _bucket(hashed, 3)), held + 1
                    if at + 3 < length and codes[at + 3] != SEPARATOR:
                        sums, held = _add(sums, table, _bucket(_longer(hashed, mixed[at + 3]), 4)), held + 1
            if _letter(code) and (at == 0 or not _letter(codes[at - 1])):
                word, end = _word(codes, at)
                sums, held = _add(sums, table, _bucket(word, 5)), held + 1
                if at - last_end <= 2:
                    sums, held = _add(sums, table, _bucket(_pair(last, word), 6)), held + 1
                last, last_end = word, end
            if held > _FULL - WIDTH:
                _spread(sums, held, out[span])
                sums, held, all_held = _EMPTY, 0, all_held + held
        _spread(sums, held, out[span])
        features[span] = all_held + held


@compiled
def _add(
    sums: tuple[np.uint64, np.uint64, np.uint64, np.uint64], table: NDArray[np.uint64], row: np.uint32
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    low, high = table[row, 0], table[row, 1]
    return (
        sums[0] + (low & _EVEN),
        sums[1] + ((low >> np.uint64(8)) & _EVEN),
        sums[2] + (high & _EVEN),
        sums[3] + ((high >> np.uint64(8)) & _EVEN),
    )


@compiled
def _spread(sums: tuple[np.uint64, np.uint64, np.uint64, np.uint64], held: int, out: NDArray[np.int64]) -> None:
    """Add the lanes of four words, of `held` rows, to the columns of `out`."""
    for column in range(len(out)):
        word = sums[2 * (column // _BYTES) + column % 2]
        lane = (word >> np.uint64(16 * (column % _BYTES // 2))) & np.uint64(0xFFFF)
        out[column] += np.int64(lane) - 128 * held
