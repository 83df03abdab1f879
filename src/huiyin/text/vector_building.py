"""Rebuild the word vectors: `OMP_NUM_THREADS=1 python -m huiyin.text.vector_building --data FOLDER`. Needs the data sets.

Reads the texts of every shared Chinese set that does not forbid it, never a label. One thread gives the same file again.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import rjieba
from numpy.typing import NDArray
from scipy.sparse import csr_array

from huiyin.text.codepoints import fold_texts
from huiyin.text.datasets import rows
from huiyin.text.vectors import LONGEST, STEPS

WORDS = 24_000
DIMENSIONS = 128
KINDS = 4000
"""Groups of words that mean much the same."""
WINDOW = 5
SMOOTHING = 0.75
_RARE = 3e-4
"""A word of this share of all words weighs half."""
_WORD = re.compile(rf"[\u3400-\u9fff]{{1,{LONGEST}}}|[a-z][a-z0-9]{{1,20}}")
COLUMNS = (
    ("zh_sentiment_online_shopping/online_shopping_10_cats", ("review",)),
    ("zh_sentiment_hotel/ChnSentiCorp_htl_all", ("review",)),
    ("zh_sentiment_nlpcc14/train", ("review",)),
    ("zh_ecommerce_asqp/laptop_unlabelled", ("Reviews",)),
    ("zh_ecommerce_asqp/makeup_reviews", ("Reviews",)),
    ("zh_appstore_smarthome/reviews", ("title", "content")),
    ("zh_gov_hotline/messages_votes", ("title", "content")),
    ("zh_gov_hotline/messages_replies", ("title", "content")),
    ("zh_gov_hotline/messages_unlabelled", ("title", "content")),
    ("zh_faq_pairs_atec/pairs", ("query0",)),
    ("zh_faq_pairs_atec/pairs", ("query1",)),
    ("zh_weibo_emotion_smp2020/train", ("content",)),
    ("zh_tourism_reviews/texts_by_year_2018_2021", ("text",)),
    ("zh_car_bdci2018/train", ("content",)),
    ("zh_car_bdci2018/unlabelled", ("content",)),
    ("zh_car_complaints/complaints", ("desc",)),
    ("zh_bank_comments_df529/train", ("text",)),
    ("zh_phone_reviews_dated/reviews", ("content",)),
    ("zh_restaurant_asap_sample/sample", ("reviewbody",)),
)
"""Files and their columns of text."""


def texts(data: Path) -> Iterator[str]:
    """Every text that vectors may be learnt from."""
    for name, columns in COLUMNS:
        for row in rows(data, name):
            yield "\n".join(row[column] or "" for column in columns).split("------")[0]
    for name in ("train", "valid"):
        with gzip.open(data / f"zh_phone_dialogue_diaasq/{name}.json.gz", "rt", encoding="utf-8") as file:
            yield from ("\n".join(said.replace(" ", "") for said in dialogue["sentences"]) for dialogue in json.load(file))


def learn(said: Sequence[str], words: int = WORDS, dimensions: int = DIMENSIONS) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
    """(words, vectors of length 1, weights 0..1) from texts, each counted once however often it comes."""
    pieces = [rjieba.cut(text) for text in dict.fromkeys(fold_texts(said))]
    counts = Counter(word for one in pieces for word in one if _WORD.fullmatch(word))
    vocabulary = sorted(counts, key=lambda word: (-counts[word], word))[:words]
    row = {word: at for at, word in enumerate(vocabulary)}
    # Texts lie end to end with a gap that no window spans.
    flat = np.array([row.get(word, -1) for one in pieces for word in (*one, *("",) * WINDOW)], dtype=np.int32)
    near = _together(flat, len(vocabulary))
    vectors = _reduced(_information(near), min(dimensions, len(vocabulary) - 1))
    share = np.array([counts[word] for word in vocabulary]) / sum(counts.values())
    return vocabulary, vectors, _RARE / (_RARE + share)


def _together(flat: NDArray[np.int32], size: int) -> csr_array:
    """How often two words stand near each other, by 1/√distance; symmetric."""
    found = csr_array((size, size))
    for distance in range(1, WINDOW + 1):
        first, second = flat[:-distance], flat[distance:]
        known = (first >= 0) & (second >= 0)
        found = found + csr_array((np.full(int(known.sum()), distance**-0.5), (first[known], second[known])), (size, size))
    return csr_array(found + found.T)


def _information(near: csr_array) -> csr_array:
    table = near.tocoo()
    rows, columns = table.coords
    total = np.asarray(near.sum(axis=1)).ravel()
    smoothed = total**SMOOTHING
    value = np.log(table.data * smoothed.sum() / (total[rows] * smoothed[columns]))
    kept = value > 0
    return csr_array((value[kept], (rows[kept], columns[kept])), near.shape)


def _reduced(matrix: csr_array, dimensions: int) -> NDArray[np.float64]:
    from sklearn.utils.extmath import randomized_svd

    left, strength, _right = randomized_svd(matrix, dimensions, n_iter=4, random_state=0)
    vectors = left * np.sqrt(strength)
    vectors -= vectors.mean(axis=0)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def kinds(vectors: NDArray[np.float64], count: int = KINDS) -> NDArray[np.int64]:
    """Which group of like words each belongs to, by k-means; shape (V,)."""
    from sklearn.cluster import KMeans

    found = KMeans(min(count, len(vectors)), n_init=1, max_iter=12, random_state=0, algorithm="lloyd").fit(vectors.astype(np.float32))
    return np.asarray(found.labels_, dtype=np.int64)


def save(target: Path, words: Sequence[str], vectors: NDArray[np.float64], weight: NDArray[np.float64], kind: NDArray[np.int64]) -> None:
    """Write the file that `vectors.load` reads: int8 steps of each row's largest number."""
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-12)
    np.savez_compressed(
        target,
        words=np.frombuffer("\n".join(words).encode(), np.uint8),
        steps=np.rint(vectors / largest * STEPS).astype(np.int8),
        weight=np.rint(weight * 255).astype(np.uint8),
        kind=kind.astype(np.uint16),
    )


def main() -> int:
    """Command line: learn, write, say how many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data" / "words.npz")
    options = parser.parse_args()
    words, vectors, weight = learn(list(texts(options.data)))
    save(options.out, words, vectors, weight, kinds(vectors))
    sys.stdout.write(f"{len(words)} words, {vectors.shape[1]} dimensions, {options.out.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
