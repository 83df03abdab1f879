"""What a text wants and how it feels: intent, urgency, effort, emotion, bought praise, spam."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.text.cues import EMOTIONS, INTENT_LISTS, SignalCues
from huiyin.text.heads import Heads
from huiyin.text.phrases import Hits
from huiyin.text.polarity import NEUTRAL_BAND

INTENTS = ("none", "complaint", "praise", "wish", "need", "question", "churn")
URGENCIES = ("low", "medium", "high", "urgent")
EFFORTS = ("none", "low", "high")
_BIT = {name: bit for bit, name in enumerate(INTENT_LISTS)}
_EMOTION_BITS = range(len(INTENT_LISTS), len(INTENT_LISTS) + len(EMOTIONS) - 1)
_HEAD_EMOTIONS = {"happy": "joy", "angry": "anger", "sad": "sadness", "fear": "fear", "surprise": "surprise", "neutral": "none"}
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


def gather(hits: Hits, cues: SignalCues, unit: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """How often each signal occurs in each unit; `unit` names the unit of each hit. Shape (count, signals)."""
    bits = len(INTENT_LISTS) + len(EMOTIONS) - 1
    out = np.zeros((count, bits), dtype=np.int64)
    kinds = cues.kinds[hits.phrase]
    for bit in range(bits):
        out[:, bit] = np.bincount(unit[(kinds >> bit) & 1 == 1], minlength=count)
    return out


def emphasis(counts: NDArray[np.int64], folded: NDArray[np.uint32], bounds: NDArray[np.int64]) -> NDArray[np.float64]:
    """How loudly each clause is said, 0..1: exclamation and question marks, churn threats, anger, disgust, fear."""
    marks = np.concatenate([[0], np.cumsum((folded == ord("!")) | (folded == ord("?")))])
    loud = np.minimum(marks[bounds[1:]] - marks[bounds[:-1]], 3) / 3.0
    strong = [_BIT["churn"], *(bit for bit, name in zip(_EMOTION_BITS, EMOTIONS[1:], strict=True) if name in ("anger", "disgust", "fear"))]
    return np.asarray(np.minimum(0.6 * loud + 0.6 * (counts[:, strong].sum(axis=1) > 0), 1.0))


def read(counts: NDArray[np.int64], sentiment: NDArray[np.float64], heads: Heads | None, sums: NDArray[np.int64] | None) -> Signals:
    """Signals of units from their cue counts and sentiment; the learned emotion only where `heads` and `sums` are given."""
    negative, positive = sentiment <= -NEUTRAL_BAND, sentiment >= NEUTRAL_BAND
    has = {name: counts[:, bit] > 0 for name, bit in _BIT.items()}
    intent = np.select(
        [has["churn"] & ~positive, has["wish"], has["question"] & ~negative, negative, has["need"] & ~positive, has["question"], positive],
        [INTENTS.index(name) for name in ("churn", "wish", "question", "complaint", "need", "question", "praise")],
        0,
    )
    strong = (sentiment <= -0.8).astype(np.int64)
    level = np.where(negative, 1 + (has["churn"] | has["effort_high"]) * strong, 0)
    level = np.where(has["urgent"] & ~positive, np.maximum(level, 2) + (counts[:, _BIT["urgent"]] > 1), level)
    effort = np.select([has["effort_high"] & ~positive, has["effort_low"] & ~negative], [2, 1], 0)
    spam = (counts[:, _BIT["spam"]] >= 2) | has["bought_praise"]
    return Signals(
        intent.astype(np.int8),
        np.minimum(level, 3).astype(np.int8),
        effort.astype(np.int8),
        _emotion(counts[:, list(_EMOTION_BITS)], negative, positive, heads, sums),
        spam,
    )


def _emotion(
    words: NDArray[np.int64], negative: NDArray[np.bool_], positive: NDArray[np.bool_], heads: Heads | None, sums: NDArray[np.int64] | None
) -> NDArray[np.int8]:
    """The emotion named most often that agrees with the sentiment; else the learned one where it is sure."""
    fits = np.ones(words.shape, dtype=bool)
    fits[:, :2] = ~negative[:, None]
    fits[:, 2:6] = ~positive[:, None]
    scores = np.where(fits, words, 0)
    emotion = np.where(scores.max(axis=1) > 0, scores.argmax(axis=1) + 1, 0) if len(words) else np.zeros(0, np.int64)
    if heads is not None and sums is not None and len(words):
        probabilities = heads.probabilities("emotion", sums)
        names = [EMOTIONS.index(_HEAD_EMOTIONS[name]) for name in heads.classes["emotion"]]
        best = np.asarray(names)[probabilities.argmax(axis=1)]
        agrees = np.where(np.isin(best, (1, 2)), positive, np.where(np.isin(best, (3, 4, 5, 6)), negative, True))
        emotion = np.where((emotion == 0) & (probabilities.max(axis=1) >= _SURE) & agrees, best, emotion)
    return emotion.astype(np.int8)
