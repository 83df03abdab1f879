"""Aspects by a learned head, where people's corrections have taught one that it knows better than the words of the taxonomy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from huiyin.text.clauses import Clauses
from huiyin.text.heads import Heads
from huiyin.text.mentions import UNPLACED, Mentions
from huiyin.text.phrases import Hits
from huiyin.text.polarity import Opinions
from huiyin.text.taxonomy import Taxonomy

HEAD = "aspect"
NONE = ""
"""The class of opinions that belong to no aspect."""


def meant(hits: Hits, taxonomy: Taxonomy, clauses: Clauses, opinions: Opinions, texts: int) -> Hits:
    """The hits without weak words that tell nothing: something surer is named, and the aspect by no other word.

    A weak word counts where its text names the aspect twice, or names nothing surely; and in a clause that judges, if neither it
    nor its neighbours name anything surely.
    """
    if not len(hits) or not taxonomy.weak_of.any():
        return hits
    clause, aspect, sure = clauses.of(hits.start), taxonomy.aspect_of[hits.phrase], ~taxonomy.weak_of[hits.phrase]
    sure_aspect = sure & (aspect >= 0)
    text, aspects = clauses.text[clause], len(taxonomy.aspects) + 1
    pair = text * aspects + aspect + 1
    twice = np.bincount(pair, minlength=texts * aspects)[pair] > 1
    empty_text, near, judged = np.ones(texts, dtype=bool), np.zeros(len(clauses) + 2, dtype=bool), np.zeros(len(clauses), dtype=bool)
    empty_text[text[sure_aspect]] = False
    for step in (0, 1, 2):
        near[clause[sure_aspect] + step] = True
    judged[opinions.clause] = True
    return hits.where(sure | twice | empty_text[text] | (judged & ~near[1:-1])[clause])


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
