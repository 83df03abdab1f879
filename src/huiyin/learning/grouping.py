"""Topics found without labels, judged against the groups that people made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from huiyin.learning import labelled
from huiyin.text import topics


def evaluate_topics(file: Path, text: str, label: str) -> tuple[dict[str, Any], list[labelled.Refused]]:
    """NMI (arithmetic mean) and ARI of all texts; those of no topic count as one group. `placed` is the share that has a topic."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    found = labelled.single(file, text, label)
    truth = [one[0] for one in found.labels]
    matrix = topics.vectors(found.texts, topics.Basis.of(found.texts))
    groups = topics.discover(matrix, np.arange(len(found.texts)))
    topic = topics.place(matrix, groups.definitions).topic
    scores = {
        "nmi": round(float(normalized_mutual_info_score(truth, topic)), 4),
        "ari": round(float(adjusted_rand_score(truth, topic)), 4),
        "topics": int(topic.max() + 1) if len(topic) else 0,
        "placed": round(float((topic >= 0).mean()), 4) if len(topic) else 0.0,
        "n": len(truth),
    }
    return scores, found.refused
