"""Few labels and many texts without: the teacher learns the labels, reads the other texts, and a linear student learns what it said of them.

Distillation (Hinton et al. 2015) into the n-grams a classifier reads anyway: with a handful of labels n-grams have seen next to nothing,
while the teacher's vectors already know which words mean the same. The student reads at full speed and needs no teacher.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from huiyin.learning.stacking import FOLDS, Matrix, Stacked
from huiyin.learning.teacher import Vectors

LEAST_UNLABELLED = 200
MOST_UNLABELLED = 10_000
FEW = 100
"""Labels a class, in the mean; with more of them the student is no better than learners that read the labels alone."""
_LOUD = 3.0
"""By how much vectors are stretched before the regression: they have length 1 and stand close together."""
_STRENGTH = 10.0
_SOFTEST = 1e-3
_LABELLED = 5.0
"""So much more a text with a label counts."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """`vectors` (N, W) of the labelled texts and `others` (M, W) of the texts without labels, `unlabelled`."""

    unlabelled: list[str]
    vectors: Vectors
    others: Vectors


def fit(matrix: csr_array, lesson: Lesson, indicator: Matrix, folds: NDArray[np.int64]) -> Stacked:
    """A student of `matrix` (N + M, D), whose first rows are the labelled texts; their labels are `indicator` (N, K), each has one."""
    n = len(indicator)
    vectors = np.concatenate([lesson.vectors, lesson.others]).astype(np.float64)
    vectors = _LOUD * (vectors - vectors.mean(axis=0))
    unseen = np.zeros(indicator.shape)
    for part in range(FOLDS):
        out = np.flatnonzero(folds == part)
        if 0 < len(out) < n:
            weights, bias = _student(matrix, vectors, indicator, np.flatnonzero(folds != part))
            unseen[out] = matrix[out] @ weights + bias
    weights, bias = _student(matrix, vectors, indicator, np.arange(n))
    return Stacked(weights, bias, unseen)


def _student(matrix: csr_array, vectors: Matrix, indicator: Matrix, known: NDArray[np.int64]) -> tuple[Matrix, Matrix]:
    """(weights (D, K), biases (K,)) learnt from the `known` rows' labels and from what the teacher says of the unlabelled ones."""
    from sklearn.linear_model import Ridge

    others = np.arange(len(indicator), len(vectors))
    likely = np.concatenate([indicator[known], _teacher(vectors[known], indicator[known], vectors[others])])
    told = np.log(np.clip(likely, _SOFTEST, 1.0))
    told -= told.mean(axis=1, keepdims=True)
    weight = np.concatenate([np.full(len(known), _LABELLED), np.ones(len(others))])
    model = Ridge(alpha=1.0, solver="sparse_cg", tol=1e-3).fit(matrix[np.concatenate([known, others])], told, sample_weight=weight)
    return model.coef_.T, np.asarray(model.intercept_)


def _teacher(vectors: Matrix, indicator: Matrix, others: Matrix) -> Matrix:
    """Probability of each class of `others`; shape (M, K)."""
    from sklearn.linear_model import LogisticRegression

    found, truth = np.zeros((len(others), indicator.shape[1])), indicator.argmax(axis=1)
    if (truth == truth[0]).all():
        found[:, truth[0]] = 1.0
        return found
    model = LogisticRegression(C=_STRENGTH, max_iter=300, class_weight="balanced").fit(vectors, truth)
    found[:, model.classes_] = model.predict_proba(others)
    return found
