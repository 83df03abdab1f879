"""Train a linear head from labelled texts. Needs scikit-learn (extra `train`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from huiyin.text import ngrams
from huiyin.text.cleaning import clean
from huiyin.text.codepoints import encode, fold

Fitted = tuple[tuple[str, ...], NDArray[np.float64], NDArray[np.float64]]
"""Classes, coefficients (classes, buckets), intercepts (classes,)."""


def features(texts: Sequence[str]) -> csr_array:
    """Counts of hashed n-grams divided by √n, as heads score them; shape (N, buckets)."""
    points = fold(encode([clean(text).text for text in texts]))
    buckets = ngrams.buckets(points.codes)
    matrix = csr_array(
        (np.ones(buckets.size, dtype=np.float32), buckets.ravel(), points.starts * ngrams.WIDTH),
        shape=(len(texts), ngrams.BUCKETS + 1),
    )
    matrix.sum_duplicates()
    matrix = csr_array(matrix[:, : ngrams.BUCKETS])
    n = np.maximum(np.asarray(matrix.sum(axis=1)).ravel(), 1)
    return csr_array(diags_array((1.0 / np.sqrt(n)).astype(np.float32)) @ matrix)


def fit_head(matrix: csr_array, labels: Sequence[str], classes: Sequence[str], weight: NDArray[np.float64], strength: float = 3.0) -> Fitted:
    """Multinomial logistic regression (L2, inverse strength `strength`) with one weight per row."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=150, tol=1e-3)
    model.fit(matrix, np.asarray(labels), sample_weight=weight)
    order = [list(model.classes_).index(name) for name in classes]
    coefficients, intercepts = model.coef_, model.intercept_
    if len(coefficients) == 1:  # two classes: scikit-learn keeps the difference only
        coefficients, intercepts = np.concatenate([-coefficients, coefficients]) / 2, np.concatenate([-intercepts, intercepts]) / 2
    return tuple(classes), coefficients[order].astype(np.float64), intercepts[order].astype(np.float64)


def balanced(groups: Sequence[str], cap: int) -> NDArray[np.float64]:
    """Row weights that let no group of texts count for more than `cap` rows."""
    names, inverse, counts = np.unique(np.asarray(groups), return_inverse=True, return_counts=True)
    del names
    return np.asarray(np.minimum(1.0, cap / counts)[inverse])
