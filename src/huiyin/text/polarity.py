"""Polarity of clauses and texts: learned heads and opinion words together, with negation and degree.

The learned score sees every character sequence but weighs 不 wrongly in rare patterns; the word list knows negation but not
the domain. A clause's polarity is a logistic blend of three logits: its own learned one, its opinion words, and the
learned one of the whole text; the blend is fitted on clauses with known polarity (`huiyin.text.building`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.text.clauses import Clauses
from huiyin.text.cues import OpinionCues
from huiyin.text.heads import Heads
from huiyin.text.phrases import Hits

NEUTRAL_BAND = 0.2
_REACH = 4
"""A negator or degree word acts on an opinion word at most so many characters behind it."""
_LIMIT = 6.0


@dataclass(frozen=True, slots=True)
class Opinions:
    """Opinion words of a batch, in reading order, with the strength they have where they stand."""

    clause: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    value: NDArray[np.float64]
    """Signed strength −1..1 after negation and degree."""
    negated: NDArray[np.bool_]
    """A negator, or two, makes of it what n-grams do not see."""


@dataclass(frozen=True, slots=True)
class Polarity:
    """`document` (N,) and `clause` (J,) sentiment −1..1; `certainty` (J,) probability 0.5..1 of the clause's sign."""

    document: NDArray[np.float64]
    clause: NDArray[np.float64]
    certainty: NDArray[np.float64]


def weigh_opinions(hits: Hits, cues: OpinionCues, clauses: Clauses) -> Opinions:
    """Apply negation (不满意: − · 0.8) and degree (非常满意: × 1.5) to the opinion words they stand before."""
    clause = clauses.of(hits.start)
    value = cues.value[hits.phrase]
    negates = cues.negates[hits.phrase]
    degree = cues.degree[hits.phrase]
    affirms = cues.affirms[hits.phrase]
    opinion = np.flatnonzero(value != 0)
    strength = value[opinion].copy()
    flips = np.zeros(len(opinion), dtype=np.int64)
    factor = np.ones(len(opinion))
    worded = cues.inverted[hits.phrase][opinion]
    # Walk back over at most three hits: 一点 + 都 + 不 + 满意 never needs more.
    reach_from = hits.start[opinion]
    for back in range(1, 4):
        at = opinion - back
        near = (at >= 0) & (clause[np.maximum(at, 0)] == clause[opinion]) & (reach_from - hits.end[np.maximum(at, 0)] <= _REACH)
        acts = near & (negates[np.maximum(at, 0)] | (degree[np.maximum(at, 0)] > 0) | affirms[np.maximum(at, 0)])
        worded |= acts & (negates | affirms)[np.maximum(at, 0)]
        flips += acts & negates[np.maximum(at, 0)]
        factor *= np.where(acts & (degree[np.maximum(at, 0)] > 0), degree[np.maximum(at, 0)], 1.0)
        reach_from = np.where(acts, hits.start[np.maximum(at, 0)], 10**9)
    strength *= np.where(flips % 2 == 1, -0.8, 1.0) * factor
    return Opinions(clause[opinion], hits.start[opinion], hits.end[opinion], np.clip(strength, -1.0, 1.0), worded)


def clause_words(opinions: Opinions, count: int) -> NDArray[np.float64]:
    """Sum of opinion strengths of each clause, limited to −2..2; shape (count,)."""
    return np.clip(np.bincount(opinions.clause, weights=opinions.value, minlength=count), -2.0, 2.0)


def learned_logits(heads: Heads, sums: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(log p(positive)/p(negative), p(neutral)) of the sentiment head for each row of `sums`."""
    probabilities = heads.probabilities("sentiment", sums)
    logit = np.log(probabilities[:, 2] + 1e-9) - np.log(probabilities[:, 0] + 1e-9)
    return np.clip(logit, -_LIMIT, _LIMIT), probabilities[:, 1]


def judge(
    heads: Heads,
    clause_sums: NDArray[np.int64],
    document_sums: NDArray[np.int64],
    opinions: Opinions,
    clauses: Clauses,
    letters: NDArray[np.int64] | None = None,
) -> Polarity:
    """Sentiment of every clause and every text of a batch.

    `letters` (J,) tells how many letters each clause has: of a clause or text without any, heads know nothing, and only
    what the word list knows (👍) counts.
    """
    words = clause_words(opinions, len(clauses))
    # Where a negator turned an opinion word round, n-grams see the word and miss the turn: the word list decides,
    # of the clause and of its part in the text.
    turned_round = np.zeros(len(clauses), dtype=bool)
    turned_round[opinions.clause[opinions.negated]] = True
    turned_round &= words != 0
    decided = np.sign(words) * np.maximum(4.0 * np.abs(words), 1.2)
    rest_sums = document_sums.copy()
    np.subtract.at(rest_sums, clauses.text[turned_round], clause_sums[turned_round])
    clause_logit, clause_neutral = learned_logits(heads, clause_sums)
    document_logit, document_neutral = learned_logits(heads, rest_sums)
    document_logit = np.where(rest_sums[:, -1] > 0, document_logit, 0.0)
    if letters is not None:
        mute = letters == 0
        all_mute = np.bincount(clauses.text, weights=letters, minlength=document_sums.shape[0]) == 0
        clause_logit, clause_neutral = np.where(mute, 0.0, clause_logit), np.where(mute, 1.0, clause_neutral)
        document_logit, document_neutral = np.where(all_mute, 0.0, document_logit), np.where(all_mute, 1.0, document_neutral)
    features = blend_features(clause_logit, words, document_logit[clauses.text], clauses, document_sums.shape[0])
    # Summed column by column: a matrix product may round a row differently in another batch.
    logit = sum((features[:, at] * heads.combine[at] for at in range(1, features.shape[1])), features[:, 0] * heads.combine[0])
    logit = np.where(turned_round, decided, logit)
    positive = 1.0 / (1.0 + np.exp(-np.clip(logit, -30, 30)))
    # What no opinion word supports and the head calls neutral is drawn towards 0.
    draw = np.where(words == 0, 1.0 - clause_neutral, 1.0)
    clause = (2.0 * positive - 1.0) * draw
    all_words = np.bincount(clauses.text, weights=np.where(turned_round, decided, words), minlength=document_sums.shape[0])
    # Opinion words count about three times their strength here: measured on restaurant reviews that no head was trained on.
    whole = document_logit + 3.0 * np.clip(all_words, -3, 3)
    document = np.tanh(whole / 2.0) * (1.0 - document_neutral * (all_words == 0)) * (document_sums[:, -1] > 0)
    return Polarity(document, clause, np.maximum(positive, 1.0 - positive))


def blend_features(
    clause_logit: NDArray[np.float64], words: NDArray[np.float64], document_logit: NDArray[np.float64], clauses: Clauses, texts: int
) -> NDArray[np.float64]:
    """Inputs of the blend, shape (J, 4): clause logit, word sum, document logit where the text does not turn, and where it does."""
    turned = np.bincount(clauses.text, weights=clauses.turned, minlength=texts)[clauses.text] > 0
    return np.stack([clause_logit, words, np.where(turned, 0.0, document_logit), np.where(turned, document_logit, 0.0)], axis=1)
