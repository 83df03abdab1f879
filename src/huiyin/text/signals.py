"""What a text wants and how it feels: intent, urgency, effort, emotion, bought praise, spam."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.text.compiled import compiled
from huiyin.text.cues import EMOTIONS, INTENT_LISTS, SignalCues
from huiyin.text.heads import Heads
from huiyin.text.phrases import Hits
from huiyin.text.polarity import NEUTRAL_BAND

INTENTS = ("none", "complaint", "praise", "wish", "need", "question", "churn")
URGENCIES = ("low", "medium", "high", "urgent")
EFFORTS = ("none", "low", "high")
SPAM_REASONS = ("none", "bought_praise", "advert", "template")
"""Why a text is flagged: praise that was paid for, an advertisement, a text that says itself to be copied."""
_BIT = {name: bit for bit, name in enumerate(INTENT_LISTS)}
_EMOTION_BITS = range(len(INTENT_LISTS), len(INTENT_LISTS) + len(EMOTIONS) - 1)
HEAD_EMOTIONS = {"happy": "joy", "angry": "anger", "sad": "sadness", "fear": "fear", "surprise": "surprise", "neutral": "none"}
"""The names of the learned head's classes in `EMOTIONS`."""
_SURE = 0.6
"""Probability from which the learned emotion speaks where no word does."""


@dataclass(frozen=True, slots=True)
class Signals:
    """Codes into `INTENTS`, `URGENCIES`, `EFFORTS`, `EMOTIONS`, one per unit (text or mention)."""

    intent: NDArray[np.int8]
    urgency: NDArray[np.int8]
    effort: NDArray[np.int8]
    emotion: NDArray[np.int8]
    spam: NDArray[np.bool_]
    spam_reason: NDArray[np.int8]
    """Into `SPAM_REASONS`; the facts table keeps only whether there is one."""


def gather(hits: Hits, cues: SignalCues, unit: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """How often each signal occurs in each unit; `unit` names the unit of each hit. Shape (count, signals)."""
    out = np.zeros((count, len(INTENT_LISTS) + len(EMOTIONS) - 1), dtype=np.int64)
    _gather(cues.kinds[hits.phrase], unit, out)
    return out


@compiled
def _gather(kinds: NDArray[np.int64], unit: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    for hit in range(len(kinds)):
        for bit in range(out.shape[1]):
            out[unit[hit], bit] += (kinds[hit] >> bit) & 1


@compiled
def _count_marks(codes: NDArray[np.uint32], bounds: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    """Exclamation and question marks of each clause."""
    for clause in range(len(out)):
        for at in range(bounds[clause], bounds[clause + 1]):
            out[clause] += codes[at] == 0x21 or codes[at] == 0x3F


def emphasis(counts: NDArray[np.int64], folded: NDArray[np.uint32], bounds: NDArray[np.int64]) -> NDArray[np.float64]:
    """How loudly each clause is said, 0..1: exclamation and question marks, churn threats, anger, disgust, fear."""
    marks = np.zeros(len(bounds) - 1, dtype=np.int64)
    _count_marks(folded, bounds, marks)
    loud = np.minimum(marks, 3) / 3.0
    strong = [_BIT["churn"], *(bit for bit, name in zip(_EMOTION_BITS, EMOTIONS[1:], strict=True) if name in ("anger", "disgust", "fear"))]
    return np.asarray(np.minimum(0.6 * loud + 0.6 * (counts[:, strong].sum(axis=1) > 0), 1.0))


def read(counts: NDArray[np.int64], sentiment: NDArray[np.float64], heads: Heads | None, sums: NDArray[np.int64] | None) -> Signals:
    """Signals of units from their cue counts and sentiment; the learned emotion only where `heads` and `sums` are given."""
    count = len(counts)
    learned = np.zeros(count, dtype=np.int64)
    if heads is not None and sums is not None and count:
        probabilities = heads.probabilities("emotion", sums)
        names = np.array([EMOTIONS.index(HEAD_EMOTIONS[name]) for name in heads.classes["emotion"]])
        learned = np.where(probabilities.max(axis=1) >= _SURE, names[probabilities.argmax(axis=1)], 0)
    out = np.zeros((4, count), dtype=np.int8)
    _decide(counts, sentiment, learned, out)
    bought, advert, template = counts[:, _BIT["bought_praise"]] > 0, counts[:, _BIT["spam"]] >= 2, counts[:, _BIT["template"]] > 0
    reason = np.where(bought, 1, np.where(advert, 2, np.where(template, 3, 0))).astype(np.int8)
    return Signals(out[0], out[1], out[2], out[3], reason > 0, reason)


_WISH, _NEED, _QUESTION, _CHURN, _URGENT, _HARD, _EASY = (
    _BIT[name] for name in ("wish", "need", "question", "churn", "urgent", "effort_high", "effort_low")
)
_FIRST_EMOTION = len(INTENT_LISTS)
_PLEASANT = 2
"""So many emotions after `none` are pleasant; the last, surprise, is either."""
_UNPLEASANT = 6
_NONE, _COMPLAINT, _PRAISE, _WISHES, _NEEDS, _ASKS, _LEAVES = range(len(INTENTS))


_IMPLIED = 0.3
"""Sentiment of a text that no word judges, but that tells what the customer does: leaves, has to run about, is spared to."""


def implied(counts: NDArray[np.int64], sentiment: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sentiment (N,) of texts by their cue counts too: 不续费了 and 跑了三趟 blame, 全程不用动手 praises, if they judge nothing else, ask or wish."""
    silent = (np.abs(sentiment) < NEUTRAL_BAND) & (counts[:, _WISH] == 0) & (counts[:, _QUESTION] == 0)
    bad = counts[:, _CHURN] + counts[:, _HARD] > 0
    return np.where(silent & bad, -_IMPLIED, np.where(silent & (counts[:, _EASY] > 0), _IMPLIED, sentiment))


@compiled
def _decide(counts: NDArray[np.int64], sentiment: NDArray[np.float64], learned: NDArray[np.int64], out: NDArray[np.int8]) -> None:
    """Rows intent, urgency, effort, emotion of each unit, into `out`."""
    for unit in range(len(counts)):
        has = counts[unit]
        negative, positive = sentiment[unit] <= -NEUTRAL_BAND, sentiment[unit] >= NEUTRAL_BAND
        out[0, unit] = _intent(has, negative, positive)
        level = 0
        if negative:
            level = 2 if sentiment[unit] <= -0.8 and (has[_CHURN] > 0 or has[_HARD] > 0) else 1
        if has[_URGENT] > 0 and not positive:
            level = max(level, 2) + (has[_URGENT] > 1)
        out[1, unit] = min(level, 3)
        out[2, unit] = 2 if has[_HARD] > 0 and not positive else (1 if has[_EASY] > 0 and not negative else 0)
        out[3, unit] = _emotion(has[_FIRST_EMOTION:], learned[unit], negative, positive)


@compiled
def _intent(has: NDArray[np.int64], negative: bool, positive: bool) -> int:
    if has[_CHURN] > 0 and not positive:
        return _LEAVES
    if has[_WISH] > 0:
        return _WISHES
    if has[_QUESTION] > 0 and not negative:
        return _ASKS
    if negative:
        return _COMPLAINT
    if has[_NEED] > 0 and not positive:
        return _NEEDS
    return _ASKS if has[_QUESTION] > 0 else (_PRAISE if positive else _NONE)


@compiled
def _emotion(words: NDArray[np.int64], learned: int, negative: bool, positive: bool) -> int:
    """The emotion named most often that agrees with the sentiment; else the learned one, if it agrees."""
    best, most = 0, 0
    for at in range(len(words)):
        unfit = (at < _PLEASANT and negative) or (_PLEASANT <= at < _UNPLEASANT and positive)
        if words[at] > most and not unfit:
            best, most = at + 1, words[at]
    if best == 0 and learned > 0:
        agrees = positive if learned <= _PLEASANT else (negative if learned <= _UNPLEASANT else True)
        return learned if agrees else 0
    return best
