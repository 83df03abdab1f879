"""Hashed character n-grams and words of a whole batch, as one index array: what every head reads.

Each position of the batch carries `WIDTH` bucket numbers: the 1-, 2-, 3- and 4-gram that start there and, where a Latin
word starts, that word and the pair it makes with the word before. Positions lie end to end, so the buckets of any
span of positions are one contiguous run: a clause or a text is a row of a CSR matrix without any copying.

Feature hashing: Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import LINE, SEPARATOR, squash_digits

BITS = 18
BUCKETS = 1 << BITS
NOTHING = BUCKETS
"""The bucket of a position without such an n-gram; heads hold a zero row there."""
WIDTH = 6
ORDERS = 4

_PRIME = np.uint32(0x01000193)
_MIX = np.uint32(0x9E3779B1)


def _bucket(hashes: NDArray[np.uint32], kind: int) -> NDArray[np.int32]:
    mixed = (hashes ^ np.uint32(kind * 0x85EBCA6B & 0xFFFFFFFF)) * _MIX
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    return (mixed >> np.uint32(32 - BITS)).astype(np.int32)


def buckets(folded: NDArray[np.uint32]) -> NDArray[np.int32]:
    """Bucket numbers of each position; shape (L, WIDTH), `NOTHING` where an n-gram would cross a text's end."""
    codes = squash_digits(np.where(folded == LINE, np.uint32(32), folded))  # heads know a line break as a space
    length = len(codes)
    out = np.full((length, WIDTH), NOTHING, dtype=np.int32)
    if not length:
        return out
    blocked = codes == SEPARATOR
    hashes = codes * _MIX
    out[:, 0] = np.where(blocked | (codes == 32), NOTHING, _bucket(hashes, 1))
    for order in range(2, ORDERS + 1):
        size = length - order + 1
        if size <= 0:
            break
        hashes = hashes[:size] * _PRIME ^ codes[order - 1 :] * _MIX
        blocked = blocked[:size] | (codes[order - 1 :] == SEPARATOR)
        out[:size, order - 1] = np.where(blocked, NOTHING, _bucket(hashes, order))
    _add_words(codes, out)
    return out


def is_latin(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Letters of the Latin script (basic, Latin-1 and Extended-A/B), after folding."""
    return np.asarray(((codes >= 0x61) & (codes <= 0x7A)) | ((codes >= 0xDF) & (codes <= 0x24F) & (codes != 0xF7)))


def _add_words(codes: NDArray[np.uint32], out: NDArray[np.int32]) -> None:
    """Fill the word columns of `out` at the first position of each Latin word."""
    latin = is_latin(codes) | (codes == 0x27)
    edges = np.diff(np.concatenate([[0], latin.view(np.int8), [0]]))
    begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    if not len(begins):
        return
    positions = _positions_in_word(begins, len(codes))
    powers = np.cumprod(np.full(64, _PRIME, dtype=np.uint32), dtype=np.uint32)
    letters = np.where(latin, codes * powers[np.minimum(positions, 63)], np.uint32(0))
    totals = np.cumsum(letters, dtype=np.uint32)
    words = totals[ends - 1] - np.where(begins > 0, totals[np.maximum(begins, 1) - 1], np.uint32(0))
    out[begins, 4] = _bucket(words, 5)
    near = np.flatnonzero((begins[1:] - ends[:-1]) <= 2) + 1
    if len(near):
        crossing = np.array(np.cumsum(codes == SEPARATOR), dtype=np.int64)
        near = near[crossing[begins[near]] == crossing[begins[near - 1]]]
        out[begins[near], 5] = _bucket(words[near - 1] * _PRIME ^ words[near], 6)


def _positions_in_word(begins: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """Distance of each position from the last word begin at or before it (0 before the first)."""
    last = np.zeros(length, dtype=np.int64)
    last[begins] = begins
    return np.arange(length) - np.maximum.accumulate(last)
