"""Exact and near duplicates: MinHash signatures of a batch in one pass, then banded matching over the whole corpus.

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
from huiyin.text.compiled import compiled

HASHES = 32
BAND = 4
SAME = 26
"""Of 32 hashes, so many must agree: an estimated resemblance of about 0.8."""
MINIMUM_CHARACTERS = 12
"""Shorter texts (好用, 还不错) are said by many people independently and are no duplicates of each other."""

FLOOD = 5
FLOOD_CHARACTERS = 20
"""Where so many different people say the same, at such length, somebody wrote it for them."""

_GENERATOR = np.random.default_rng(20240229)
_MULTIPLIERS = (_GENERATOR.integers(1, 2**31, HASHES, dtype=np.uint64) * 2 + 1).astype(np.uint32)
_OFFSETS = _GENERATOR.integers(0, 2**32, HASHES, dtype=np.uint64).astype(np.uint32)
_PRIME = np.uint32(0x01000193)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_STIR = np.uint64(0xBF58476D1CE4E5B9)
_NO_SHINGLE = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Signatures:
    """`exact` (N,) uint64 hash of the letters of a text; `minhash` (N, 32) uint16; `letters` (N,) how many it has."""

    exact: NDArray[np.uint64]
    minhash: NDArray[np.uint16]
    letters: NDArray[np.int64]


def sign(folded: CodePoints) -> Signatures:
    """Signatures of a batch, from letters and digits only: punctuation, spaces and emoji make no difference."""
    count = len(folded)
    signatures = Signatures(np.zeros(count, np.uint64), np.zeros((count, HASHES), np.uint16), np.zeros(count, np.int64))
    _sign(folded.codes, folded.starts, _MULTIPLIERS, _OFFSETS, signatures.exact, signatures.minhash, signatures.letters)
    return signatures


@compiled
def _solid(code: int) -> bool:
    if code < 0x80:
        return 0x61 <= code <= 0x7A or 0x30 <= code <= 0x39
    return 0x3400 <= code < 0xD7B0 or 0xC0 <= code < 0x2000 or 0x20000 <= code < 0x30000


@compiled
def _sign(
    codes: NDArray[np.uint32],
    starts: NDArray[np.int64],
    multipliers: NDArray[np.uint32],
    offsets: NDArray[np.uint32],
    exact: NDArray[np.uint64],
    minhash: NDArray[np.uint16],
    letters: NDArray[np.int64],
) -> None:
    """Per text: a hash of its letters and their places, the least of each hash over its shingles of three, its letters."""
    least = np.empty(HASHES, np.uint32)
    for text in range(len(starts) - 1):
        least[:] = _NO_SHINGLE
        count, before, last = 0, np.uint32(0), np.uint32(0)
        whole = np.uint64(0)
        for at in range(starts[text], starts[text + 1]):
            code = codes[at]
            end = code == SEPARATOR
            if not end and not _solid(code):
                continue
            mixed = (np.uint64(code) + np.uint64(1)) * ((np.uint64(count) * _GOLDEN) | np.uint64(1))
            whole += (mixed ^ (mixed >> np.uint64(29))) * _STIR
            if end:
                break
            count += 1
            if count >= 3:
                shingle = np.uint32(np.uint32(np.uint32(np.uint32(before * _PRIME) ^ last) * _PRIME) ^ code)
                shingle = np.uint32(shingle ^ (shingle >> np.uint32(15)))
                for one in range(HASHES):
                    least[one] = min(least[one], np.uint32(np.uint32(shingle * multipliers[one]) + offsets[one]))
            before, last = last, code
        exact[text], letters[text] = whole, count
        for one in range(HASHES):
            minhash[text, one] = np.uint16((least[one] >> np.uint32(8)) & np.uint32(0xFFFF))


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
