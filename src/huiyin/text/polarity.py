"""Polarity of clauses and texts: learned heads and opinion words together, with negation and degree.

The learned score sees every character sequence but weighs 不 wrongly in rare patterns; the word list knows negation but not
the domain. A clause's polarity is a logistic blend of three logits: its own learned one, its opinion words, and the
learned one of the whole text; its coefficients were fitted once on clauses with known polarity (`huiyin.text.building.BLEND`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.text import clauses as clause_splitting
from huiyin.text import composing, contexts, sense
from huiyin.text.clauses import Clauses
from huiyin.text.codepoints import CodePoints
from huiyin.text.cues import OpinionCues
from huiyin.text.heads import CLAUSE, SENTIMENT, Heads
from huiyin.text.phrases import Hits

NEUTRAL_BAND = 0.2
_LIMIT = 6.0
_WORDS, _RULED = 3.0, 5.0 / 3.0
"""What opinion words count for in a text beside its learned score, and more where a rule decides; their sum grows with the text, as the
root of its clauses does by chance. Measured on restaurant reviews that no head was trained on, checked on hotel reviews."""
_SAID = 0.3
"""Opinion words of a clause that say something clear."""
_HINTS = np.array([-0.35, -0.4, 0.15, 0.45, -0.5, 0.3])
"""Of a negator, a mild and a strong degree word, a turn, a minor turn, and of going on, where no opinion word stands. Measured on reviews of
restaurants, checked on six lines of products."""
_SENSE = 0.7
"""What the meaning of a text's words counts for: on shops, books, apps and restaurants left out of training in turn right answers went up by
.2 to 1.9 points, most where the words are farthest from those of the training texts."""
_FEW_WORDS = 16.0
"""Few words tell little: so many count half."""
_CLEARLY = 0.5
"""Blame of the second of two clauses that outweighs the praise of the first."""
_SHORT, _TOLD = 3, 0.3
"""Of so few clauses the last one, if it turns and says something, speaks for the text."""
_SHORT_TEXT, _LEAN = 120.0, 0.6
"""Whether a text of so many n-grams, some thirty letters, judges at all is asked as much of the head for clauses as of that for texts, of a
longer one less; which way it judges is asked of it so much less again. At .3, at .6 and in full it read .649, .662 and .671 of short labelled
clauses right, and .866, .865 and .858 of a domain left out of training (dairy)."""
_CALM = 0.12
"""What is left of the learned score of a clause that asks, wishes or states."""
_BITTER, _TROUBLE, _STATED = 0.5, 0.8, 0.65
"""How strongly praise that is irony blames; from which logit on the clause behind it tells of trouble, if it is less likely a mere statement."""
_ASIDE = 0.4
"""A clause that counts for less tells the learned score of its text nothing."""


@dataclass(frozen=True, slots=True)
class Opinions:
    """Opinion words of a batch, in reading order, with the strength they have where they stand."""

    clause: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    value: NDArray[np.float64]
    """Signed strength −1..1 after negation and degree."""
    negated: NDArray[np.bool_]
    """A rule makes of it what n-grams do not see: a negator, or two, a comparison, a wish."""
    calm: NDArray[np.bool_]
    """Of each clause: it asks, wishes or supposes, and judges nothing."""
    weight: NDArray[np.float64]
    """Of each clause: what it counts for in its text."""
    cried: NDArray[np.bool_]
    """Of each clause: it is hardly more than praise cried out, 厉害了; irony if trouble follows."""
    hint: NDArray[np.float64]
    """Of each clause without opinion words: what negators, degree and turn words let expect of it."""


@dataclass(frozen=True, slots=True)
class Polarity:
    """`document` (N,) and `clause` (J,) sentiment −1..1; `certainty` (J,) probability 0.5..1 of the clause's sign."""

    document: NDArray[np.float64]
    clause: NDArray[np.float64]
    certainty: NDArray[np.float64]


def turning(hits: Hits, cues: OpinionCues, starts: NDArray[np.int64]) -> Hits:
    """The hits before which a clause ends: 但是, and 现在 behind 以前. `starts` is where each text of the batch begins."""
    mask = cues.turns[hits.phrase]
    contexts.seconds(cues.roles[hits.phrase], hits.phrase, hits.start, hits.end, starts, mask)
    return hits.where(mask)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A batch from its letters to its judgements: the cues found, the clauses, the opinion words, and what the heads sum up to in them."""

    hits: Hits
    clauses: Clauses
    opinions: Opinions
    clause_sums: NDArray[np.int64]
    text_sums: NDArray[np.int64]
    polarity: Polarity


def weigh(folded: CodePoints, heads: Heads, cues: OpinionCues, plain: Hits | None = None) -> Weighed:
    """Judge every clause and text of a batch of folded texts. `plain` words judge nothing, whatever they look like."""
    hits, clauses, opinions = opined(folded, cues, plain)
    codes = folded.codes
    if plain is not None and len(plain):
        codes = np.where(plain.covered(len(codes)), np.uint32(ord(" ")), codes)
    clause_sums = heads.sums(codes, clauses.bounds)
    text_sums = clause_splitting.by_text(clauses, clause_sums, len(folded))
    letters, meant = clause_splitting.letters(folded, clauses), sense.load().sums(folded, clauses.bounds)
    return Weighed(hits, clauses, opinions, clause_sums, text_sums, judge(heads, clause_sums, text_sums, opinions, clauses, letters, meant))


def opined(folded: CodePoints, cues: OpinionCues, plain: Hits | None = None) -> tuple[Hits, Clauses, Opinions]:
    """The cues of a batch of folded texts, its clauses, and its opinion words weighed. Cues that lie wholly within `plain` words are none."""
    hits = cues.finder.find(folded)
    if plain is not None and len(plain) and len(hits):
        # 不好时光 still negates.
        before = np.concatenate([[0], np.cumsum(plain.covered(len(folded.codes)))])
        hits = hits.where(before[hits.end] - before[hits.start] < hits.end - hits.start)
    pieces = clause_splitting.split(folded, turning(hits, cues, folded.starts))
    return hits, pieces, weigh_opinions(hits, cues, pieces, folded.codes)


def weigh_opinions(hits: Hits, cues: OpinionCues, clauses: Clauses, codes: NDArray[np.uint32]) -> Opinions:
    """Opinion words with what the words around them make of them (不满意: − · 0.8, 非常满意: × 1.5); see `huiyin.text.composing`.

    `codes` are the letters of the batch.
    """
    clause, roles = clauses.of(hits.start), cues.roles[hits.phrase]
    value, acted = np.zeros(len(hits)), np.zeros(len(hits), dtype=bool)
    composing.weigh(
        roles,
        cues.value[hits.phrase],
        cues.degree[hits.phrase],
        hits.phrase,
        cues.inverted[hits.phrase],
        cues.measures[hits.phrase],
        clause,
        hits.start,
        hits.end,
        codes,
        value,
        acted,
    )
    contexts.broken(roles, clause, clauses.text, clauses.turned, value, acted)
    contexts.changed(roles, clause, clauses.text, value, acted)
    cried = np.zeros(len(clauses), dtype=bool)
    contexts.exclaimed(roles, clause, hits.start, hits.end, clauses.bounds, clauses.text, clauses.turned, value, acted, cried)
    calm, weight = np.zeros(len(clauses), dtype=bool), np.ones(len(clauses))
    every, words = contexts.gathered(roles, clause, value, len(clauses))
    contexts.clauses(every, words, clause, value, clauses.text, clauses.turned, acted, calm, weight)
    hint = np.zeros(len(clauses))
    contexts.hints(every, words, clause, cues.degree[hits.phrase], clauses.text, clauses.turned, calm, _HINTS, hint)
    opinion = np.flatnonzero((value != 0) | acted)
    return Opinions(clause[opinion], hits.start[opinion], hits.end[opinion], value[opinion], acted[opinion], calm, weight, cried, hint)


def clause_words(opinions: Opinions, count: int) -> NDArray[np.float64]:
    """Sum of opinion strengths of each clause, limited to −2..2; shape (count,)."""
    return np.clip(np.bincount(opinions.clause, weights=opinions.value, minlength=count), -2.0, 2.0)


def learned_logits(heads: Heads, sums: NDArray[np.int64], head: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(log p(positive)/p(negative), p(neutral)) of a head of sentiment for each row of `sums`."""
    probabilities = heads.probabilities(head if head in heads.classes else SENTIMENT, sums)
    logit = np.log(probabilities[:, 2] + 1e-9) - np.log(probabilities[:, 0] + 1e-9)
    return np.clip(logit, -_LIMIT, _LIMIT), probabilities[:, 1]


def _of_texts(heads: Heads, sums: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The same of whole texts: the shorter one is, the more it is judged as a clause."""
    share = 1.0 / (1.0 + (sums[:, -1] / _SHORT_TEXT) ** 2)
    (long, long_neutral), (short, short_neutral) = (learned_logits(heads, sums, head) for head in (SENTIMENT, CLAUSE))
    return long + _LEAN * share * (short - long), long_neutral + share * (short_neutral - long_neutral)


def judge(
    heads: Heads,
    clause_sums: NDArray[np.int64],
    document_sums: NDArray[np.int64],
    opinions: Opinions,
    clauses: Clauses,
    letters: NDArray[np.int64],
    meant: NDArray[np.int64],
) -> Polarity:
    """Sentiment of every clause and every text of a batch.

    `letters` (J,) tells how many letters each clause has: of a clause or text without any, heads know nothing, and only
    what the word list knows (👍) counts. `meant` has the sums (J, 2) of what each clause's words mean (`huiyin.text.sense`).
    """
    words = clause_words(opinions, len(clauses))
    # Where a negator turned an opinion word round, n-grams see the word and miss the turn: the word list decides,
    # of the clause and of its part in the text.
    turned_round = np.zeros(len(clauses), dtype=bool)
    turned_round[opinions.clause[opinions.negated]] = True
    # 差强人意: where a text is hardly more than its opinion words, they know best.
    covered = np.bincount(opinions.clause, weights=opinions.end - opinions.start, minlength=len(clauses))
    count = np.bincount(clauses.text, minlength=document_sums.shape[0])
    turned_round |= (count[clauses.text] == 1) & (np.abs(words) >= 0.5) & (3 * covered >= letters)
    clause_logit, clause_neutral = learned_logits(heads, clause_sums, CLAUSE)
    bitter = _bitter(words, opinions, clauses, clause_logit, clause_neutral)
    words, turned_round = np.where(bitter, -_BITTER, words), turned_round | bitter
    decided = np.sign(words) * np.maximum(4.0 * np.abs(words), 1.2)
    rest_sums = document_sums.copy()
    aside = turned_round | opinions.calm | (opinions.weight < _ASIDE)
    np.subtract.at(rest_sums, clauses.text[aside], clause_sums[aside])
    document_logit, document_neutral = _of_texts(heads, rest_sums)
    document_logit = np.where(rest_sums[:, -1] > 0, document_logit, 0.0)
    mute = letters == 0
    all_mute = np.bincount(clauses.text, weights=letters, minlength=len(count)) == 0
    clause_logit, clause_neutral = np.where(mute, 0.0, clause_logit), np.where(mute, 1.0, clause_neutral)
    document_logit, document_neutral = np.where(all_mute, 0.0, document_logit), np.where(all_mute, 1.0, document_neutral)
    features = blend_features(clause_logit, np.where(words == 0, opinions.hint, words), document_logit[clauses.text], clauses, document_sums.shape[0])
    # Summed column by column: a matrix product may round a row differently in another batch.
    logit = sum((features[:, at] * heads.combine[at] for at in range(1, features.shape[1])), features[:, 0] * heads.combine[0])
    logit = np.where(turned_round, decided, logit)
    positive = 1.0 / (1.0 + np.exp(-np.clip(logit, -30, 30)))
    # What no opinion word supports and the head calls neutral is drawn towards 0.
    draw = np.where(words == 0, np.where(opinions.calm, _CALM, 1.0 - clause_neutral), 1.0)
    clause = (2.0 * positive - 1.0) * draw
    said = opinions.weight * words * np.where(turned_round, _RULED, 1.0)
    all_words = np.bincount(clauses.text, weights=said, minlength=len(count))
    whole = document_logit + _WORDS * all_words / np.sqrt(np.maximum(count, 1))
    of_text = clause_splitting.by_text(clauses, np.where(aside[:, None], 0, meant), len(count))
    much = of_text[:, 1] / (of_text[:, 1] + _FEW_WORDS)
    whole = whole + _SENSE * much * (1.0 - document_neutral) * sense.load().logits(of_text)
    quiet = np.bincount(clauses.text, weights=~opinions.calm, minlength=len(count)) == 0
    whole = np.where(quiet, _CALM * _of_texts(heads, document_sums)[0], whole)
    document = np.tanh(whole / 2.0) * (1.0 - document_neutral * (all_words == 0)) * (document_sums[:, -1] > 0)
    return Polarity(_last_word(document, clause, words, opinions.weight, clauses.text), clause, np.maximum(positive, 1.0 - positive))


def _bitter(
    words: NDArray[np.float64], opinions: Opinions, clauses: Clauses, logit: NDArray[np.float64], neutral: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Praise cried out before a clause that no word judges and the head reads as trouble: 可真省事，自己组装了一天."""
    trouble = (words == 0) & ~opinions.calm & ~clauses.turned & (logit <= -_TROUBLE) & (neutral < _STATED)
    follows = np.zeros(len(words), dtype=bool)
    follows[:-1] = trouble[1:] & (clauses.text[1:] == clauses.text[:-1])
    return opinions.cried & (words > 0) & follows


def _last_word(
    document: NDArray[np.float64], clause: NDArray[np.float64], words: NDArray[np.float64], weight: NDArray[np.float64], text: NDArray[np.int64]
) -> NDArray[np.float64]:
    """A short text whose last clause turns on what the first said ends with what it means: 嫌它贵，用了才知道值; 卖相一般，味道惊艳."""
    count = np.bincount(text, minlength=len(document))
    last = np.cumsum(count) - 1
    first = last - count + 1
    turns = (count > 1) & (count <= _SHORT) & (weight[last] > weight[first]) & (np.abs(clause[last]) >= _TOLD)
    set_aside = weight[first] < _ASIDE
    ended = np.where(turns & set_aside, clause[last], np.where(turns & (count == 2), (document + clause[last]) / 2, document))
    made_up = (count == 2) & (words[first] < -_SAID) & (words[last] > _SAID) & (clause[last] > 0)
    undone = (count == 2) & (words[first] > _SAID) & (words[last] <= -np.maximum(words[first], _CLEARLY)) & (clause[last] < 0)
    return np.where(made_up, (document + 3.0 * clause[last]) / 4, np.where(undone, (document + clause[last]) / 2, ended))


def blend_features(
    clause_logit: NDArray[np.float64], words: NDArray[np.float64], document_logit: NDArray[np.float64], clauses: Clauses, texts: int
) -> NDArray[np.float64]:
    """Inputs of the blend, shape (J, 4): clause logit, word sum, document logit where the text does not turn, and where it does,
    or where its clauses disagree.
    """
    turns = np.bincount(clauses.text, weights=clauses.turned, minlength=texts) > 0
    praised, blamed = (np.bincount(clauses.text, weights=sign * words > _SAID, minlength=texts) > 0 for sign in (1, -1))
    turned = (turns | (praised & blamed))[clauses.text]
    return np.stack([clause_logit, words, np.where(turned, 0.0, document_logit), np.where(turned, document_logit, 0.0)], axis=1)
