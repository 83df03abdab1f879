"""How a text leans by what its words mean: each word of the shipped vectors has a number, learnt from what words like it were used for.

The numbers are β · v for word vectors v and the coefficients β of one logistic regression over labelled texts, so that a word no labelled
text held leans as its neighbours do. A text's logit is the sum over its words by √n, in integers: the same in any batch.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huiyin.text import vectors
from huiyin.text.codepoints import CodePoints

_FULL = 32_000


@dataclass(frozen=True, slots=True)
class Leanings:
    """`steps` (V,) int16, one for each word of `vectors.load()`; a logit is `scale · Σ steps / √n + bias`."""

    steps: NDArray[np.int16]
    scale: float
    bias: float

    def sums(self, folded: CodePoints, bounds: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of each span between consecutive `bounds` the sum of its words' steps and how many there are; shape (spans, 2)."""
        hits = vectors.load().find(folded)
        span = np.searchsorted(bounds, hits.start, side="right") - 1
        count = len(bounds) - 1
        steps = np.bincount(span, weights=self.steps[hits.phrase].astype(np.float64), minlength=count)
        return np.stack([steps, np.bincount(span, minlength=count)], axis=1).astype(np.int64)

    def logits(self, sums: NDArray[np.int64]) -> NDArray[np.float64]:
        """Of rows of sums, 0 where no word is known; shape (rows,)."""
        words = sums[:, 1]
        return np.asarray(np.where(words > 0, sums[:, 0] * self.scale / np.sqrt(np.maximum(words, 1)) + self.bias, 0.0))


@functools.cache
def load() -> Leanings:
    """The shipped numbers."""
    with resources.as_file(resources.files("huiyin.text").joinpath("data/sense.npz")) as path, np.load(path, allow_pickle=False) as stored:
        found = Leanings(stored["steps"], float(stored["scale"]), float(stored["bias"]))
    if len(found.steps) != len(vectors.load().words):
        raise ValueError("sense.npz and words.npz are not of one build: run python -m huiyin.text.building")
    return found


def fit(points: CodePoints, side: NDArray[np.bool_], weight: NDArray[np.float64]) -> Leanings:
    """Learn from folded texts and whether each praises; texts count by `weight` (N,)."""
    from scipy.sparse import csr_array
    from sklearn.linear_model import LogisticRegression

    known = vectors.load()
    hits = known.find(points)
    text = points.text_of(hits.start)
    n = np.maximum(np.bincount(text, minlength=len(points)), 1)
    counts = csr_array((known.weight[hits.phrase] / np.sqrt(n)[text], (text, hits.phrase)), shape=(len(points), len(known.words)))
    model = LogisticRegression(C=3.0, max_iter=300, class_weight="balanced").fit(np.asarray(counts @ known.unit), side, sample_weight=weight)
    numbers = (known.unit @ model.coef_[0]) * known.weight
    scale = float(np.abs(numbers).max()) / _FULL
    return Leanings(np.round(numbers / scale).astype(np.int16), scale, float(model.intercept_[0]))


def save(found: Leanings, target: Path) -> None:
    """Write the file that `load` reads."""
    np.savez_compressed(target, steps=found.steps, scale=np.float64(found.scale), bias=np.float64(found.bias))
