"""Topics found without labels, judged against the groups that people made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.learning import labelled
from huiyin.text import topics


def topics_of(texts: Sequence[str]) -> NDArray[np.int64]:
    """The topic of each text, −1 where it belongs to none; each text is one opinion of one customer. Shape (N,)."""
    matrix = topics.vectors(texts, topics.Basis.of(texts))
    found = topics.discover(matrix, np.arange(len(texts)))
    return topics.place(matrix, found.definitions).topic


def agreement(truth: Sequence[str], topic: NDArray[np.int64]) -> dict[str, Any]:
    """NMI (arithmetic mean) and ARI of all texts, those of no topic as one group; then of the placed ones alone. `placed` is their share."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    known, inside = np.array(truth), topic >= 0
    figures = {
        f"{name}{suffix}": round(float(score(known[rows], topic[rows])), 4) if rows.any() else 0.0
        for suffix, rows in (("", np.ones(len(topic), bool)), ("_placed", inside))
        for name, score in (("nmi", normalized_mutual_info_score), ("ari", adjusted_rand_score))
    }
    return {**figures, "topics": int(topic.max(initial=-1) + 1), "placed": round(float(inside.mean()), 4) if len(topic) else 0.0, "n": len(topic)}


def evaluate_topics(file: Path, text: str, label: str) -> tuple[dict[str, Any], list[labelled.Refused]]:
    """How far the topics of a file's texts agree with their labels: see `agreement`."""
    found = labelled.single(file, text, label)
    return agreement([one[0] for one in found.labels], topics_of(found.texts)), found.refused
