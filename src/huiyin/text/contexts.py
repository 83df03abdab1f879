"""What clauses are to each other and to their text: conceded, past, calm, mocked, going on or turning.

Compiled passes over the hits and the clauses of a batch; what one text says never reaches another.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from huiyin.text.compiled import compiled
from huiyin.text.composing import (
    AFFIRMS,
    ASKS,
    CLAIMS,
    CONCEDES,
    CONDITION,
    EXCLAIM,
    HOWTO,
    IRONY,
    LATE,
    MILD,
    MINOR,
    MOCK,
    NEGATES,
    NOW,
    PAST,
    PROMISE,
    QUESTION,
    RELAPSE,
    REST,
    SIGHS,
    SUMS_UP,
    UNMET,
    WISH,
    WISH_END,
)

_THEN = 30
"""以前 … 现在, 除了 … 其他: so far apart the two belong together."""
_CHANGED = 0.5
_SHORT = 3
"""So many clauses are a short text."""


@compiled
def seconds(
    roles: NDArray[np.int64],
    phrase: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    texts: NDArray[np.int64],
    out: NDArray[np.bool_],
) -> None:
    """Mark hits that open the second half of 以前 … 现在 … or 除了 … 其他 …: a clause begins there too. `texts` is where each text begins.

    Between the same word said twice (便宜倒是便宜) none begins.
    """
    past, besides, text = -_THEN - 1, -_THEN - 1, 0
    for at in range(len(roles)):
        while text + 1 < len(texts) and texts[text + 1] <= start[at]:
            text += 1
            past, besides = -_THEN - 1, -_THEN - 1
        if roles[at] & PAST:
            past = start[at]
        if roles[at] & CONCEDES:
            besides = start[at]
        if roles[at] & NOW and start[at] - past <= _THEN:
            out[at], past = True, -_THEN - 1
        if roles[at] & REST and start[at] - besides <= _THEN and not (at > 0 and roles[at - 1] & NEGATES):
            out[at], besides = True, -_THEN - 1
        if out[at] and 0 < at < len(roles) - 1 and phrase[at - 1] == phrase[at + 1] and end[at - 1] == start[at] and end[at] == start[at + 1]:
            out[at] = False


@compiled
def gathered(
    roles: NDArray[np.int64], clause: NDArray[np.int64], value: NDArray[np.float64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Of each clause every role that its hits play, and the sum of what they judge; both (count,)."""
    every, words = np.zeros(count, np.int64), np.zeros(count)
    for at in range(len(roles)):
        every[clause[at]] |= roles[at]
        words[clause[at]] += value[at]
    return every, words


@compiled
def clauses(
    every: NDArray[np.int64],
    words: NDArray[np.float64],
    clause: NDArray[np.int64],
    value: NDArray[np.float64],
    text: NDArray[np.int64],
    turned: NDArray[np.bool_],
    acted: NDArray[np.bool_],
    calm: NDArray[np.bool_],
    weight: NDArray[np.float64],
) -> None:
    """What each clause counts for in its text: one conceded or past little, one behind a strong turn more; `calm`, nothing is judged there."""
    count = len(calm)
    now = False
    for at in range(count - 1, -1, -1):
        last = at + 1 == count or text[at + 1] != text[at]
        now = False if last else now or every[at + 1] & NOW != 0
        weight[at] = 1.0
        if every[at] & CONCEDES or (every[at] & PAST and now):
            weight[at] = 0.2
        elif every[at] & MINOR and turned[at]:
            weight[at] = 0.5
        elif every[at] & SUMS_UP and words[at] != 0:
            weight[at] = 2.0
        elif turned[at]:
            weight[at] = 1.3
        calm[at] = words[at] == 0 and every[at] & (CONDITION | WISH | WISH_END | HOWTO) != 0 and every[at] & MOCK == 0
    _settle(every, words, text, calm)
    # 以前 …, 现在 …: what is so now, the words say better than the sequences of letters.
    before = np.zeros(count, np.bool_)
    for at in range(count):
        before[at] = every[at] & (PAST | CONCEDES) != 0 or (at > 0 and text[at - 1] == text[at] and before[at - 1])
    for at in range(len(clause)):
        acted[at] |= value[at] != 0 and every[clause[at]] & NOW != 0 and before[clause[at]]


@compiled
def _settle(every: NDArray[np.int64], words: NDArray[np.float64], text: NDArray[np.int64], calm: NDArray[np.bool_]) -> None:
    """A short text that asks or states and judges nothing is calm as a whole."""
    first = 0
    while first < len(text):
        last, judged, asked = first, False, np.int64(0)
        while last < len(text) and text[last] == text[first]:
            judged |= words[last] != 0
            asked |= every[last]
            last += 1
        if last - first <= _SHORT and not judged and asked & ASKS and not asked & MOCK:
            calm[first:last] = True
        first = last


@compiled
def hints(
    every: NDArray[np.int64],
    words: NDArray[np.float64],
    clause: NDArray[np.int64],
    degree: NDArray[np.float64],
    text: NDArray[np.int64],
    turned: NDArray[np.bool_],
    calm: NDArray[np.bool_],
    weights: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """What a clause without opinion words probably is: denied things are missed, 有点 is said of what is not liked, 但 turns.

    `weights` are those of a negator, of a mild degree word, of a strong one, of a turn, of a minor turn, and of going on as the clause before.
    """
    strong = np.zeros(len(text))
    for at in range(len(clause)):
        strong[clause[at]] = max(strong[clause[at]], degree[at])
    for at in range(len(text)):
        if words[at] != 0 or calm[at] or every[at] & (CONDITION | WISH | ASKS):
            continue
        if every[at] & NEGATES and not every[at] & (AFFIRMS | QUESTION):
            out[at] += weights[0]
        if every[at] & MILD:
            out[at] += weights[1]
        elif strong[at] > 1.2:
            out[at] += weights[2]
        if turned[at] and at > 0 and text[at - 1] == text[at] and not every[at] & CONCEDES:
            before = words[at - 1] if words[at - 1] != 0 or at < 2 or text[at - 2] != text[at] else words[at - 2]
            out[at] += weights[4] * (before > 0) if every[at] & MINOR else -weights[3] * np.sign(before)
        elif at > 0 and text[at - 1] == text[at] and not turned[at]:
            out[at] += weights[5] * np.sign(words[at - 1] if words[at - 1] != 0 else out[at - 1])


@compiled
def broken(
    roles: NDArray[np.int64],
    clause: NDArray[np.int64],
    text: NDArray[np.int64],
    turned: NDArray[np.bool_],
    value: NDArray[np.float64],
    acted: NDArray[np.bool_],
) -> None:
    """说好三天到，第五天才到: a promise before a clause that praises nothing was not kept; of a mere claim (标称) the clause must say so (才, 却)."""
    promised = np.int64(0)
    for at in range(len(roles)):
        promised |= roles[at]
    if not promised & (PROMISE | CLAIMS):
        return
    every, words = gathered(roles, clause, value, len(text))
    for at in range(len(roles)):
        here = clause[at]
        if not roles[at] & (PROMISE | CLAIMS) or here + 1 >= len(text) or text[here + 1] != text[here] or words[here + 1] > 0 or words[here] < 0:
            continue
        denied = turned[here + 1] or every[here + 1] & (LATE | UNMET | NOW | NEGATES) != 0
        if denied or (roles[at] & PROMISE and not every[here + 1] & ASKS):
            value[at], acted[at] = -0.5, True


@compiled
def changed(
    roles: NDArray[np.int64], clause: NDArray[np.int64], text: NDArray[np.int64], value: NDArray[np.float64], acted: NDArray[np.bool_]
) -> None:
    """以前排两小时，现在刷一下就行: in a short text what is so now, judged by no word, is the opposite of what was before."""
    some = np.int64(0)
    for at in range(len(roles)):
        some |= roles[at]
    if not (some & PAST and some & NOW):
        return
    every, words = gathered(roles, clause, value, len(text))
    for at in range(len(roles)):
        here = clause[at]
        if not roles[at] & NOW or words[here] != 0 or every[here] & (PAST | RELAPSE | CONDITION | WISH | WISH_END | ASKS | QUESTION):
            continue
        first, last, told = here, here + 1, 0.0
        while first > 0 and text[first - 1] == text[here]:
            first -= 1
        while last < len(text) and text[last] == text[here]:
            told += words[last]
            last += 1
        before = 0.0
        for other in range(first, here):
            before += words[other] * (every[other] & PAST != 0)
        if last - first <= _SHORT and told == 0 and before != 0:
            value[at], acted[at], words[here] = -_CHANGED * np.sign(before), True, 1.0


@compiled
def exclaimed(
    roles: NDArray[np.int64],
    clause: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    bounds: NDArray[np.int64],
    text: NDArray[np.int64],
    turned: NDArray[np.bool_],
    value: NDArray[np.float64],
    acted: NDArray[np.bool_],
    cried: NDArray[np.bool_],
) -> None:
    """真棒，又白跑一趟: praise cried out before a complaint is none; nor is a sigh behind one (点了没反应，绝了).

    Behind 呵呵 no praise of the text is. Into `cried` the clauses that cry out praise and stay so, for no word of the next one blames.
    """
    words = np.zeros(len(text))
    mocking = np.zeros(len(text), np.bool_)
    for at in range(len(roles)):
        words[clause[at]] += value[at]
        # 呵呵 behind praise is a smile; alone before it, it is none.
        bare = start[at] - bounds[clause[at]] <= 1 and bounds[clause[at] + 1] - end[at] <= 2
        mocking[clause[at]] |= roles[at] & IRONY != 0 and bare and clause[at] + 1 < len(text) and text[clause[at] + 1] == text[clause[at]]
    for at in range(1, len(text)):
        mocking[at - 1] &= words[at] < 0 or at + 1 >= len(text) or text[at + 1] != text[at]
    for at in range(1, len(text)):
        mocking[at] |= mocking[at - 1] and text[at - 1] == text[at] and not turned[at]
    for at in range(len(roles)):
        here = clause[at]
        follows = here + 1 < len(text) and text[here + 1] == text[here] and not turned[here + 1] and words[here + 1] < 0
        bare = start[at] - bounds[here] <= 2 and bounds[here + 1] - end[at] <= 3
        preceded = here > 0 and text[here - 1] == text[here] and not turned[here] and words[here - 1] < 0
        ironic = (roles[at] & EXCLAIM and follows) or (roles[at] & SIGHS and preceded)
        cried[here] |= value[at] > 0 and bare and roles[at] & EXCLAIM != 0
        if value[at] > 0 and (mocking[here] or (bare and ironic)):
            value[at], acted[at] = -0.5 * value[at], True
        elif value[at] < 0 and roles[at] & IRONY and here > 0 and text[here - 1] == text[here] and words[here - 1] > 0:
            value[at], acted[at] = 0.0, False
