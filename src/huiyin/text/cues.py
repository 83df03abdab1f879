"""Words that carry opinion, degree, negation, wish, threat …: one list file, matched in one pass."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import fold_texts
from huiyin.text.composing import BITS
from huiyin.text.phrases import Hits, PhraseFinder
from huiyin.text.shipped import shipped

INTENT_LISTS = ("wish", "need", "question", "churn", "urgent", "effort_high", "effort_low", "irony", "bought_praise", "spam", "template")
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
    roles: NDArray[np.int64]
    """Bit set of what the phrase does to others; see `huiyin.text.composing`."""
    measures: NDArray[np.int64]
    """Of a measure (高): twice its dimension, and 1 for more, 0 for less. Of an object (油耗): two bits a dimension, 1 more of it is good, 2 bad."""

    def mood(self, hits: Hits) -> Hits:
        """The hits that praise, blame, deny, weigh or turn; not those that only stand around them (现在, 如果, 别家)."""
        told = (np.abs(self.value) > 0) | self.negates | (self.degree > 0) | self.turns | self.affirms
        return hits.where((told & (self.roles & BITS["single"] == 0))[hits.phrase])


@dataclass(frozen=True, slots=True)
class SignalCues:
    """One finder for intents, effort, emotion and spam; `kinds[p]` is the bit set of what phrase p signals."""

    finder: PhraseFinder
    kinds: NDArray[np.int64]


def _load() -> dict[str, object]:
    loaded: dict[str, object] = {}
    for name in ("cues", "rules", "families", "sayings"):
        loaded = _joined(loaded, shipped(f"data/{name}.yaml"))
    return loaded


def _joined(first: dict[str, object], second: dict[str, object]) -> dict[str, object]:
    """Both, the lists that both have one behind the other."""
    joined = dict(first)
    for name, value in second.items():
        known = first.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            joined[name] = _joined(known, value)
        else:
            joined[name] = [*known, *value] if isinstance(known, list) and isinstance(value, list) else value
    return joined


@functools.cache
def _lists() -> dict[str, object]:
    return _load()


MOCKING = -0.5
"""Of a rhetorical question or a mocking phrase that holds no opinion word."""
_WELL_KNOWN = frozenset(["不错", "不少"])
"""Praise with a negator in it that every training text is full of."""
OWN_STRENGTH = 1.0
"""Of a word that a company itself calls good or bad: it knows its customers."""


class _Entries:
    """Phrases on their way into arrays: one that stands in several lists plays all its parts; of two strengths the first holds."""

    def __init__(self) -> None:
        self.value: dict[str, float] = {}
        self.degree: dict[str, float] = {}
        self.roles: dict[str, int] = {}
        self.measures: dict[str, int] = {}

    def judge(self, words: Mapping[str, float]) -> None:
        for word, value in words.items():
            self.value.setdefault(word, value)
            self.roles.setdefault(word, 0)

    def play(self, words: Iterable[str], role: str) -> None:
        for word in words:
            self.roles[word] = self.roles.get(word, 0) | int(BITS[role])

    def column(self, values: Mapping[str, float | int]) -> list[float | int]:
        return [values.get(word, 0) for word in self.roles]


@functools.lru_cache(maxsize=8)
def opinion_cues(worse: tuple[str, ...] = (), better: tuple[str, ...] = ()) -> OpinionCues:
    """The opinion words shipped with Huiyin, and words of one's own (folded) that judge: these hold where both name one."""
    lists = _lists()
    entries = _Entries()
    for sign, own in ((-1.0, worse), (1.0, better)):
        entries.judge(dict.fromkeys(own, sign * OWN_STRENGTH))
    own_words = set(entries.value)
    exceptions = set(_strings(lists["negator_exceptions"]))
    _judging(entries, lists)
    entries.play((word for word in _strings(lists["negators"]) if word not in entries.value), "negates")
    entries.play((word for word in _strings(lists["double_negatives"]) if word not in exceptions and word not in entries.value), "affirms")
    entries.play(_strings(lists["turn"]), "turns")
    entries.degree = {word: float(factor) for word, factor in _mapping(lists["degree"]).items() if word not in entries.value}
    for word in (*exceptions, *_strings(lists["plain"]), *entries.degree):
        entries.roles.setdefault(word, 0)
    roles = _mapping(lists["roles"])
    for role, phrases in roles.items():
        entries.play((word for word in expanded(phrases, lists) if word not in own_words), role)
    entries.judge(dict.fromkeys((word for word in expanded(roles["mock"], lists) if entries.value.get(word, 0) == 0), MOCKING))
    _measuring(entries, lists)
    negators = tuple(_strings(lists["negators"]))
    bits = np.array(list(entries.roles.values()), dtype=np.int64)
    return OpinionCues(
        PhraseFinder(list(entries.roles)),
        np.array(entries.column(entries.value), dtype=np.float64),
        (bits & BITS["negates"]) != 0,
        np.array(entries.column(entries.degree), dtype=np.float64),
        (bits & BITS["turns"]) != 0,
        (bits & BITS["affirms"]) != 0,
        np.array([entries.value.get(word, 0) > 0 and _denying(word, negators) and word not in _WELL_KNOWN for word in entries.roles]),
        bits,
        np.array(entries.column(entries.measures), dtype=np.int64),
    )


def _denying(word: str, negators: tuple[str, ...]) -> bool:
    return word.startswith(negators) or word.endswith("没有")


def _judging(entries: _Entries, lists: dict[str, object]) -> None:
    """Words that judge: with a strength of their own, or all of a list with one."""
    for name, sign in (("negative", -1.0), ("positive", 1.0)):
        entries.judge({str(word): sign * float(strength) for word, strength in _mapping(lists[name]).items()})
    for one in _groups(lists["more_words"]):
        words = [word for word in fold_texts(expanded(one["words"], lists)) if word not in entries.value]
        entries.judge(dict.fromkeys(words, float(one["value"])))
        entries.play((word for word in words if len(word) == 1 and "\u4e00" <= word <= "\u9fff"), "single")


def _measuring(entries: _Entries, lists: dict[str, object]) -> None:
    """Measures, and the objects of which more is good or bad: of every measure, or of its own."""
    at: dict[str, tuple[int, int]] = {}
    for number, (more, less) in enumerate(_mapping(lists["measures"]).items()):
        for words, sign in ((more, 1), (less, 0)):
            at.update(dict.fromkeys(words.split("/"), (number, sign)))
    for word, (number, sign) in at.items():
        entries.play([word], "polar" if entries.value.get(word) else "measure")
        entries.measures[word] = 2 * number + sign
    dimensions = range(len(_mapping(lists["measures"])))
    objects = _mapping(lists["objects"])
    for name, code in (("good", 1), ("bad", 2)):
        for word in _strings(objects[name]):
            entries.play([word], "object")
            entries.measures[word] = sum(code << 2 * number for number in dimensions)
    for word, signs in _mapping(objects["own"]).items():
        entries.play([word], "object")
        entries.measures[word] = sum((1 if (sign > 0) == (at[measure][1] == 1) else 2) << 2 * at[measure][0] for measure, sign in signs.items())


def expanded(phrases: object, lists: dict[str, object]) -> list[str]:
    """Phrases with their alternatives written out: 等了{number}{unit}; (a|b)c."""
    parts = _mapping(lists["parts"])
    found: list[str] = []
    for phrase in _strings(phrases):
        pieces = re.split(r"\{(\w+)\}", phrase)
        choices = [[str(one) for one in parts[piece]] if at % 2 else [piece] for at, piece in enumerate(pieces)]
        found += ["".join(one) for one in itertools.product(*choices)]
    return found


@functools.cache
def signal_cues() -> SignalCues:
    """Phrases that signal intents (bits 0.. in the order of `INTENT_LISTS`) and emotions (the bits behind, as `EMOTIONS`[1:])."""
    lists = _lists()
    roles, more = _mapping(lists["roles"]), _mapping(lists["signals"])
    kinds: dict[str, int] = {}
    for bit, name in enumerate(INTENT_LISTS):
        also = [*roles["wish"], *roles["wish_end"]] if name == "wish" else []
        for phrase in expanded([*_strings(lists.get(name, [])), *more.get(name, ()), *also], lists):
            kinds[phrase] = kinds.get(phrase, 0) | 1 << bit
    emotions, emotional = _mapping(lists["emotion"]), _mapping(more["emotion"])
    for bit, name in enumerate(EMOTIONS[1:], start=len(INTENT_LISTS)):
        for phrase in expanded([*_strings(emotions[name]), *emotional.get(name, ())], lists):
            kinds[phrase] = kinds.get(phrase, 0) | 1 << bit
    return SignalCues(PhraseFinder(list(kinds)), np.array(list(kinds.values()), dtype=np.int64))


def _strings(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(one) for one in value]


def _mapping(value: object) -> dict[str, Any]:
    assert isinstance(value, dict)
    return {str(key): one for key, one in value.items()}


def _groups(value: object) -> list[dict[str, Any]]:
    assert isinstance(value, list)
    return value
