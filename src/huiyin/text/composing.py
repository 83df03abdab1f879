"""How the words around an opinion word change it: negation, degree, comparison, conditions, wishes, rhetorical questions, irony.

One compiled pass over the hits of a batch. Within a clause the words are few, so that a rule may look at all of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from huiyin.text.compiled import compiled
from huiyin.text.counting import END, STOP, counted, kind_at, lasted

ROLES = (
    "negates",
    "affirms",
    "turns",
    "excess",
    "object",
    "measure",
    "condition",
    "wish",
    "wish_end",
    "mock",
    "past",
    "now",
    "compares",
    "this",
    "other",
    "comparand",
    "lesser",
    "fixed",
    "relapse",
    "gone",
    "thanks_let",
    "exclaim",
    "concedes",
    "firm",
    "asks",
    "minor",
    "beats",
    "passive",
    "more",
    "rest",
    "polar",
    "irony",
    "single",
    "waited",
    "repeated",
    "imperative",
    "question",
    "absent",
    "mild",
    "soon",
    "late",
    "unmet",
    "promise",
    "claims",
    "howto",
    "sums_up",
    "sighs",
)
"""What a phrase does to others, a bit each; see data/cues.yaml."""
_BITS = {name: np.int64(1 << at) for at, name in enumerate(ROLES)}
NEGATES, AFFIRMS, TURNS, EXCESS, OBJECT, MEASURE = (_BITS[name] for name in ROLES[:6])
CONDITION, WISH, WISH_END, MOCK, PAST, NOW, COMPARES = (_BITS[name] for name in ROLES[6:13])
THIS, OTHER, COMPARAND, LESSER, FIXED, RELAPSE, GONE = (_BITS[name] for name in ROLES[13:20])
THANKS_LET, EXCLAIM, CONCEDES, FIRM, ASKS, MINOR = (_BITS[name] for name in ROLES[20:26])
BEATS, PASSIVE, MORE, REST, POLAR, IRONY = (_BITS[name] for name in ROLES[26:32])
SINGLE, WAITED, REPEATED, IMPERATIVE, QUESTION, ABSENT, MILD = (_BITS[name] for name in ROLES[32:39])
SOON, LATE, UNMET, PROMISE, CLAIMS, HOWTO, SUMS_UP, SIGHS = (_BITS[name] for name in ROLES[39:47])
BITS = _BITS

_REACH = 4
"""A negator or degree word acts on an opinion word at most so many characters behind it."""
_WINDOW = 40
"""So many hits before and behind an opinion word are looked at, lest a clause of a million words take a million times a million steps."""
_COMPARED = 12
"""没有 … 好: so far the standard of a comparison may part them."""
_OBJECT = 7
_NEAR = 4
"""A letter so near the start of its clause stands behind the name of a thing: 景色美."""
_IN_TIME = 0.5
"""十分钟就到了 praises, 半个月才发货 blames so strongly."""
_OPENING = np.array(sorted(ord(one) for one in "“\"「『'‘"), dtype=np.uint32)
_CLOSING = np.array(sorted(ord(one) for one in "”\"」』'’"), dtype=np.uint32)


@compiled
def _glued(start: NDArray[np.int64], end: NDArray[np.int64], codes: NDArray[np.uint32], last: int, at: int) -> bool:
    """Whether a letter stands right behind a hit that neither ends words nor opens the next hit of the clause."""
    return bool(end[at] < len(codes) and not kind_at(codes, end[at]) & END and not (at + 1 < last and start[at + 1] == end[at]))


@compiled
def _timed(
    roles: NDArray[np.int64],
    value: NDArray[np.float64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    codes: NDArray[np.uint32],
    last: int,
    at: int,
) -> float:
    """十分钟就办好 is soon, 半个月才发货 late, 两个月还没退款 not yet; 用了三年都没坏 is left to the negator."""
    if not lasted(codes, start[at]):
        return 0.0
    if roles[at] & SOON:
        return 0.0 if _glued(start, end, codes, last, at) else _IN_TIME
    for behind in range(at + 1, last):
        if value[behind] != 0:
            return 0.0
    return -_IN_TIME


@compiled
def weigh(
    roles: NDArray[np.int64],
    value: NDArray[np.float64],
    degree: NDArray[np.float64],
    phrase: NDArray[np.int64],
    inverted: NDArray[np.bool_],
    measures: NDArray[np.int64],
    clause: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    codes: NDArray[np.uint32],
    out: NDArray[np.float64],
    acted: NDArray[np.bool_],
) -> None:
    """Into `out` the signed strength of each hit where it stands, into `acted` whether a rule made it so."""
    first, count = 0, len(roles)
    while first < count:
        last, every = first, np.int64(0)
        while last < count and clause[last] == clause[first]:
            every |= roles[last]
            last += 1
        begin, stop = first, last
        for at in range(begin, stop):
            first, last = max(begin, at - _WINDOW), min(stop, at + _WINDOW)
            strength, by_rule = value[at], inverted[at]
            if roles[at] & MEASURE and strength == 0 or roles[at] & POLAR:
                strength, by_rule = _measured(roles, value, measures, start, end, codes, first, last, at)
            if roles[at] & (WAITED | REPEATED) and not counted(roles[at] & WAITED != 0, roles[at] & REPEATED != 0, codes, end[at]):
                continue
            if strength == 0 and roles[at] & (SOON | LATE | UNMET):
                strength = _timed(roles, value, start, end, codes, last, at)
                out[at], acted[at] = (0.0 if _unreal(roles, first, last, at) else strength), strength != 0
                continue
            if strength == 0 or (roles[at] & SINGLE and not roles[at] & WAITED and not _alone(roles, degree, start, end, codes, first, last, at)):
                continue
            strength, turned = _turned(roles, value, degree, start, end, first, at, strength, _has(roles, at + 1, last, QUESTION))
            if roles[at] & FIRM == 0 or every & MOCK:
                changed = _placed(roles, value, phrase, start, end, codes, first, last, at, every, strength)
                turned |= changed != strength or (strength > 0 and roles[at] & FIXED != 0 and every & RELAPSE == 0)
                strength = changed
            out[at], acted[at] = min(max(strength, -1.0), 1.0), by_rule or turned
        first = stop


@compiled
def _measured(
    roles: NDArray[np.int64],
    value: NDArray[np.float64],
    measures: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    codes: NDArray[np.uint32],
    first: int,
    last: int,
    at: int,
) -> tuple[float, bool]:
    """(strength, judged): 高 of 油耗 is bad, of 性价比 good; too much or too little of anything (有点小) is bad."""
    if _glued(start, end, codes, last, at):
        return value[at], False
    excess = False
    for before in range(at - 1, first - 1, -1):
        # 好太多: more of what was said, not too much.
        if value[before] != 0 and start[at] - end[before] <= _OBJECT and roles[before] & OBJECT == 0:
            return value[at], False
        if start[at] - end[before] > _OBJECT:
            break
        excess |= roles[before] & EXCESS != 0 and start[at] - end[before] <= 1
        if roles[before] & OBJECT:
            # Two bits a measure: 1 more of it is good, 2 more of it is bad.
            dimension = measures[at] >> 1
            sign = (measures[before] >> (2 * dimension)) & 3
            if sign:
                good = (sign == 1) == (measures[at] & 1 == 1)
                return (0.5 if good else -0.5), True
            break
    if excess:
        return -0.45, True
    return value[at], False


@compiled
def _alone(
    roles: NDArray[np.int64],
    degree: NDArray[np.float64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    codes: NDArray[np.uint32],
    first: int,
    last: int,
    at: int,
) -> bool:
    """Whether a letter stands as a word: behind a degree word, a negator or an object, or first in its clause; and nothing is glued to it."""
    if _glued(start, end, codes, last, at):
        return False
    if start[at] > 0 and kind_at(codes, start[at] - 1) & END:
        return True
    for back in range(1, _NEAR + 1):
        if start[at] < back or kind_at(codes, start[at] - back) & STOP:
            return True
    return at > first and end[at - 1] == start[at] and (degree[at - 1] > 0 or roles[at - 1] & (NEGATES | OBJECT | MOCK | MORE | EXCESS) != 0)


@compiled
def _turned(
    roles: NDArray[np.int64],
    value: NDArray[np.float64],
    degree: NDArray[np.float64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    first: int,
    at: int,
    strength: float,
    asked: bool,
) -> tuple[float, bool]:
    """Negation and degree by the words before: 一点 + 都 + 不 + 满意 never needs more than four.

    别 and 不要 warn of what is bad, and do not deny it; 不是 … 吗 affirms; 差评 is never denied.
    """
    begins, flips, factor, affirmed = start[at], 0, 1.0, False
    before, hops = at - 1, 0
    while before >= first and hops < 4 and begins - end[before] <= _REACH:
        if roles[before] & (NEGATES | AFFIRMS) or degree[before] > 0:
            if roles[before] & NEGATES and not (strength < 0 and roles[before] & IMPERATIVE):
                flips += 1
            affirmed |= roles[before] & AFFIRMS != 0
            if degree[before] > 0:
                factor *= degree[before]
            begins = start[before]
            hops += 1
        elif value[before] != 0 or roles[before] & (COMPARES | COMPARAND | LESSER):
            break
        before -= 1
    if roles[at] & FIRM and (at == first or end[at - 1] != start[at]):
        return strength * factor, False
    if flips and asked:
        return strength * factor, True
    if flips % 2:
        return -0.8 * strength * factor, True
    return strength * factor, flips > 0 or affirmed


@compiled
def _placed(
    roles: NDArray[np.int64],
    value: NDArray[np.float64],
    phrase: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    codes: NDArray[np.uint32],
    first: int,
    last: int,
    at: int,
    every: np.int64,
    strength: float,
) -> float:
    """What the rest of its clause makes of an opinion."""
    if every & (CONDITION | WISH | WISH_END | HOWTO) and _unreal(roles, first, last, at):
        return 0.0
    if every & (COMPARES | COMPARAND | OTHER | LESSER | PASSIVE):
        strength = _compared(roles, start, end, first, at, strength)
    if strength < 0 and every & FIXED and not every & RELAPSE and roles[at] & FIXED == 0:
        return 0.0
    if at + 1 < last and roles[at + 1] & GONE and start[at + 1] - end[at] <= 2:
        return -0.8 * strength
    # 小毛病都没有
    if at + 1 < last and roles[at + 1] & ABSENT and start[at + 1] == end[at] and not at + 2 < last:
        return -0.8 * strength
    if strength > 0 and roles[at] & THANKS_LET:
        for other in range(first, last):
            if value[other] < 0:
                return 0.0
    if strength > 0 and (every & MOCK or _quoted(codes, start[at], end[at])):
        return -0.7 * strength
    # 再便宜也不买
    if start[at] > 0 and codes[start[at] - 1] == 0x518D and end[at] < len(codes) and codes[end[at]] == 0x4E5F:
        return 0.2 * strength
    # 贵是贵，但 …: said twice it is conceded.
    for step in (1, 2):
        if at + step < last and phrase[at + step] == phrase[at] and _conceded(codes, end[at], start[at + step]):
            return 0.3 * strength
        if at - step >= first and phrase[at - step] == phrase[at] and _conceded(codes, end[at - step], start[at]):
            return 0.0
    if end[at] + 1 < len(codes) and _is(codes, end[at]) and codes[end[at] + 1] == codes[end[at] - 1]:
        return 0.3 * strength
    return strength


@compiled
def _conceded(codes: NDArray[np.uint32], end: int, start: int) -> bool:
    """Whether 是, 归 or 倒是 joins a word that ends and one that starts there."""
    return bool((start - end == 1 and _is(codes, end)) or (start - end == 2 and codes[end] == 0x5012 and _is(codes, end + 1)))


@compiled
def _is(codes: NDArray[np.uint32], at: int) -> bool:
    return bool(at < len(codes) and (codes[at] == 0x662F or codes[at] == 0x5F52))  # 是 归


@compiled
def _unreal(roles: NDArray[np.int64], first: int, last: int, at: int) -> bool:
    """Behind 如果 or 希望, before 就好了 or 怎么赔."""
    return _has(roles, first, at, CONDITION | WISH) or _has(roles, at, last, WISH_END | HOWTO)


@compiled
def _compared(roles: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64], first: int, at: int, strength: float) -> float:
    """没有上一代好, 隔壁比它好, 不如以前好用, 被竞品吊打."""
    comparand, before = False, at - 1
    while before >= first:
        near = start[at] - end[before] <= _COMPARED
        if roles[before] & COMPARAND and near:
            comparand = True
        elif roles[before] & NEGATES and comparand and near:
            return -0.8 * strength
        elif roles[before] & LESSER and strength > 0:
            return 0.0
        elif roles[before] & PASSIVE and roles[at] & BEATS and near:
            return -strength
        elif roles[before] & COMPARES:
            denied = before > first and roles[before - 1] & NEGATES and start[before] - end[before - 1] <= 2
            here = before + 1 < at and roles[before + 1] & THIS and start[before + 1] == end[before]
            # 没见过比这更糟的
            if denied and here:
                return strength
            if denied and end[before - 1] == start[before]:
                return -0.8 * strength
            if here:
                return -0.9 * strength
            return -0.9 * strength if _has(roles, first, before, OTHER) else strength
        elif roles[before] & MORE and start[at] - end[before] <= 1 and _has(roles, first, before, OTHER):
            return -0.8 * strength
        before -= 1
    return strength


@compiled
def _has(roles: NDArray[np.int64], first: int, last: int, role: np.int64) -> bool:
    every = np.int64(0)
    for at in range(first, last):
        every |= roles[at]
    return bool(every & role != 0)


@compiled
def _quoted(codes: NDArray[np.uint32], start: int, end: int) -> bool:
    """Praise alone in quotation marks is meant otherwise."""
    if start == 0 or end >= len(codes) or end - start > 4:
        return False
    opened = closed = False
    for mark in _OPENING:
        opened |= codes[start - 1] == mark
    for mark in _CLOSING:
        closed |= codes[end] == mark
    return opened and closed
