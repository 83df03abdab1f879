"""What a trained classifier reads of a text: exact character and word n-grams, weighed, and what its words mean and signal.

Four blocks side by side. `chars` are 1- to 5-grams of folded letters, `words` are rjieba's words and pairs of neighbours, both with
sublinear counts times inverse document frequency and unit length (Salton & Buckley, Information Processing & Management 1988); `sense`
is the mean of the shipped word vectors; `cues` is how much praise, blame, anger, wish … the shipped lists find. N-grams are 64-bit hashes:
in a vocabulary of a million the odds of a single collision are below one in ten million, so there is no vocabulary of strings to keep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import rjieba
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from huiyin.learning.stirring import stirred
from huiyin.learning.teacher import Teacher, Vectors
from huiyin.text import polarity, signals, vectors
from huiyin.text.cleaning import clean_batch
from huiyin.text.codepoints import SEPARATOR, CodePoints, fold
from huiyin.text.compiled import compiled
from huiyin.text.cues import EMOTIONS, INTENT_LISTS, opinion_cues, signal_cues

ORDERS = 5
LEAST_TEXTS = {"chars": 2, "words": 1}
"""In so many texts of the training set an n-gram must occur."""
MOST_GRAMS = 600_000
_SENSE, _CUES = 0.6, 0.25
"""How much the two dense blocks weigh beside the n-gram blocks, which have length 1 each."""
_TAUGHT = 2.5
"""The teacher's vectors stand close together: so much wider, those of a set have about length 1 from its centre."""
_LONGEST = 2_000
"""Of a longer text only so many letters at its start and as many at its end are read."""

Grams = tuple[NDArray[np.uint64], NDArray[np.int64]]
"""Keys of n-grams and the text of each."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The n-grams of one block: `keys` (V,) uint64, sorted; `weight` (V,) inverse document frequencies."""

    keys: NDArray[np.uint64]
    weight: NDArray[np.float64]

    @classmethod
    def of(cls, grams: Grams, texts: int, least: int) -> Vocabulary:
        """All n-grams that occur in at least `least` texts, at most the `MOST_GRAMS` commonest."""
        keys, row = grams
        order = np.lexsort((row, keys))
        keys, row = keys[order], row[order]
        fresh = np.concatenate([[True], (keys[1:] != keys[:-1]) | (row[1:] != row[:-1])]) if len(keys) else np.zeros(0, bool)
        found, count = np.unique(keys[fresh], return_counts=True)
        kept = np.flatnonzero(count >= least)
        if len(kept) > MOST_GRAMS:
            kept = np.sort(kept[np.lexsort((found[kept], -count[kept]))[:MOST_GRAMS]])
        return cls(found[kept], np.log((1 + texts) / (1 + count[kept])) + 1.0)

    def matrix(self, grams: Grams, texts: int) -> csr_array:
        """Rows of length 1 (or 0 where nothing is known); shape (texts, V)."""
        keys, row = grams
        at = np.searchsorted(self.keys, keys)
        at[at == len(self.keys)] = 0
        known = self.keys[at] == keys if len(self.keys) else np.zeros(len(keys), bool)
        at, row = at[known].astype(np.int32), row[known]
        starts = np.searchsorted(row, np.arange(texts + 1)).astype(np.int32)
        found = csr_array((np.ones(len(at)), at, starts), shape=(texts, len(self.keys)))
        found.sum_duplicates()
        found.data = (1.0 + np.log(found.data)) * self.weight[found.indices]
        return _unit_rows(found)


@dataclass(frozen=True, slots=True)
class Features:
    """What was seen in training: the vocabularies of the two n-gram blocks, and the mean of the teacher's vectors where they are read too."""

    chars: Vocabulary
    words: Vocabulary
    centre: Vectors | None = None

    @classmethod
    def of(cls, texts: Sequence[str], taught: Vectors | None = None) -> tuple[Features, list[csr_array]]:
        """The vocabularies of a training set, and its blocks; `taught` are the teacher's vectors of the texts."""
        points = _points(texts)
        chars, words = char_grams(points), word_grams(points)
        grams = Vocabulary.of(chars, len(points), LEAST_TEXTS["chars"]), Vocabulary.of(words, len(points), LEAST_TEXTS["words"])
        made = cls(*grams, None if taught is None else taught.mean(axis=0))
        return made, made._blocks(points, chars, words, taught)

    def blocks(self, texts: Sequence[str]) -> list[csr_array]:
        """The blocks of texts: chars, words, sense, cues, and the teacher's; each of shape (N, its width).

        Raises:
            ModelError: the teacher is to be read and is not installed.
        """
        points = _points(texts)
        taught = None if self.centre is None else Teacher.load().vectors(texts)
        return self._blocks(points, char_grams(points), word_grams(points), taught)

    @property
    def widths(self) -> list[int]:
        """Columns of each block."""
        own = [len(self.chars.keys), len(self.words.keys), vectors.load().steps.shape[1], len(_CUE_NAMES)]
        return own if self.centre is None else [*own, len(self.centre)]

    def _blocks(self, points: CodePoints, chars: Grams, words: Grams, taught: Vectors | None) -> list[csr_array]:
        texts = len(points)
        own = [self.chars.matrix(chars, texts), self.words.matrix(words, texts), csr_array(sense_block(points)), csr_array(_cues(points))]
        return own if taught is None or self.centre is None else [*own, csr_array(_TAUGHT * (taught - self.centre).astype(np.float64))]


def side_by_side(blocks: Sequence[csr_array]) -> csr_array:
    """Blocks as one matrix with 32-bit indices, as scikit-learn's solvers want them."""
    joined = csr_array(hstack(blocks, format="csr"))
    return csr_array((joined.data, joined.indices.astype(np.int32), joined.indptr.astype(np.int32)), shape=joined.shape)


def _points(texts: Sequence[str]) -> CodePoints:
    cut = [text if len(text) <= 2 * _LONGEST else text[:_LONGEST] + "\n" + text[-_LONGEST:] for text in texts]
    return fold(clean_batch(cut)[2])


def _unit_rows(matrix: csr_array) -> csr_array:
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix.data /= np.repeat(np.where(length > 0, length, 1.0), np.diff(matrix.indptr))
    return matrix


def char_grams(points: CodePoints) -> Grams:
    """(keys, text of each), in reading order: every 1- to `ORDERS`-gram within a text."""
    keys = _char_keys(points.codes)
    at = np.flatnonzero(keys.ravel())
    return keys.ravel()[at], points.text_of(at // ORDERS)


def word_grams(points: CodePoints) -> Grams:
    """(keys, text of each): every word and every pair of neighbouring words of a text."""
    pieces = rjieba.cut(points.joined()) if len(points) else []
    ends = np.cumsum(np.fromiter(map(len, pieces), np.int64, len(pieces)))
    keys = _word_keys(points.codes, ends)
    at = np.flatnonzero(keys.ravel())
    last = np.maximum(ends[at // 2] - 1, 0) if len(at) else at
    return keys.ravel()[at], points.text_of(last)


@compiled
def _char_keys(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Keys of the n-grams that start at each position; shape (L, ORDERS), 0 where there is none. All digits are one."""
    out = np.zeros((len(codes), ORDERS), np.uint64)
    for at in range(len(codes)):
        hashed = np.uint64(7)
        for order in range(min(ORDERS, len(codes) - at)):
            code = codes[at + order]
            if code == SEPARATOR:
                break
            if 0x30 <= code <= 0x39:
                code = np.uint32(0x30)
            hashed = stirred(hashed, np.uint64(code))
            if order > 0 or (code != 0x20 and code != 0x0A):
                out[at, order] = hashed
    return out


@compiled
def _word_keys(codes: NDArray[np.uint32], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Key of each word, and of the word with the one before it in the same text; shape (words, 2), 0 where there is none."""
    out = np.zeros((len(ends), 2), np.uint64)
    before, start = np.uint64(0), 0
    for word in range(len(ends)):
        hashed, blank, cut = np.uint64(11), True, False
        for at in range(start, ends[word]):
            code = codes[at]
            if code == SEPARATOR:
                cut = True
            elif code != 0x20 and code != 0x0A:
                blank = False
            hashed = stirred(hashed, np.uint64(code))
        start = ends[word]
        if cut:
            before = np.uint64(0)
        if blank or cut:
            continue
        out[word, 0] = hashed
        if before != 0:
            out[word, 1] = stirred(before, hashed)
        before = hashed
    return out


def sense_block(points: CodePoints) -> NDArray[np.float64]:
    """Weighted mean of the vectors of a text's words, of length `_SENSE`; shape (N, D)."""
    known = vectors.load()
    hits = known.find(points)
    row = points.text_of(hits.start)
    weights = csr_array((known.weight[hits.phrase], (row, hits.phrase)), shape=(len(points), len(known.words)))
    out = np.asarray(weights @ known.unit)
    length = np.sqrt((out * out).sum(axis=1, keepdims=True))
    return np.asarray(_SENSE * out / np.where(length > 0, length, 1.0))


_CUE_NAMES = ("praise", "blame", "balance", "turns", "length", *(f"signal{at}" for at in range(len(INTENT_LISTS) + len(EMOTIONS) - 1)))


def _cues(points: CodePoints) -> NDArray[np.float64]:
    """What the shipped word lists find, rules of negation and degree applied; shape (N, cues), each about 0..1."""
    texts = len(points)
    cues, lists = opinion_cues(), signal_cues()
    _hits, pieces, opinions = polarity.opined(points, cues)
    text = pieces.text[opinions.clause]
    praise = np.bincount(text, weights=np.maximum(opinions.value, 0), minlength=texts)
    blame = np.bincount(text, weights=np.maximum(-opinions.value, 0), minlength=texts)
    turns = np.bincount(pieces.text, weights=pieces.turned, minlength=texts)
    found = lists.finder.find(points)
    counts = signals.gather(found, lists, points.text_of(found.start), texts)
    columns = [np.log1p(praise), np.log1p(blame), np.tanh(praise - blame), np.log1p(turns), np.log1p(points.lengths) / 6.0]
    return np.asarray(_CUES * np.column_stack([*columns, np.log1p(counts)]))
