"""Aspects by a learned head, where people's corrections have taught one that it knows better than the words of the taxonomy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from huiyin.text.heads import Heads
from huiyin.text.mentions import UNPLACED, Mentions
from huiyin.text.taxonomy import Taxonomy

HEAD = "aspect"
NONE = ""
"""The class of opinions that belong to no aspect."""


def place(found: Mentions, taxonomy: Taxonomy, heads: Heads, clause_sums: NDArray[np.int64]) -> Mentions:
    """The mentions with the aspects of the head where it is sure enough (`Heads.placing`); only in clauses with a single mention.

    A class that the taxonomy does not know places nothing.
    """
    if HEAD not in heads.classes or not len(found):
        return found
    index = {path: at for at, path in enumerate(taxonomy.paths)}
    aspect_of = np.array([UNPLACED if name == NONE else index.get(name, UNPLACED - 1) for name in heads.classes[HEAD]], dtype=np.int64)
    probabilities = heads.probabilities(HEAD, clause_sums[found.clause])
    best = probabilities.argmax(axis=1)
    sure, answer = probabilities[np.arange(len(best)), best], aspect_of[best]
    unplaced, placed = heads.placing
    alone = np.bincount(found.clause)[found.clause] == 1
    acts = alone & (answer >= UNPLACED) & (answer != found.aspect) & (sure >= np.where(found.aspect == UNPLACED, unplaced, placed))
    return replace(found, aspect=np.where(acts, answer, found.aspect), confidence=np.where(acts, sure, found.confidence))
