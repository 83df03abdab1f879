"""The compiled loops give what the plain definitions give, on any text."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from huiyin.text import ngrams
from huiyin.text.codepoints import SEPARATOR, encode, fold, replaced
from huiyin.text.duplicates import _MULTIPLIERS, _OFFSETS, HASHES, sign
from huiyin.text.phrases import PhraseFinder

LETTERS = "不好错a b'é1。\n😀 \u200b"
TEXT = st.text(alphabet=LETTERS, max_size=30)
WEIGHTS = np.random.default_rng(7).integers(-127, 128, (ngrams.BUCKETS, 19)).astype(np.int8)


def is_latin(character: str) -> bool:
    return "a" <= character <= "z" or character == "é"


def longest_phrases(phrases: list[str], text: str) -> list[tuple[int, int]]:
    """Leftmost, longest, without overlap, Latin words whole: by trying everything."""
    found, at = [], 0
    while at < len(text):
        ends = [
            at + len(phrase)
            for phrase in phrases
            if phrase
            and text.startswith(phrase, at)
            and not (at and is_latin(text[at]) and is_latin(text[at - 1]))
            and not (at + len(phrase) < len(text) and is_latin(phrase[-1]) and is_latin(text[at + len(phrase)]))
        ]
        if ends:
            found.append((at, max(ends)))
        at = max(ends, default=at + 1)
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(alphabet="不好错ab é", max_size=4), max_size=6), TEXT)
def test_phrases_are_those_that_trying_everything_finds(phrases: list[str], text: str) -> None:
    folded = fold(encode([text]))
    hits = PhraseFinder(phrases).find(folded)
    assert list(zip(hits.start.tolist(), hits.end.tolist(), strict=True)) == longest_phrases(phrases, folded.joined()[:-1])


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=5))
def test_sums_are_those_of_a_sparse_product(texts: list[str]) -> None:
    folded = fold(encode(texts))
    buckets = ngrams.buckets(folded.codes)
    counts = csr_array((np.ones(buckets.size), buckets.ravel(), folded.starts * ngrams.WIDTH), shape=(len(texts), ngrams.BUCKETS + 1))[:, :-1]
    sums = ngrams.sums(folded.codes, folded.starts, ngrams.pack(WEIGHTS), WEIGHTS.shape[1])
    assert np.array_equal(sums[:, :-1], (counts @ WEIGHTS.astype(np.int64)).astype(np.int64))
    assert np.array_equal(sums[:, -1], counts.sum(axis=1).astype(np.int64))


def test_sums_stay_exact_beyond_what_a_lane_holds() -> None:
    folded = fold(encode(["好" * 100_000]))
    for weight in (127, -127):
        packed = ngrams.pack(np.full((ngrams.BUCKETS, 3), weight, dtype=np.int8))
        sums = ngrams.sums(folded.codes, folded.starts, packed, 3)
        assert sums[0].tolist() == [weight * sums[0, -1]] * 3 + [4 * 100_000 - 6]


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=4))
def test_signatures_are_the_least_hashes_of_all_shingles(texts: list[str]) -> None:
    folded = fold(encode(texts))
    signatures = sign(folded)
    for row, text in enumerate(folded.joined().split(chr(SEPARATOR))[:-1]):
        letters = [ord(one) for one in text if one in "不好错ab1é"]
        assert signatures.letters[row] == len(letters)
        shingles = []
        for a, b, c in zip(letters, letters[1:], letters[2:], strict=False):
            shingle = (((a * 0x01000193 & 0xFFFFFFFF) ^ b) * 0x01000193 & 0xFFFFFFFF) ^ c
            shingles.append(shingle ^ shingle >> 15)
        for one in range(0, HASHES, 7):
            least = min(((s * int(_MULTIPLIERS[one]) + int(_OFFSETS[one])) & 0xFFFFFFFF for s in shingles), default=0xFFFFFFFF)
            assert signatures.minhash[row, one] == least >> 8 & 0xFFFF


@given(st.lists(TEXT, max_size=6), st.data())
def test_texts_replaced_in_place_are_as_if_laid_anew(texts: list[str], data: st.DataObject) -> None:
    rows = sorted(data.draw(st.sets(st.integers(0, max(len(texts) - 1, 0)), max_size=len(texts))))
    others = [data.draw(TEXT) for _ in rows]
    wanted = list(texts)
    for row, other in zip(rows, others, strict=True):
        wanted[row] = other
    stitched, anew = replaced(encode(texts), rows, encode(others)), encode(wanted)
    assert np.array_equal(stitched.codes, anew.codes) and np.array_equal(stitched.starts, anew.starts)


@pytest.mark.parametrize("count", [0, 1, 7])
def test_nothing_to_read_is_no_trouble(count: int) -> None:
    folded = fold(encode([""] * count))
    assert len(sign(folded).exact) == count
    assert ngrams.sums(folded.codes, folded.starts, ngrams.pack(WEIGHTS), 19).shape == (count, 20)
    assert len(PhraseFinder(["好"]).find(folded)) == 0
