"""Exact and near duplicates: MinHash signatures of a batch as arrays, then banded matching over the whole corpus.

Broder, "On the resemblance and containment of documents", 1997; 16-bit signatures after Li & König, "b-Bit Minwise
Hashing", WWW 2010; banding as in Leskovec, Rajaraman & Ullman, "Mining of Massive Datasets", chapter 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from huiyin.text.codepoints import SEPARATOR, CodePoints

HASHES = 32
BAND = 4
SAME = 26
"""Of 32 hashes, so many must agree: an estimated resemblance of about 0.8."""
MINIMUM_CHARACTERS = 12
"""Shorter texts (好用, 还不错) are said by many people independently and are no duplicates of each other."""

_GENERATOR = np.random.default_rng(20240229)
_MULTIPLIERS = (_GENERATOR.integers(1, 2**31, HASHES, dtype=np.uint64) * 2 + 1).astype(np.uint32)
_OFFSETS = _GENERATOR.integers(0, 2**32, HASHES, dtype=np.uint64).astype(np.uint32)


@dataclass(frozen=True, slots=True)
class Signatures:
    """`exact` (N,) uint64 hash of the letters of a text; `minhash` (N, 32) uint16; `letters` (N,) how many it has."""

    exact: NDArray[np.uint64]
    minhash: NDArray[np.uint16]
    letters: NDArray[np.int64]


def sign(folded: CodePoints) -> Signatures:
    """Signatures of a batch, from letters and digits only: punctuation, spaces and emoji make no difference."""
    codes = folded.codes
    solid = ((codes >= 0x3400) & (codes < 0xD7B0)) | ((codes >= 0x61) & (codes <= 0x7A)) | ((codes >= 0x30) & (codes <= 0x39))
    solid |= ((codes >= 0xC0) & (codes < 0x2000)) | (codes >= 0x20000) & (codes < 0x30000)
    count = len(folded)
    # One separator is kept for every text, so that no text is empty to reduceat.
    kept = solid | (codes == SEPARATOR)
    compact = codes[kept]
    starts = np.concatenate([[0], np.cumsum(kept)])[folded.starts]
    letters = np.diff(starts) - 1
    if not count:
        return Signatures(np.zeros(0, np.uint64), np.zeros((0, HASHES), np.uint16), letters)
    powers = np.arange(len(compact), dtype=np.uint64) - np.repeat(starts[:-1], np.diff(starts)).astype(np.uint64)
    mixed = (compact.astype(np.uint64) + np.uint64(1)) * ((powers * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1))
    mixed ^= mixed >> np.uint64(29)
    exact = np.add.reduceat(mixed * np.uint64(0xBF58476D1CE4E5B9), starts[:-1])
    return Signatures(exact, _minhash(compact, starts), letters)


def _minhash(compact: NDArray[np.uint32], starts: NDArray[np.int64]) -> NDArray[np.uint16]:
    second = np.append(compact[1:], 0)
    third = np.append(compact[2:], [0, 0])[: len(compact)]
    shingles = (compact * np.uint32(0x01000193) ^ second) * np.uint32(0x01000193) ^ third
    shingles ^= shingles >> np.uint32(15)
    # Shingles that reach over the end of a text belong to no text.
    separators = compact == SEPARATOR
    over = separators | np.append(separators[1:], True) | np.append(separators[2:], [True, True])[: len(compact)]
    out = np.empty((len(starts) - 1, HASHES), dtype=np.uint16)
    for at in range(HASHES):
        hashed = shingles * _MULTIPLIERS[at] + _OFFSETS[at]
        hashed[over] = 0xFFFFFFFF
        out[:, at] = (np.minimum.reduceat(hashed, starts[:-1]) >> np.uint32(8)).astype(np.uint16)
    return out


def group(signatures: Signatures) -> NDArray[np.int64]:
    """A group number for each text; texts of one group are exact or near duplicates.

    Works on the texts in the order of their hashes, so the order of the input changes no group.
    """
    count = len(signatures.exact)
    order = np.argsort(signatures.exact, kind="stable")
    exact, minhash, letters = signatures.exact[order], signatures.minhash[order], signatures.letters[order]
    long = np.flatnonzero(letters >= MINIMUM_CHARACTERS)
    pairs: list[NDArray[np.int64]] = [_neighbours(exact[long], long)]
    for band in range(HASHES // BAND):
        keys = minhash[long, band * BAND : (band + 1) * BAND].copy().view(np.uint64).ravel()
        candidates = _neighbours(keys, long)
        agree = (minhash[candidates[:, 0]] == minhash[candidates[:, 1]]).sum(axis=1)
        pairs.append(candidates[agree >= SAME])
    edges = np.concatenate(pairs)
    graph = coo_array((np.ones(len(edges), dtype=np.int8), (edges[:, 0], edges[:, 1])), shape=(count, count))
    out = np.empty(count, dtype=np.int64)
    out[order] = connected_components(graph, directed=False)[1]
    return out


def _neighbours(keys: NDArray[np.uint64], members: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs (leader, member) of equal keys; the leader is the first of its run. Shape (P, 2)."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]]) if len(keys) else np.zeros(0, bool)
    leader = order[np.maximum.accumulate(np.where(new, np.arange(len(keys)), 0))] if len(keys) else order
    return np.stack([members[leader[~new]], members[order[~new]]], axis=1)
