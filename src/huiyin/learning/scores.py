"""The figures of `huiyin evaluate`: accuracy, F1 by class, confusion. Names and definitions are those of the field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def _f1(right: NDArray[np.int64], said: NDArray[np.int64], true: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(2 * right / np.maximum(said + true, 1), dtype=np.float64)


def accuracy_and_macro(table: NDArray[np.int64]) -> tuple[float, float]:
    """Of a table of truths (rows) and answers; macro-F1 over the classes that occur in the truth."""
    right, column, row = np.diag(table), table.sum(axis=0), table.sum(axis=1)
    there = row > 0
    return float(right.sum() / max(int(row.sum()), 1)), float(_f1(right, column, row)[there].mean()) if there.any() else 0.0


def crossed(truth: NDArray[np.int64], said: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """How often each answer meets each truth; shape (classes, classes)."""
    return np.bincount(truth * classes + said, minlength=classes * classes).reshape(classes, classes)


def _per_class(names: Sequence[str], right: NDArray[np.int64], said: NDArray[np.int64], true: NDArray[np.int64]) -> dict[str, dict[str, float]]:
    f1 = _f1(right, said, true)
    return {
        name: {
            "precision": round(float(right[at] / max(said[at], 1)), 4),
            "recall": round(float(right[at] / max(true[at], 1)), 4),
            "f1": round(float(f1[at]), 4),
            "n": int(true[at]),
        }
        for at, name in enumerate(names)
    }


def exclusive_scores(truth: NDArray[np.int64], said: NDArray[np.int64], names: Sequence[str]) -> dict[str, Any]:
    """Of texts with one class each; `truth` and `said` (N,) index `names`. Macro-F1 is over the classes that occur in the truth.

    >>> exclusive_scores(np.array([0, 0, 1]), np.array([0, 1, 1]), ["a", "b"])["confusion"]
    {'a': {'a': 1, 'b': 1}, 'b': {'b': 1}}
    """
    k = len(names)
    table = crossed(truth, said, k)
    right, column, row = np.diag(table), table.sum(axis=0), table.sum(axis=1)
    there = row > 0
    accuracy, macro = accuracy_and_macro(table)
    return {
        "accuracy": round(accuracy, 4),
        "macro_f1": round(macro, 4),
        "micro_f1": round(accuracy, 4),
        "per_class": _per_class(names, right, column, row),
        "confusion": {names[at]: {names[to]: int(table[at, to]) for to in np.flatnonzero(table[at]).tolist()} for at in range(k) if there[at]},
        "n": len(truth),
    }


def several_scores(truth: NDArray[np.bool_], said: NDArray[np.bool_], names: Sequence[str]) -> dict[str, Any]:
    """Of texts with any number of classes; both (N, K). Accuracy is the share of texts whose classes are all right."""
    right, said_count, true = (truth & said).sum(axis=0), said.sum(axis=0), truth.sum(axis=0)
    there = true > 0
    return {
        "accuracy": round(float((truth == said).all(axis=1).mean()) if len(truth) else 0.0, 4),
        "macro_f1": round(float(_f1(right, said_count, true)[there].mean()) if there.any() else 0.0, 4),
        "micro_f1": round(float(2 * right.sum() / max(int(said_count.sum() + true.sum()), 1)), 4),
        "per_class": _per_class(names, right, said_count, true),
        "n": len(truth),
    }
