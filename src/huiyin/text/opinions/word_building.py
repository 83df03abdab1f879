"""Rebuild the word list: `python -m huiyin.text.opinions.word_building --data FOLDER`. Needs the data sets.

Only unlabelled text is read. rjieba proposes words; the list is the common ones. Each word gets a vector: positive pointwise
mutual information of the words on its left and on its right, reduced by a truncated singular value decomposition (Levy &
Goldberg, NIPS 2014; Levy, Goldberg & Dagan, TACL 2015); k-means on the unit vectors gives classes, coarse and fine.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rjieba
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, diags_array, hstack

from huiyin.text.codepoints import encode, fold, fold_texts
from huiyin.text.compiled import compiled
from huiyin.text.cues import opinion_cues
from huiyin.text.datasets import rows
from huiyin.text.opinions import words
from huiyin.text.taxonomy import PACKS
from huiyin.text.taxonomy import load as load_taxonomy

VERSION = "2026.11"
SOURCES = {
    "zh_ecommerce_asqp/laptop_unlabelled": ("Reviews",),
    "zh_ecommerce_asqp/makeup_reviews": ("Reviews",),
    "zh_sentiment_online_shopping/online_shopping_10_cats": ("review",),
    "zh_sentiment_nlpcc14/train": ("review",),
    "zh_sentiment_hotel/ChnSentiCorp_htl_all": ("review",),
    "zh_appstore_smarthome/reviews": ("title", "content"),
    "zh_bank_comments_df529/train": ("text",),
    "zh_car_bdci2018/train": ("content",),
    "zh_weibo_emotion_smp2020/train": ("content",),
    "zh_restaurant_asap_sample/sample": ("reviewbody",),
    "zh_phone_reviews_dated/reviews": ("content",),
    "zh_tourism_reviews/reviews_2018_2019": ("content",),
}
"""Files and columns of text; sets marked for research only are not among them."""
LEAST = 6
CONTEXTS = 3000
DIMENSIONS = 128
CLASSES = (32, 128, 640)
_HAN = re.compile(r"[\u3400-\u9fff]+|[a-z]+")


def texts(data: Path) -> Iterator[str]:
    """Every text, once."""
    seen: set[str] = set()
    for name, columns in SOURCES.items():
        for row in rows(data, name):
            text = "\n".join(row[column] or "" for column in columns)
            if text not in seen:
                seen.add(text)
                yield text


def counted(folded: list[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Words that occur at least `LEAST` times, commonest first, and how often; single characters too."""
    counts: collections.Counter[str] = collections.Counter()
    for text in folded:
        for word in rjieba.cut(text):
            if _HAN.fullmatch(word) and len(word) <= 8:
                counts[word] += 1
    kept = sorted(((word, count) for word, count in counts.items() if count >= LEAST), key=lambda one: (-one[1], one[0]))
    return [word for word, _ in kept], np.array([count for _, count in kept], dtype=np.int64)


@compiled
def _sequence(word: NDArray[np.int32], start: NDArray[np.int32], codes: NDArray[np.uint32], wall: int) -> NDArray[np.int32]:
    """Words in reading order; `wall` stands for an edge: punctuation, an unknown word, the end of a text."""
    out = np.empty(len(word) + 1, np.int32)
    count = 0
    for at in range(len(word)):
        if start[at] == at:
            number = word[at] if word[at] >= 0 else wall
            if number != wall or count == 0 or out[count - 1] != wall:
                out[count], count = number, count + 1
    return out[:count]


def vectors(sequence: NDArray[np.int32], size: int) -> NDArray[np.float32]:
    """Unit vectors of the words, shape (size, DIMENSIONS): PPMI of neighbours, each of four places apart, then a truncated SVD."""
    parts = []
    context = np.minimum(sequence, CONTEXTS)
    context = np.where(sequence == size, CONTEXTS + 1, context)
    for step in (-2, -1, 1, 2):
        if step < 0:
            rows, columns = sequence[-step:], context[:step]
        else:
            rows, columns = sequence[:-step], context[step:]
        keep = rows < size
        shape = (size, CONTEXTS + 2)
        pairs = csr_array(coo_array((np.ones(int(keep.sum()), np.float32), (rows[keep], columns[keep])), shape=shape))
        pairs.sum_duplicates()
        parts.append(_ppmi(pairs) * (1.0 if abs(step) == 1 else 0.6))
    matrix = csr_array(hstack(parts))
    random = np.random.default_rng(1)
    basis = np.linalg.qr(matrix @ random.standard_normal((matrix.shape[1], DIMENSIONS + 20)).astype(np.float32))[0]
    for _ in range(3):
        basis = np.linalg.qr(matrix @ (matrix.T @ basis))[0]
    left, values, _ = np.linalg.svd((matrix.T @ basis).T, full_matrices=False)
    found = (basis @ left)[:, :DIMENSIONS] * np.sqrt(values[:DIMENSIONS])
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _ppmi(pairs: csr_array) -> csr_array:
    total = pairs.sum()
    rows = np.asarray(pairs.sum(axis=1)).ravel()
    columns = np.asarray(pairs.sum(axis=0)).ravel() ** 0.75
    columns *= total / columns.sum()
    out = csr_array(diags_array(1.0 / np.maximum(rows, 1)) @ pairs @ diags_array(total / np.maximum(columns, 1e-9)))
    out.data = np.maximum(np.log(np.maximum(out.data, 1e-9)), 0).astype(np.float32)
    # A word seen a few times has neighbours by chance.
    return csr_array(diags_array((rows / (rows + 3.0)).astype(np.float32)) @ out)


def clustered(points: NDArray[np.float32], counts: NDArray[np.int64], k: int) -> NDArray[np.int16]:
    """Classes 1..k by k-means on unit vectors, each word weighing by the root of its count."""
    from sklearn.cluster import KMeans

    fitted = KMeans(k, n_init=1, random_state=k, max_iter=40).fit(points, sample_weight=np.sqrt(counts))
    return np.asarray(fitted.labels_ + 1, dtype=np.int16)


def listed(known: list[str]) -> NDArray[np.int16]:
    """What Huiyin's own lists say of each word: 1 + polarity class (0 none, 1 bad, 2 good, 3 degree, 4 negator, 5 turn) + 6 if taxonomies name it.

    A word that stands inside a taxonomy's longer name (开机 in 开机速度) counts as named.
    """
    lists = opinion_cues()
    kind = np.select([lists.value < 0, lists.value > 0, lists.degree > 0, lists.negates, lists.turns], [1, 2, 3, 4, 5], 0)
    cues = dict(zip(lists.finder.phrases, kind.tolist(), strict=True))
    seeds = {seed for pack in PACKS for aspect in load_taxonomy(pack).aspects for seed in fold_texts(aspect.seeds)}
    named = seeds | {word for seed in seeds for word in rjieba.cut(seed) if len(word) > 1}
    return np.array([1 + cues.get(word, 0) + 6 * (word in named) for word in known], dtype=np.int16)


def build(data: Path, target: Path) -> dict[str, object]:
    """Write the word list to `target`; return what the model card needs."""
    folded = fold_texts(list(texts(data)))
    known, counts = counted(folded)
    cost = np.minimum(np.rint(-100 * np.log(counts / counts.sum())), words.UNKNOWN_COST - 1).astype(np.int32)
    points = fold(encode(folded))
    cutter = words.Words.laid(known, cost, np.zeros((len(known), 1), np.int16), VERSION)
    cut = cutter.cut(points.codes)
    sequence = _sequence(cut.word, cut.start, points.codes, len(known))
    found = vectors(sequence, len(known))
    occurring = np.bincount(sequence, minlength=len(known) + 1)[: len(known)] + 1
    classes = np.stack([clustered(found, occurring, k) for k in CLASSES], axis=1)
    classes = np.concatenate([classes, listed(known)[:, None]], axis=1)
    version = f"{VERSION}-{zlib.crc32(classes.tobytes()):08x}"
    words.Words(known, cutter.trie, cost, classes, version).save(target)
    return {"version": version, "texts": len(folded), "characters": sum(map(len, folded)), "words": len(known), "bytes": target.stat().st_size}


def main() -> int:
    """Command line: build and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "data" / "opinion_words.npz")
    options = parser.parse_args()
    sys.stdout.write(json.dumps(build(options.data, options.out), ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
