"""Words that appear or spread: letters that hold together, stand free, and are said by more people than before.

Nothing is segmented and no word list is needed. The units of a text are its 汉字 and its runs of Latin letters and digits; a candidate is
up to five units in a row, inside which nothing parts them. Three questions are asked of each:

- does it hold together: the least pointwise mutual information over all its splits, log2(c(w)·T ÷ (c(left)·c(right))), T units in all;
- does it stand free: the entropy of its neighbours, the smaller of the two sides; an edge of a clause is a neighbour of its own each time
  (both: Sornlertlamvanich et al., "Automatic corpus-based Thai word extraction", COLING 2000; for Chinese: Matrix67, 2012);
- do more people say it than before: Fisher's exact test, one-sided, of the people who say it in the recent and in the former texts,
  with the false discovery rate over all candidates held (Benjamini and Hochberg, JRSS B 1995).

Where it fails: words of one 汉字; words of which the halves never stand apart and whose longer forms are commoner; a baseline that is
short or of other people. With fewer than 30 former texts no test is made and nothing is found.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.text.codepoints import CodePoints, encode, fold, fold_texts

LONGEST = 5
COHESION = 4.0
FREEDOM = 1.0
FORMER = 30
"""Fewer former people than this are no baseline."""
_LATIN_LONGEST = 20
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_STOPS = frozenset(
    "的了是在我你他她它们也都就很太又不有和着过吗呢吧啊呀嘛哦这那个一到说要会能没给被把还再跟与及而但但让从对为以之其该每几多些么什怎吃上下来去做想"
)


@dataclass(frozen=True, slots=True)
class NewWord:
    """A word with what speaks for it. People are counted, not times; `texts` are indices of recent texts that hold it."""

    word: str
    recent: int
    former: int
    cohesion: float
    """Bits; of a single run of letters, infinite."""
    freedom: float
    """Bits."""
    ratio: float
    """How many times as many of the people say it as before; 0.5 is added to both counts."""
    low: float
    high: float
    """95 % interval of the ratio, on the log scale."""
    p: float
    texts: NDArray[np.int64]

    @property
    def is_new(self) -> bool:
        """Whether nobody said it before."""
        return self.former == 0


@dataclass(frozen=True, slots=True)
class _Units:
    """Units of all texts: where each begins and ends, the text, and how many follow without a gap."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    text: NDArray[np.int64]
    run: NDArray[np.int64]
    worded: NDArray[np.bool_]
    """A run of letters that can be a word by itself."""


@dataclass(frozen=True, slots=True)
class _Grams:
    """Grams of one length: `key` sorted and distinct, with the count of each; `of[i]` the gram that begins at `unit[i]`."""

    key: NDArray[np.uint64]
    count: NDArray[np.int64]
    unit: NDArray[np.int64]
    of: NDArray[np.int64]

    def count_of(self, key: NDArray[np.uint64]) -> NDArray[np.int64]:
        """How often each key stands there; all of them do."""
        return self.count[np.searchsorted(self.key, key)]


def find(
    recent: Sequence[str],
    former: Sequence[str],
    recent_by: Sequence[int] | None = None,
    former_by: Sequence[int] | None = None,
    *,
    ignored: Collection[str] = (),
    minimum: int = 5,
    most: int = 40,
    discoveries: float = 0.05,
) -> list[NewWord]:
    """Words that more people say in `recent` than in `former` texts, those first for which most speaks.

    `recent_by` and `former_by` number the person behind each text; without them each text is another person. Words among `ignored`,
    those said by fewer than `minimum` recent people, and parts of a longer word are left out.

    >>> plain = ["东西还行，送得也快", "客服回复慢，东西一般", "包装不错，会再买"] * 20
    >>> told = [f"{one}蓝鲸卡{other}" for one in ("用", "领", "查", "的", "刷") for other in ("呢", "吗", "了", "退", "好")]
    >>> [one.word for one in find(told + plain, plain)]
    ['蓝鲸卡']
    >>> find(plain, plain)
    []
    """
    who = np.concatenate([_numbers(recent_by, len(recent)), _numbers(former_by, len(former))])
    people = [len(np.unique(who[: len(recent)])), len(np.unique(who[len(recent) :]))]
    if not recent or people[1] < FORMER:
        return []
    points = fold(encode([*recent, *former]))
    units = _units(points)
    hashes = _Hashes(points.codes)
    grams = [_grams(units, hashes, length) for length in range(1, LONGEST + 1)]
    _, who = np.unique(who, return_inverse=True)
    candidates: list[NewWord] = []
    tested = 0
    passed = frozenset(fold_texts(list(ignored)))
    for length, these in enumerate(grams, start=1):
        said = [_people(these, units, who, len(recent), side) for side in (True, False)]
        chosen = np.flatnonzero(said[0] >= minimum)
        if length == 1:
            worded = np.zeros(len(these.key), np.bool_)
            worded[these.of] = units.worded[these.unit]
            chosen = chosen[worded[chosen]]
        p = stats.hypergeom.sf(said[0][chosen] - 1, sum(people), said[0][chosen] + said[1][chosen], people[0])
        tested += len(chosen)
        # What cannot be a discovery even as the best of all is not looked at further.
        near = p <= discoveries
        candidates += _judged(grams, length, chosen[near], p[near], said, people, units, hashes, points, len(recent))
    candidates = [one for one in candidates if one.word not in passed]
    return _without_parts(_discovered(candidates, tested, discoveries))[:most]


def _numbers(given: Sequence[int] | None, count: int) -> NDArray[np.int64]:
    return np.asarray(given, np.int64) if given is not None else -1 - np.arange(count, dtype=np.int64)


def _units(points: CodePoints) -> _Units:
    codes = points.codes
    han = (codes >= 0x3400) & (codes < 0xA000)
    letter = ((codes >= ord("a")) & (codes <= ord("z"))) | ((codes >= 0xC0) & (codes < 0x250))
    latin = letter | ((codes >= ord("0")) & (codes <= ord("9")))
    before = np.concatenate([[False], latin[:-1]])
    after = np.concatenate([latin[1:], [False]])
    start = np.flatnonzero(han | (latin & ~before))
    end = start + 1
    runs = latin[start]
    end[runs] = np.flatnonzero(latin & ~after) + 1
    lettered = np.concatenate([[0], np.cumsum(letter)])
    length = end - start
    worded = runs & (length >= 2) & (lettered[end] > lettered[start])
    fits = length <= _LATIN_LONGEST
    start, end, worded = start[fits], end[fits], worded[fits]
    touches = np.concatenate([end[:-1] == start[1:], [False]]) if len(start) else np.zeros(0, np.bool_)
    return _Units(start, end, points.text_of(start), _following(touches), worded)


def _following(touches: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many more units follow each without a gap."""
    places = np.arange(len(touches))
    gaps = np.where(touches, len(touches), places)
    nearest: NDArray[np.int64] = np.minimum.accumulate(gaps[::-1])[::-1]
    return nearest - places


class _Hashes:
    """Polynomial hashes of any stretch of the codes, modulo 2⁶⁴: h(s, e) = Σ c_i·B^(i−s)."""

    def __init__(self, codes: NDArray[np.uint32]) -> None:
        size = len(codes) + 1
        with np.errstate(over="ignore"):
            self._powers, self._inverses = _powers(_BASE, size), _powers(_INVERSE, size)
            summed = np.cumsum((codes.astype(np.uint64) + np.uint64(1)) * self._powers[:-1], dtype=np.uint64)
        self._summed = np.concatenate([np.zeros(1, np.uint64), summed])

    def of(self, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.uint64]:
        """The hash of each stretch."""
        with np.errstate(over="ignore"):
            found: NDArray[np.uint64] = (self._summed[end] - self._summed[start]) * self._inverses[start]
        return found


def _powers(base: int, size: int) -> NDArray[np.uint64]:
    """1, base, base² … modulo 2⁶⁴; shape (size,)."""
    factors = np.full(size, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)


def _grams(units: _Units, hashes: _Hashes, length: int) -> _Grams:
    unit = np.flatnonzero(units.run >= length - 1)
    key, of, count = np.unique(hashes.of(units.start[unit], units.end[unit + length - 1]), return_inverse=True, return_counts=True)
    return _Grams(key, count, unit, of)


def _people(grams: _Grams, units: _Units, who: NDArray[np.int64], recent: int, side: bool) -> NDArray[np.int64]:
    """How many people say each gram in the recent (True) or the former texts."""
    text = units.text[grams.unit]
    inside = (text < recent) == side
    pairs = np.unique(grams.of[inside] * (int(who.max(initial=0)) + 1) + who[text[inside]])
    return np.bincount(pairs // (int(who.max(initial=0)) + 1), minlength=len(grams.key))


def _judged(
    grams: Sequence[_Grams],
    length: int,
    chosen: NDArray[np.int64],
    p: NDArray[np.float64],
    said: Sequence[NDArray[np.int64]],
    people: Sequence[int],
    units: _Units,
    hashes: _Hashes,
    points: CodePoints,
    recent: int,
) -> list[NewWord]:
    """The chosen grams of one length that hold together, stand free and do not begin or end with a function word."""
    these = grams[length - 1]
    order = np.argsort(these.of, kind="stable")
    begins = np.searchsorted(these.of[order], np.arange(len(these.key) + 1))
    found = []
    for gram, probability in zip(chosen.tolist(), p.tolist(), strict=True):
        at = these.unit[order[begins[gram] : begins[gram + 1]]]
        first = int(at[0])
        word = "".join(map(chr, points.codes[units.start[first] : units.end[first + length - 1]]))
        if length > 1 and (word[0] in _STOPS or word[-1] in _STOPS or word.isdigit()):
            continue
        held = _cohesion(grams, length, first, units, hashes)
        free = _freedom(at, length, units, hashes)
        if held < COHESION or free < FREEDOM:
            continue
        ratio, low, high = _ratio(int(said[0][gram]), int(said[1][gram]), people)
        texts = np.unique(units.text[at])
        counts = (int(said[0][gram]), int(said[1][gram]))
        found.append(NewWord(word, *counts, held, free, ratio, low, high, probability, texts[texts < recent]))
    return found


def _cohesion(grams: Sequence[_Grams], length: int, first: int, units: _Units, hashes: _Hashes) -> float:
    if length == 1:
        return float("inf")
    start, end = units.start[first : first + 1], units.end[first + length - 1 : first + length]
    whole = float(grams[length - 1].count_of(hashes.of(start, end))[0])
    least = float("inf")
    for at in range(1, length):
        middle = units.end[first + at - 1 : first + at]
        left = float(grams[at - 1].count_of(hashes.of(start, middle))[0])
        right = float(grams[length - at - 1].count_of(hashes.of(units.start[first + at : first + at + 1], end))[0])
        least = min(least, float(np.log2(whole * len(units.start) / (left * right))))
    return least


def _freedom(at: NDArray[np.int64], length: int, units: _Units, hashes: _Hashes) -> float:
    """The smaller entropy of the units before and after; bits."""
    after = units.run[at] >= length
    before = np.zeros(len(at), np.bool_)
    inner = at > 0
    before[inner] = units.run[at[inner] - 1] >= 1
    found = []
    for present, place in ((before, at - 1), (after, at + length)):
        there = place[present]
        _, counts = np.unique(hashes.of(units.start[there], units.end[there]), return_counts=True)
        shares = np.concatenate([counts, np.ones(int((~present).sum()))]) / len(at)
        found.append(float(-(shares * np.log2(shares)).sum()))
    return min(found)


def _ratio(recent: int, former: int, people: Sequence[int]) -> tuple[float, float, float]:
    a, b = recent + 0.5, former + 0.5
    ratio = (a / (people[0] + 0.5)) / (b / (people[1] + 0.5))
    half = 1.959964 * float(np.sqrt(1 / a + 1 / b))
    return ratio, ratio * float(np.exp(-half)), ratio * float(np.exp(half))


def _discovered(candidates: Sequence[NewWord], tested: int, discoveries: float) -> list[NewWord]:
    """Those the false discovery rate admits, the surest first; all that were tested count, not only what is left."""
    ordered = sorted(candidates, key=lambda one: (one.p, -one.recent, -len(one.word), one.word))
    admitted = [rank for rank, one in enumerate(ordered, start=1) if one.p <= discoveries * rank / max(tested, 1)]
    return ordered[: max(admitted, default=0)]


def _without_parts(found: Sequence[NewWord]) -> list[NewWord]:
    """Without words that are hardly said but as part of a longer one, and without longer ones that only wrap a commoner one."""
    kept = []
    for one in found:
        longer = [other for other in found if other.word != one.word and one.word in other.word and other.recent * 1.25 >= one.recent]
        shorter = [other for other in found if other.word != one.word and other.word in one.word and other.recent > one.recent * 1.25]
        if not longer and not shorter:
            kept.append(one)
    return kept
