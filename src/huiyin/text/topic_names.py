"""Names of topics out of customers' mouths: what they speak of, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from huiyin.text.clauses import kinds_of
from huiyin.text.codepoints import encode, fold
from huiyin.text.cues import opinion_cues

SAMPLE = 300
"""Opinions that are looked at for a name."""
_LONGEST = 8
_NEVER_AT_AN_END = frozenset("的了是在我你他她它这那就都也很还有和与被把给太真好不没个一吗呢啊吧要会能着过上下里又再让得地对为从到去来用说")
_LEAST = 0.25
"""Share of the opinions in which a word must stand to name the topic."""


@dataclass(frozen=True, slots=True)
class Named:
    """`name` joins object and complaint; `seeds` are words by which a taxonomy finds the topic, the commonest first."""

    name: str
    seeds: tuple[str, ...]


def named(texts: Sequence[str]) -> Named:
    """A name for a topic from its opinions, word for word as they were said; the longest of what is said most.

    >>> named(["充电口盖打不开", "充电口盖又打不开了", "下雨天充电口盖打不开"]).name
    '充电口盖 · 打不开'
    """
    texts = list(texts)[:SAMPLE]
    objects, complaints = _counted(texts)
    first = _best(objects, len(texts))
    if not first:
        first, complaints = _best(complaints, len(texts)), Counter()
    second = _best(Counter({word: count for word, count in complaints.items() if not _overlap(word, first)}), len(texts))
    seeds = [first] if first else []
    for word, count in sorted(objects.items(), key=lambda one: (-one[1], -len(one[0]), one[0])):
        if count >= max(2, _LEAST * len(texts)) and len(seeds) < 6 and not any(word in seed or seed in word for seed in seeds):
            seeds.append(word)
    return Named(" · ".join(part for part in (first, second) if part) or (min(texts, key=lambda one: (len(one), one))[:12] if texts else ""), tuple(seeds))


def _counted(texts: Sequence[str]) -> tuple[Counter[str], Counter[str]]:
    """In how many texts each run of letters stands that touches no word of praise, blame or negation; and each that does."""
    points = fold(encode(texts))
    letters = kinds_of(points.codes) == 2
    hits = opinion_cues().finder.find(points)
    mood = np.zeros(len(points.codes), bool)
    for start, end in zip(hits.start.tolist(), hits.end.tolist(), strict=True):
        mood[start:end] = True
    objects: Counter[str] = Counter()
    complaints: Counter[str] = Counter()
    for at, text in enumerate(texts):
        first = int(points.starts[at])
        calm, moved = set(), set()
        for start in range(len(text)):
            for end in range(start + 2, min(start + _LONGEST, len(text)) + 1):
                if not letters[first + end - 1]:
                    break
                if not letters[first + start]:
                    break
                (moved if mood[first + start : first + end].any() else calm).add(text[start:end])
        objects.update(one for one in calm if _stands(one))
        complaints.update(one for one in moved if len(one) <= 5 and one[-1] not in "的了就都也很和与被把给太真个")
        complaints.update(one for one in calm if len(one) <= 4 and _stands(one))
    return objects, complaints


def _stands(word: str) -> bool:
    """Whether it may stand alone: no particle at either end, no half Latin word."""
    return word[0] not in _NEVER_AT_AN_END and word[-1] not in _NEVER_AT_AN_END and (not word.isascii() or len(word) > 2)


def _best(counts: Counter[str], texts: int) -> str:
    """The word said most, and of those said nearly as often the longest that holds it."""
    common = [(word, count) for word, count in counts.items() if count >= max(2, _LEAST * texts)]
    if not common:
        return ""
    word, count = min(common, key=lambda one: (-one[1], -len(one[0]), one[0]))
    longer = [one for one in common if word in one[0] and one[1] >= 0.7 * count]
    return min(longer, key=lambda one: (-len(one[0]), -one[1], one[0]))[0]


def _overlap(word: str, other: str) -> bool:
    return bool(other) and (word in other or other in word or any(word[:size] == other[-size:] or word[-size:] == other[:size] for size in (1, 2, 3)))
