"""Train a linear head from labelled texts; a head from nothing needs scikit-learn, moving one needs SciPy only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array, diags_array
from scipy.special import log_softmax, softmax

from huiyin.text import ngrams
from huiyin.text.cleaning import clean
from huiyin.text.codepoints import encode, fold
from huiyin.text.heads import Fitted


class Labelled(NamedTuple):
    """A text or clause to learn from; `group` names its source or domain."""

    text: str
    label: str
    group: str


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


def class_weights(target: NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    """Row weights that let a rare class speak up to four times as loud: n / (k · n_c), at most 4."""
    counts = np.bincount(target, minlength=classes)
    return np.asarray(np.minimum(4.0, len(target) / (np.count_nonzero(counts) * np.maximum(counts, 1)))[target])


def residual(
    matrix: csr_array,
    offset: NDArray[np.float64],
    target: NDArray[np.float64],
    weight: NDArray[np.float64],
    strength: float,
    active: NDArray[np.int64] | None = None,
    shifts: bool = True,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What to add to a multinomial regression: argmin over (Δ, δ) of Σ wᵢ · −tᵢ · log softmax(oᵢ + Δxᵢ + δ) + (‖Δ‖² + ‖δ‖²) / 2·strength.

    `matrix` (N, buckets), `offset` (N, K) the logits so far, `target` (N, K) probabilities of the classes. Gives Δ (K, buckets) and δ (K,),
    which stays 0 unless `shifts`. Only `active` buckets are moved, without it all that occur. Solved by L-BFGS from zero, so that the same
    input gives the same answer.
    """
    k = offset.shape[1]
    active = np.unique(matrix.indices) if active is None else active
    inner = matrix[:, active]
    across = csr_array(inner.T)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        moved = flat.reshape(k, len(active) + 1)
        logits = offset + np.asarray(inner @ moved[:, :-1].T) + moved[:, -1]
        value = -float(weight @ (target * log_softmax(logits, axis=1)).sum(axis=1)) + float(flat @ flat) / (2 * strength)
        error = (softmax(logits, axis=1) - target) * weight[:, None]
        slope = np.concatenate([np.asarray(across @ error).T, error.sum(axis=0)[:, None] * shifts], axis=1)
        return value, slope.ravel() + flat / strength

    found = minimize(loss, np.zeros(k * (len(active) + 1)), jac=True, method="L-BFGS-B", options={"maxiter": 100, "gtol": 1e-3})
    moved = found.x.reshape(k, len(active) + 1)
    change = np.zeros((k, ngrams.BUCKETS))
    change[:, active] = moved[:, :-1]
    return change, moved[:, -1]
