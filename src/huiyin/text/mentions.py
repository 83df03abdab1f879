"""Mentions: each opinion of a text, with the aspect it speaks of and how strongly.

A clause that names aspects yields one mention for each; a clause with a clear opinion that names none takes the aspect of
the clause before it, where that one named something and judged nothing (这个屏幕，真的很差); else it stays unplaced.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.text.clauses import Clauses
from huiyin.text.phrases import Hits
from huiyin.text.polarity import NEUTRAL_BAND, Opinions, Polarity
from huiyin.text.taxonomy import Taxonomy

UNPLACED = -1
_CLEAR = 0.35
"""An opinion on nothing that the taxonomy knows must be at least so strong to be a mention."""
_SURE, _SAID = 0.5, 4
"""Where no opinion word stands and nothing known is named, the heads must be so sure, of so many letters."""
_PHRASE_SENTIMENT = 0.75
"""Sentiment of a clause whose aspect phrase is a complaint (or praise) by itself."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Mentions of a batch in reading order; positions are those of the batch's `codes`."""

    clause: NDArray[np.int64]
    aspect: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    target_start: NDArray[np.int64]
    """−1 where the target is implicit."""
    target_end: NDArray[np.int64]
    opinion_start: NDArray[np.int64]
    """−1 where no opinion word was found."""
    opinion_end: NDArray[np.int64]
    sentiment: NDArray[np.float64]
    polarity: NDArray[np.int8]
    intensity: NDArray[np.float64]
    """How strongly it is said, 0..1."""
    confidence: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.clause)


def find(
    taxonomy: Taxonomy,
    hits: Hits,
    negators: Hits,
    clauses: Clauses,
    polarity: Polarity,
    opinions: Opinions,
    emphasis: NDArray[np.float64],
) -> Mentions:
    """All mentions of a batch. `emphasis` (J,) 0..1 tells how loudly each clause is said: exclamation marks, threats, anger."""
    hits = hits.where(taxonomy.aspect_of[hits.phrase] >= 0) if len(hits) else hits
    clause, aspect, own, start, end = _named(taxonomy, hits, negators, clauses)
    borrowed_clause, borrowed_from = _borrowed(clauses, polarity, clause, own, opinions)
    unplaced = _unplaced(clauses, polarity, np.concatenate([clause, borrowed_clause]), opinions)
    empty = np.full(len(borrowed_clause) + len(unplaced), -1, dtype=np.int64)
    first = np.concatenate([clauses.start[clause], clauses.start[clause[borrowed_from]], clauses.start[unplaced]])
    all_clause = np.concatenate([clause, borrowed_clause, unplaced])
    all_aspect = np.concatenate([aspect, aspect[borrowed_from], np.full(len(unplaced), UNPLACED)])
    target_start, target_end = np.concatenate([start, empty]), np.concatenate([end, empty])
    target_start[len(clause) : len(clause) + len(borrowed_from)] = start[borrowed_from]
    target_end[len(clause) : len(clause) + len(borrowed_from)] = end[borrowed_from]
    own_polarity = np.concatenate([own, np.zeros(len(empty), dtype=np.int64)])
    # The clause that lent its aspect judged nothing: its own neutral mention would say the same thing twice.
    lent = np.zeros(len(all_clause), dtype=bool)
    lent[borrowed_from] = True
    sentiment = _sentiment(polarity.clause[all_clause], own_polarity)
    order = np.lexsort((all_aspect, target_start, all_clause))
    order = order[~lent[order]]
    opinion_start, opinion_end = _strongest(opinions, len(clauses))
    chosen = all_clause[order]
    value = sentiment[order]
    certainty = np.maximum(polarity.certainty[chosen], np.where(own_polarity[order] != 0, 0.9, 0.0))
    return Mentions(
        chosen,
        all_aspect[order],
        first[order],
        clauses.end[chosen],
        target_start[order],
        target_end[order],
        opinion_start[chosen],
        opinion_end[chosen],
        value,
        np.where(value <= -NEUTRAL_BAND, -1, np.where(value >= NEUTRAL_BAND, 1, 0)).astype(np.int8),
        _intensity(value, chosen, opinions, emphasis, len(clauses)),
        certainty,
    )


def _named(
    taxonomy: Taxonomy, hits: Hits, negators: Hits, clauses: Clauses
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(clause, aspect, own polarity, target start, target end): one row for each aspect that a clause names."""
    clause = clauses.of(hits.start)
    aspect = taxonomy.aspect_of[hits.phrase]
    # 从来没有闪退: behind a negator a complaint is none; what it is then, the clause tells.
    behind = np.zeros(int(clauses.bounds[-1]) + 1 if len(clauses.bounds) else 1, dtype=bool)
    behind[negators.end] = True
    negated = behind[hits.start] | behind[hits.start - 1]
    own = np.where(negated, 0, taxonomy.polarity_of[hits.phrase])
    # A phrase that judges by itself outranks a mere name of the same aspect; then the earlier hit.
    order = np.lexsort((hits.start, -np.abs(own), aspect, clause))
    key = clause[order] * (len(taxonomy.aspects) + 1) + aspect[order]
    keep = order[np.concatenate([[True], key[1:] != key[:-1]])] if len(order) else order
    keep = np.sort(keep)
    return clause[keep], aspect[keep], own[keep], hits.start[keep], hits.end[keep]


def _borrowed(
    clauses: Clauses, polarity: Polarity, named: NDArray[np.int64], own: NDArray[np.int64], opinions: Opinions
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(clause, row of the lender): clauses with an opinion word but no aspect, right behind a clause with an aspect and no opinion.

    The learned score of so short a lender is mostly that of the whole text: it forbids lending only where it says the opposite.
    """
    count = len(clauses)
    has_aspect = np.zeros(count, dtype=bool)
    has_aspect[named] = True
    has_opinion = np.zeros(count, dtype=bool)
    has_opinion[opinions.clause] = True
    worded = has_opinion.copy()
    has_opinion[named[own != 0]] = True
    lender = np.full(count, -1, dtype=np.int64)
    lender[named] = np.arange(len(named))
    takes = worded[1:] & ~has_aspect[1:] & has_aspect[:-1] & ~has_opinion[:-1] & (clauses.text[1:] == clauses.text[:-1])
    agrees = (np.abs(polarity.clause[:-1]) < _CLEAR) | (np.sign(polarity.clause[:-1]) == np.sign(polarity.clause[1:]))
    takes &= agrees & ~clauses.turned[1:]
    at = np.flatnonzero(takes) + 1
    return at, lender[at - 1]


def _unplaced(clauses: Clauses, polarity: Polarity, placed: NDArray[np.int64], opinions: Opinions) -> NDArray[np.int64]:
    """Clauses that judge something, in opinion words or by the learned score, and name no aspect."""
    free = np.ones(len(clauses), dtype=bool)
    free[placed] = False
    worded = np.zeros(len(clauses), dtype=bool)
    worded[opinions.clause] = True
    strength = np.abs(polarity.clause)
    letters = clauses.end - clauses.start
    return np.flatnonzero(free & (letters > 0) & ((worded & (strength >= _CLEAR)) | ((strength >= _SURE) & (letters >= _SAID))))


def _sentiment(clause: NDArray[np.float64], own: NDArray[np.int64]) -> NDArray[np.float64]:
    """The clause's sentiment, or at least the phrase's own where the phrase judges by itself."""
    return np.where(own < 0, np.minimum(clause, -_PHRASE_SENTIMENT), np.where(own > 0, np.maximum(clause, _PHRASE_SENTIMENT), clause))


def _strongest(opinions: Opinions, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Start and end of the strongest opinion word of each clause, −1 where there is none."""
    start = np.full(count, -1, dtype=np.int64)
    end = np.full(count, -1, dtype=np.int64)
    order = np.lexsort((-opinions.start, np.abs(opinions.value)))
    start[opinions.clause[order]] = opinions.start[order]
    end[opinions.clause[order]] = opinions.end[order]
    return start, end


def _intensity(
    sentiment: NDArray[np.float64], clause: NDArray[np.int64], opinions: Opinions, emphasis: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """How strongly it is said: the strongest opinion word (degree included), certainty of the sentiment, emphasis."""
    word = np.zeros(count)
    np.maximum.at(word, opinions.clause, np.abs(opinions.value))
    worded = np.where(word[clause] > 0, word[clause], 0.45)
    return np.where(
        np.abs(sentiment) < NEUTRAL_BAND, np.abs(sentiment) / 2, np.clip(0.6 * worded + 0.25 * np.abs(sentiment) + 0.25 * emphasis[clause], 0, 1)
    )
