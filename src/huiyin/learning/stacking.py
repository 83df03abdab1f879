"""Linear learners side by side, weighed against each other by what they say of texts they have not seen; the whole folds into one matrix.

Stacked generalisation: Wolpert, Neural Networks 1992; Ting & Witten, JAIR 1999. Support vector machines with log-count ratios: Wang &
Manning, "Baselines and Bigrams", ACL 2012. Since every learner and the one above them are linear in the same features, what is kept is a
single matrix: reading costs one sparse product, however many learners there were.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from huiyin.learning.features import side_by_side

FOLDS = 4
SEED = 0
_MANY = 20
"""With more classes only the quickest learners are kept: each costs a problem a class, and what the others add there is within chance."""
_LOUDEST = 8.0
_SMOOTH = 0.5

Matrix = NDArray[np.float64]
Fit = Callable[[csr_array, Matrix], tuple[Matrix, Matrix]]
"""(features (N, D), indicator (N, K)) → (weights (D, K), biases (K,))"""


@dataclass(frozen=True, slots=True)
class Learner:
    """One learner: which blocks it reads (`chars`, `words`, `sense`, `cues`, the teacher's vectors, by number), and how it is fitted."""

    name: str
    blocks: tuple[int, ...]
    fit: Fit
    quick: bool = False


def learners(classes: int, blocks: int) -> tuple[Learner, ...]:
    """Those that are worth their time for so many classes, and read nothing but the first `blocks` blocks."""
    all_of_them = (
        Learner("svm", (0, 1), _machine(0.3, True), quick=True),
        Learner("svm, classes as they are", (0, 1), _machine(0.3, False)),
        Learner("svm, log-count ratios", (0, 1), _ratios(0.3)),
        Learner("svm, characters", (0,), _machine(0.5, True), quick=True),
        Learner("svm, words", (1,), _machine(0.3, True), quick=True),
        Learner("svm, sense and cues", (2, 3), _machine(3.0, True)),
        Learner("svm, all", (0, 1, 2, 3), _machine(0.5, True)),
        Learner("svm, teacher", (4,), _machine(1.0, True), quick=True),
        Learner("svm, teacher, classes as they are", (4,), _machine(1.0, False)),
        Learner("svm, all and teacher", (0, 1, 2, 3, 4), _machine(0.5, True), quick=True),
    )
    return tuple(one for one in all_of_them if max(one.blocks) < blocks and (classes <= _MANY or one.quick))


@dataclass(frozen=True, slots=True)
class Stacked:
    """`weights` (D, K) over all blocks side by side, `bias` (K,); `unseen` (N, K) what held-out folds were told in training."""

    weights: Matrix
    bias: Matrix
    unseen: Matrix


def fit(blocks: Sequence[csr_array], indicator: Matrix, folds: NDArray[np.int64], exclusive: bool) -> Stacked:
    """Fit all learners and the one above them.

    `indicator` (N, K) is 1 where a text has a class; `exclusive` tells that each text has exactly one. `folds` (N,) puts each text into
    one of `FOLDS` parts, so that copies of a text stay together.
    """
    n, k = indicator.shape
    widths = [block.shape[1] for block in blocks]
    starts = np.concatenate([[0], np.cumsum(widths)])
    chosen = learners(k, len(blocks))
    told, fitted = [], []
    for learner in chosen:
        matrix = side_by_side([blocks[at] for at in learner.blocks])
        unseen = np.zeros((n, k))
        for part in range(FOLDS):
            out = folds == part
            if not out.any() or out.all():
                continue
            weights, bias = learner.fit(matrix[~out], indicator[~out])
            unseen[out] = matrix[out] @ weights + bias
        scale = max(float(unseen.std()), 1e-9)
        weights, bias = learner.fit(matrix, indicator)
        whole, at = np.zeros((starts[-1], k)), 0
        for block in learner.blocks:
            whole[starts[block] : starts[block + 1]] = weights[at : at + widths[block]]
            at += widths[block]
        told.append(unseen / scale)
        fitted.append((whole / scale, bias / scale))
    mix, shift, unseen = _above(np.hstack(told), indicator, folds, exclusive)
    weights = sum(
        (whole @ mix[at * k : (at + 1) * k] for at, (whole, _bias) in enumerate(fitted)),
        np.zeros((starts[-1], k)),
    )
    bias = sum((one @ mix[at * k : (at + 1) * k] for at, (_whole, one) in enumerate(fitted)), shift)
    return Stacked(np.asarray(weights), np.asarray(bias), unseen)


def _above(told: Matrix, indicator: Matrix, folds: NDArray[np.int64], exclusive: bool) -> tuple[Matrix, Matrix, Matrix]:
    """(mix (M·K, K), shift (K,), logits of each fold by the others): logistic regression over what the learners said."""
    mix, shift = _logistic(told, indicator, exclusive)
    unseen = np.zeros(indicator.shape)
    for part in range(FOLDS):
        out = folds == part
        if out.any() and not out.all():
            part_mix, part_shift = _logistic(told[~out], indicator[~out], exclusive)
            unseen[out] = told[out] @ part_mix + part_shift
    return mix, shift, unseen


def _logistic(told: Matrix, indicator: Matrix, exclusive: bool) -> tuple[Matrix, Matrix]:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    if exclusive:
        model = LogisticRegression(C=0.1, max_iter=_steps(indicator.shape[1]), tol=1e-3)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(told, indicator.argmax(axis=1))
        return _unpacked(model, indicator.shape[1])
    columns = [_one(told, column) for column in indicator.T]
    return np.column_stack([mix for mix, _shift in columns]), np.array([shift for _mix, shift in columns])


def _steps(classes: int) -> int:
    """Of the solver: among many classes the last digits of the mix are not worth minutes."""
    return 1000 if classes <= _MANY else 50


def _one(told: Matrix, column: Matrix) -> tuple[Matrix, float]:
    from sklearn.linear_model import LogisticRegression

    if column.min() == column.max():
        return np.zeros(told.shape[1]), _LOUDEST * (2.0 * float(column[0]) - 1.0)
    found = LogisticRegression(C=0.1, max_iter=1000, tol=1e-3).fit(told, column)
    return found.coef_[0], float(found.intercept_[0])


def _unpacked(model: object, classes: int) -> tuple[Matrix, Matrix]:
    """Coefficients (D, K) and biases of a multi-class model; of two classes scikit-learn keeps the difference, of unseen ones nothing."""
    coefficients, intercepts, seen = model.coef_, model.intercept_, model.classes_  # type: ignore[attr-defined]
    if len(coefficients) == 1:
        coefficients, intercepts = np.concatenate([-coefficients, coefficients]) / 2, np.concatenate([-intercepts, intercepts]) / 2
    weights, bias = np.zeros((coefficients.shape[1], classes)), np.full(classes, -_LOUDEST)
    weights[:, seen], bias[seen] = coefficients.T, intercepts
    return weights, bias


def _machine(strength: float, balanced: bool) -> Fit:
    """One support vector machine a class, L2 loss."""

    def fit(matrix: csr_array, indicator: Matrix) -> tuple[Matrix, Matrix]:
        matrix = side_by_side([matrix])
        found = [_separated(matrix, column, strength, balanced) for column in indicator.T]
        return np.column_stack([weights for weights, _bias in found]), np.array([bias for _weights, bias in found])

    return fit


def _ratios(strength: float) -> Fit:
    """The same on features scaled by how much more often a class has them."""

    def fit(matrix: csr_array, indicator: Matrix) -> tuple[Matrix, Matrix]:
        total, found = np.asarray(matrix.sum(axis=0)).ravel(), []
        for column in indicator.T:
            inside = np.asarray(matrix.T @ column).ravel() + _SMOOTH
            outside = total - inside + 2 * _SMOOTH
            ratio = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
            weights, bias = _separated(side_by_side([csr_array(matrix @ diags_array(ratio))]), column, strength, balanced=True)
            found.append((weights * ratio, bias))
        return np.column_stack([weights for weights, _bias in found]), np.array([bias for _weights, bias in found])

    return fit


def _separated(matrix: csr_array, column: Matrix, strength: float, balanced: bool) -> tuple[Matrix, float]:
    from sklearn.svm import LinearSVC

    if column.min() == column.max():
        return np.zeros(matrix.shape[1]), 2.0 * float(column[0]) - 1.0
    model = LinearSVC(C=strength, class_weight="balanced" if balanced else None, random_state=SEED).fit(matrix, column)
    return model.coef_[0], float(model.intercept_[0])
