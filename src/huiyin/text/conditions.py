"""The conditions under which an opinion holds: when, where, in which weather and state, in which use, for whom; how fast, how far, how cold.

A mention has the conditions that its clause names. A clause that names some and holds no opinion (下雨的时候，) lends them to the opinion
behind it; one that narrows (尤其是冬天) or ends the text, to the opinion before it. The words are those of data/conditions.yaml.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiyin.text.clauses import Clauses
from huiyin.text.codepoints import CodePoints
from huiyin.text.compiled import compiled
from huiyin.text.phrases import Hits, PhraseFinder
from huiyin.text.shipped import shipped

NONE = np.iinfo(np.int64).min
_TENTHS = 10
"""A measured condition is kept as a whole number of tenths."""
_NEAR = 2
"""A condition is lent so many clauses far."""
_FILLED = 4
"""时速(达到了)80: so many letters may stand between a word and its number."""
_DIGITS = 7
_NOTHING, _VALUE, _LEAD, _UNIT, _NARROWS = range(5)
_LEAST_UNIT_ALONE = 50.0
"""42码 is a shoe, 80码 a speed."""
_BELIEVED_ALONE = 1000.0
"""A facet of larger numbers (里程) wants both its word and its unit."""
_NUMERALS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Facet:
    """A kind of condition; `values` are the names of its values by code, none where it holds a number."""

    code: str
    names: dict[str, str]
    values: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Words:
    """What each phrase of the finder says: `kind`, of which facet, which value (of a word before a number: its sign)."""

    finder: PhraseFinder
    kind: NDArray[np.int64]
    facet: NDArray[np.int64]
    value: NDArray[np.int64]
    bounds: NDArray[np.float64]
    """(facets, 2): least and most of a number that is believed."""


@functools.cache
def _file() -> dict[str, Any]:
    return shipped("data/conditions.yaml")


@functools.cache
def facets() -> tuple[Facet, ...]:
    """Every facet, those with words before those with numbers."""
    worded = [Facet(one["id"], one["name"], {value["id"]: value["name"] for value in one["values"]}) for one in _file()["facets"]]
    return (*worded, *(Facet(one["id"], one["name"], {}) for one in _file()["measured"]))


def facet_name(facet: str, language: str) -> str:
    """The facet's name; what is no facet stays as it is."""
    return next((one.names[language] for one in facets() if one.code == facet), facet)


def value_name(facet: str, value: str, language: str) -> str:
    """The value's name; a number, and what is no value, stays as it is."""
    return next((one.values[value][language] for one in facets() if one.code == facet and value in one.values), value)


@functools.cache
def _words() -> _Words:
    rows: list[tuple[str, int, int, int]] = [(word, _NARROWS, 0, 0) for word in _file()["especially"]]
    for at, facet in enumerate(_file()["facets"]):
        rows += [(word, _VALUE, at, code) for code, value in enumerate(facet["values"]) for word in value["words"]]
        rows += [(word, _NOTHING, at, 0) for word in facet.get("apart", [])]
    first = len(_file()["facets"])
    bounds = np.zeros((first + len(_file()["measured"]), 2))
    for at, facet in enumerate(_file()["measured"], start=first):
        bounds[at] = facet["least"], facet["most"]
        rows += [(word, _LEAD, at, -1 if word == "零下" else 1) for word in facet["lead"]]
        rows += [(word, _UNIT, at, 1) for word in facet["units"]]
    table = np.array([row[1:] for row in rows], dtype=np.int64)
    return _Words(PhraseFinder([row[0] for row in rows]), table[:, 0], table[:, 1], table[:, 2], bounds)


@dataclass(frozen=True, slots=True)
class Conditions:
    """(M, facets): of each mention the code of the value, or the number in tenths; `NONE` where it has no such condition."""

    codes: NDArray[np.int64]

    def column(self) -> pa.MapArray:
        """Facet → value of each mention, as the facts keep it."""
        row, facet = np.nonzero(self.codes != NONE)
        code = self.codes[row, facet]
        known = facets()
        # The values of all facets in one list, each facet's numbers of this batch behind its words.
        names: list[str] = []
        place = np.zeros(len(code), np.int64)
        for at, one in enumerate(known):
            mine = facet == at
            if one.values:
                place[mine] = len(names) + code[mine]
                names += one.values
            else:
                numbers, where = np.unique(code[mine], return_inverse=True)
                place[mine] = len(names) + where
                names += [f"{number / _TENTHS:g}" for number in numbers.tolist()]
        offsets = np.searchsorted(row, np.arange(len(self.codes) + 1)).astype(np.int32)
        keys = pa.array([one.code for one in known], pa.string()).take(pa.array(facet))
        return pa.MapArray.from_arrays(offsets, keys, pa.array(names, pa.string()).take(pa.array(place)))


def find(folded: CodePoints, clauses: Clauses, mentioned: NDArray[np.int64]) -> Conditions:
    """The conditions of the mentions whose clauses are `mentioned` (M,)."""
    words = _words()
    hits = words.finder.find(folded)
    table = np.full((len(clauses), len(facets())), NONE)
    narrows, holds = np.zeros(len(clauses), np.bool_), np.zeros(len(clauses), np.bool_)
    holds[mentioned] = True
    if len(hits):
        _gather(words, hits, clauses, folded, table, narrows)
        _lend(clauses.text, holds, narrows, table)
    return Conditions(table[mentioned])


def _gather(words: _Words, hits: Hits, clauses: Clauses, folded: CodePoints, table: NDArray[np.int64], narrows: NDArray[np.bool_]) -> None:
    clause, kind, facet, value = clauses.of(hits.start), words.kind[hits.phrase], words.facet[hits.phrase], words.value[hits.phrase]
    named = np.flatnonzero(kind == _VALUE)[::-1]
    # Backwards, so that of two values of one facet the first stands.
    table[clause[named], facet[named]] = value[named]
    narrows[clause[kind == _NARROWS]] = True
    _measure(kind, facet, value, clause, hits.start, hits.end, folded.codes, clauses.bounds, words.bounds, table)


@compiled
def _measure(
    kind: NDArray[np.int64],
    facet: NDArray[np.int64],
    value: NDArray[np.int64],
    clause: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    codes: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    believed: NDArray[np.float64],
    table: NDArray[np.int64],
) -> None:
    """Numbers behind their words (时速80) or before their units (120km/h); a number with a word counts with the unit behind it (跑了3万公里)."""
    for at in range(len(kind)):
        if kind[at] != _LEAD and kind[at] != _UNIT:
            continue
        first, last = bounds[clause[at]], bounds[clause[at] + 1]
        if kind[at] == _LEAD:
            number, stop = _behind(codes, end[at], last)
            united = at + 1 < len(kind) and kind[at + 1] == _UNIT and facet[at + 1] == facet[at] and start[at + 1] == stop
            if not united and believed[facet[at], 1] > _BELIEVED_ALONE:
                continue
            number *= value[at]
        else:
            # 公里 and 度 say nothing alone: 续航400公里, 转了90度.
            alone = believed[facet[at], 1] <= _BELIEVED_ALONE and not (end[at] - start[at] == 1 and codes[start[at]] == 0x5EA6)
            number, stop = _before(codes, start[at], first) if alone else (-1.0, 0)
            if end[at] - start[at] == 1 and codes[start[at]] == 0x7801 and number < _LEAST_UNIT_ALONE:
                continue
        if stop > 0 and believed[facet[at], 0] <= number <= believed[facet[at], 1] and table[clause[at], facet[at]] == NONE:
            table[clause[at], facet[at]] = round(number * _TENTHS)


@compiled
def _behind(codes: NDArray[np.uint32], at: int, last: int) -> tuple[float, int]:
    """(number, where it ends) within a few letters; the end is 0 where there is none."""
    for begin in range(at, min(at + _FILLED, last)):
        if _digit(codes[begin]) >= 0 or codes[begin] == 0x5341:
            return _number(codes, begin, last)
    return -1.0, 0


@compiled
def _before(codes: NDArray[np.uint32], end: int, first: int) -> tuple[float, int]:
    """(number, where it ends) that stands right before `end`."""
    begin = end
    while begin > first and end - begin < _DIGITS and (_digit(codes[begin - 1]) >= 0 or _scale(codes[begin - 1]) > 0 or codes[begin - 1] == 0x2E):
        begin -= 1
    if begin == end:
        return -1.0, 0
    number, stop = _number(codes, begin, end)
    return number, stop if stop == end else 0


@compiled
def _number(codes: NDArray[np.uint32], begin: int, last: int) -> tuple[float, int]:
    """(number, where it ends): 80, 2.5, 八十, 一百二, 3万, 一万五."""
    whole, digits, shift, scale, at = 0.0, -1.0, 0.0, 0.0, begin
    while at < last:
        digit, times = _digit(codes[at]), _scale(codes[at])
        if codes[at] == 0x2E and shift == 0 and digits >= 0 and at + 1 < last and _digit(codes[at + 1]) >= 0:
            shift = 1.0
        elif digit >= 0:
            shift *= 0.1
            digits = max(digits, 0.0) + digit * shift if shift > 0 else max(digits, 0.0) * 10 + digit
        elif times > 0:
            whole = (whole + max(digits, 0.0)) * times if times > scale > 0 else whole + (digits if digits >= 0 else 1.0) * times
            digits, shift, scale = -1.0, 0.0, times
        else:
            break
        at += 1
    if digits >= 0:
        # 一百二 is 120, 3万5 is 35,000, 一百零二 is 102.
        short = scale >= 100 and digits < 10 and _digit(codes[at - 2]) != 0 and shift == 0
        whole += digits * scale / 10 if short else digits
    return whole, at


@compiled
def _digit(code: np.uint32) -> int:
    if 0x30 <= code <= 0x39:
        return int(code) - 0x30
    if code == 0x4E24:  # 两
        return 2
    for number in range(10):
        if _HAN_DIGITS[number] == code:
            return number
    return -1


_HAN_DIGITS = np.array([ord(one) for one in _NUMERALS], dtype=np.uint32)


@compiled
def _scale(code: np.uint32) -> float:
    if code == 0x5341:  # 十
        return 10.0
    if code == 0x767E:  # 百
        return 100.0
    if code == 0x5343:  # 千
        return 1000.0
    return 10000.0 if code == 0x4E07 else 0.0  # 万


@compiled
def _lend(text: NDArray[np.int64], holds: NDArray[np.bool_], narrows: NDArray[np.bool_], table: NDArray[np.int64]) -> None:
    """Conditions of clauses without a mention go to a clause near that has one."""
    for at in range(len(text)):
        named = False
        for facet in range(table.shape[1]):
            named |= table[at, facet] != NONE
        if holds[at] or not named:
            continue
        before, after = _nearest(text, holds, at, -1), _nearest(text, holds, at, 1)
        to = before if before >= 0 and (narrows[at] or after < 0) else after
        if to >= 0:
            for facet in range(table.shape[1]):
                if table[to, facet] == NONE:
                    table[to, facet] = table[at, facet]


@compiled
def _nearest(text: NDArray[np.int64], holds: NDArray[np.bool_], at: int, step: int) -> int:
    for far in range(1, _NEAR + 1):
        there = at + step * far
        if 0 <= there < len(text) and text[there] == text[at] and holds[there]:
            return there
    return -1
