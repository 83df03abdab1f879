"""Names of topics out of customers' mouths: what they speak of, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import rjieba

from huiyin.text.clauses import kinds_of
from huiyin.text.codepoints import encode, fold
from huiyin.text.cues import opinion_cues

SAMPLE = 300
"""Opinions that are looked at for a name."""
_LONGEST = 10
_NEVER_AT_AN_END = frozenset("的了是在我你他她它这那就都也很还有和与被把给太真好不没个一吗呢啊吧要会能着过上下里又再让得地对为从到去来用说")
_EMPTY_WORDS = """
什么 这个 那个 怎么 已经 希望 感觉 觉得 没有 时候 有点 一个 一下 根本 确实 真的 非常 我们 他们 大家 自己 现在 还是 就是 不是 如果 但是 因为 所以
可以 可能 应该 需要 这样 那么 其实 比较 一直 really very this that with have was are and the for but not its from they
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
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
        common = count >= max(2, _LEAST * len(texts)) and len(seeds) < 6
        within = any(word in longer and objects[longer] >= 0.9 * count for longer in objects if len(longer) > len(word))
        if common and not within and not any(word in seed or seed in word for seed in seeds):
            seeds.append(word)
    return Named(
        " · ".join(part for part in (first, second) if part) or (min(texts, key=lambda one: (len(one), one))[:12] if texts else ""), tuple(seeds)
    )


def _counted(texts: Sequence[str]) -> tuple[Counter[str], Counter[str]]:
    """In how many texts each run of words stands that touches no word of praise, blame or negation; and each other short one."""
    points = fold(encode(texts))
    cues = opinion_cues()
    hits = cues.mood(cues.finder.find(points))
    mood = np.concatenate([[0], np.cumsum(hits.covered(len(points.codes)))])
    brackets = (points.codes >= 0x3008) & (points.codes <= 0x3020)
    letters = np.concatenate([[0], np.cumsum((kinds_of(points.codes) == 2) & ~brackets)])
    objects: Counter[str] = Counter()
    complaints: Counter[str] = Counter()
    for at, text in enumerate(texts):
        shift = int(points.starts[at])
        calm, short = set(), set()
        for start, end, words in _runs(text):
            if letters[shift + end] - letters[shift + start] < end - start:
                continue
            said = text[start:end]
            touched = mood[shift + end] > mood[shift + start]
            if not touched and _stands(said):
                calm.add(said)
            if end - start <= 6 and words <= 3 and (touched or _stands(said)) and said[-1] not in "的了就都也很还和与被把给太真个":
                short.add(said)
        objects.update(calm)
        complaints.update(short)
    return objects, complaints


def _runs(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, words) of up to four words in a row, 2 to `_LONGEST` letters."""
    ends = list(accumulate((len(word) for word in rjieba.cut(text)), initial=0))
    for first in range(len(ends) - 1):
        for last in range(first + 1, min(first + 5, len(ends))):
            if 2 <= ends[last] - ends[first] <= _LONGEST:
                yield ends[first], ends[last], last - first


def _stands(word: str) -> bool:
    """Whether it may stand alone: no particle at either end, no half Latin word."""
    return (
        word.lower() not in _EMPTY and word[0] not in _NEVER_AT_AN_END and word[-1] not in _NEVER_AT_AN_END and (not word.isascii() or len(word) > 2)
    )


def _best(counts: Counter[str], texts: int) -> str:
    """The word said most, and of those said nearly as often the longest that holds it."""
    common = [(word, count) for word, count in counts.items() if count >= max(2, _LEAST * texts)]
    if not common:
        return ""
    word, count = min(common, key=lambda one: (-one[1], -len(one[0]), one[0]))
    longer = [one for one in common if word in one[0] and one[1] >= 0.7 * count]
    return min(longer, key=lambda one: (-len(one[0]), -one[1], one[0]))[0]


def _overlap(word: str, other: str) -> bool:
    word, other = word.lower(), other.lower()
    return bool(other) and (word in other or other in word or any(word[:size] == other[-size:] or word[-size:] == other[:size] for size in (1, 2, 3)))
