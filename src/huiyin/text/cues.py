"""Words that carry opinion, degree, negation, wish, threat …: one list file, matched in one pass."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources

import numpy as np
import yaml
from numpy.typing import NDArray

from huiyin.text.phrases import PhraseFinder

INTENT_LISTS = ("wish", "need", "question", "churn", "urgent", "effort_high", "effort_low", "irony", "bought_praise", "spam")
EMOTIONS = ("none", "joy", "like", "anger", "sadness", "fear", "disgust", "surprise")


@dataclass(frozen=True, slots=True)
class OpinionCues:
    """One finder for polarity; arrays tell for each phrase what it does (zero where it does not)."""

    finder: PhraseFinder
    value: NDArray[np.float64]
    """Signed strength of opinion words, −1..1."""
    negates: NDArray[np.bool_]
    degree: NDArray[np.float64]
    turns: NDArray[np.bool_]
    affirms: NDArray[np.bool_]
    """Two negators in one (没有不) before an opinion word: it stands."""
    inverted: NDArray[np.bool_]
    """Praise with a negator in it (不卡顿): n-grams see the complaint."""


@dataclass(frozen=True, slots=True)
class SignalCues:
    """One finder for intents, effort, emotion and spam; `kinds[p]` is the bit set of what phrase p signals."""

    finder: PhraseFinder
    kinds: NDArray[np.int64]


def _load() -> dict[str, object]:
    text = resources.files("huiyin.text").joinpath("data/cues.yaml").read_text(encoding="utf-8")
    loaded: dict[str, object] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


@functools.cache
def _lists() -> dict[str, object]:
    return _load()


OWN_STRENGTH = 1.0
"""Of a word that a company itself calls good or bad: it knows its customers."""


@functools.lru_cache(maxsize=8)
def opinion_cues(worse: tuple[str, ...] = (), better: tuple[str, ...] = ()) -> OpinionCues:
    """The opinion words shipped with Huiyin, and words of one's own (folded) that judge: these hold where both name one."""
    lists = _lists()
    entries: dict[str, tuple[float, bool, float, bool]] = {}
    for sign, own in ((-1.0, worse), (1.0, better)):
        entries.update(dict.fromkeys(own, (sign * OWN_STRENGTH, False, 0.0, False)))
    for name, sign in (("negative", -1.0), ("positive", 1.0)):
        words = lists[name]
        assert isinstance(words, dict)
        for word, strength in words.items():
            entries.setdefault(str(word), (sign * float(strength), False, 0.0, False))
    for word in _strings(lists["negators"]):
        entries.setdefault(word, (0.0, True, 0.0, False))
    degrees = lists["degree"]
    assert isinstance(degrees, dict)
    for word, factor in degrees.items():
        entries.setdefault(str(word), (0.0, False, float(factor), False))
    for word in _strings(lists["turn"]):
        entries.setdefault(word, (0.0, False, 0.0, True))
    for word in (*_strings(lists["negator_exceptions"]), *_strings(lists["double_negatives"])):
        entries.setdefault(word, (0.0, False, 0.0, False))
    rows = list(entries.values())
    negators, exceptions = tuple(_strings(lists["negators"])), set(_strings(lists["negator_exceptions"]))
    doubled = set(_strings(lists["double_negatives"])) - exceptions
    return OpinionCues(
        PhraseFinder(list(entries)),
        np.array([row[0] for row in rows]),
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows]),
        np.array([row[3] for row in rows]),
        np.array([word in doubled and row == (0.0, False, 0.0, False) for word, row in entries.items()]),
        np.array([row[0] > 0 and word.startswith(negators) and word not in exceptions for word, row in entries.items()]),
    )


@functools.cache
def signal_cues() -> SignalCues:
    """Phrases that signal intents (bits 0..9 in the order of `INTENT_LISTS`) and emotions (bits 10.. as `EMOTIONS`[1:])."""
    lists = _lists()
    kinds: dict[str, int] = {}
    for bit, name in enumerate(INTENT_LISTS):
        for phrase in _strings(lists[name]):
            kinds[phrase] = kinds.get(phrase, 0) | 1 << bit
    emotions = lists["emotion"]
    assert isinstance(emotions, dict)
    for bit, name in enumerate(EMOTIONS[1:], start=len(INTENT_LISTS)):
        for phrase in _strings(emotions[name]):
            kinds[phrase] = kinds.get(phrase, 0) | 1 << bit
    return SignalCues(PhraseFinder(list(kinds)), np.array(list(kinds.values()), dtype=np.int64))


def _strings(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(one) for one in value]
