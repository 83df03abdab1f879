"""The words a mention stands on, by the opinion tagger where it is sure: 发货速度 where the taxonomy found 速度, 不是很耐用 for 耐用.

A mention keeps its aspect, its polarity and its clause. What the taxonomy took for the thing spoken of, though it is the
judgement itself (有点贵), is the opinion, and the target is implicit.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from huiyin.text.clauses import Clauses
from huiyin.text.compiled import compiled
from huiyin.text.mentions import Mentions
from huiyin.text.opinions.pairing import Pairs

SURE = 0.0
"""Natural log of the odds from which a span is sure. Even odds: on four sets of reviews every higher bar named fewer mentions rightly."""
_SAME_TARGET, _IS_OPINION, _SAME_OPINION = 3, 2, 1


def sharpen(found: Mentions, pairs: Pairs, clauses: Clauses) -> Mentions:
    """The mentions with the targets and opinions of the tagger. A pair belongs to the clause of its opinion words."""
    if not len(found) or not len(pairs):
        return found
    sure = pairs.odds >= SURE
    anchor = np.where(pairs.opinion_start >= 0, pairs.opinion_start, pairs.target_start)[sure]
    clause = clauses.of(anchor)
    order = np.lexsort((anchor, clause))
    table = np.stack([column[sure][order] for column in (pairs.target_start, pairs.target_end, pairs.opinion_start, pairs.opinion_end)])
    first = np.searchsorted(clause[order], found.clause, side="left")
    last = np.searchsorted(clause[order], found.clause, side="right")
    alone = np.bincount(found.clause, minlength=1)[found.clause] == 1
    spans = np.stack([found.target_start, found.target_end, found.opinion_start, found.opinion_end])
    _sharpen(table, pairs.odds[sure][order], first, last, alone, found.start, found.end, spans)
    return replace(found, target_start=spans[0], target_end=spans[1], opinion_start=spans[2], opinion_end=spans[3])


@compiled
def _meet(start: int, end: int, other_start: int, other_end: int) -> bool:
    return start >= 0 and other_start >= 0 and start < other_end and other_start < end


@compiled
def _sharpen(
    pairs: NDArray[np.int64],
    odds: NDArray[np.float64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    alone: NDArray[np.bool_],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    spans: NDArray[np.int64],
) -> None:
    """Change `spans` (4, mentions) to those of the pair that fits a mention best, of equals the surest."""
    for one in range(len(first)):
        target, target_end, opinion, opinion_end = spans[0, one], spans[1, one], spans[2, one], spans[3, one]
        best, fits, surest = -1, -1, 0.0
        for pair in range(first[one], last[one]):
            fit = 0
            if _meet(target, target_end, pairs[0, pair], pairs[1, pair]):
                fit = _SAME_TARGET
            elif _meet(target, target_end, pairs[2, pair], pairs[3, pair]):
                fit = _IS_OPINION
            elif _meet(opinion, opinion_end, pairs[2, pair], pairs[3, pair]):
                fit = _SAME_OPINION
            if fit > fits or (fit == fits and odds[pair] > surest):
                best, fits, surest = pair, fit, odds[pair]
        # A thing that the taxonomy named and the tagger did not keeps its name, and takes the judgement only if no other thing may.
        if best < 0 or (target >= 0 and (fits == 0 or (fits == _SAME_OPINION and not alone[one]))):
            continue
        inside = pairs[0, best] < 0 or (start[one] <= pairs[0, best] and pairs[1, best] <= end[one])
        if inside and (target < 0 or fits >= _IS_OPINION):
            spans[0, one], spans[1, one] = pairs[0, best], pairs[1, best]
        if pairs[2, best] >= 0:
            spans[2, one], spans[3, one] = pairs[2, best], pairs[3, best]
