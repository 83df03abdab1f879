"""How well opinions are found: micro F1 over sets.

Of each text four sets are made of the labelled and of the found opinions: targets (spans), opinions (spans), pairs (target,
opinion) and quadruples (target, opinion, aspect, polarity); an implicit side is a value like any other, but no member of the
first two sets. Exact: precision is the share of found members that are labelled, recall the share of labelled members that
are found, both over all texts; F1 = 2PR ÷ (P + R).

Overlap: a member is right if the other side has a member that meets it. Two spans meet if they share at least one character,
an implicit side meets an implicit side only; aspect and polarity must be equal. Precision counts found members that meet a
labelled one, recall labelled members that meet a found one (the "overlap" count of Breck et al., IJCAI 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from huiyin.text.opinions.records import Record, Span

Member = tuple[Any, ...]
KINDS = ("target", "opinion", "pair", "quad")


def members(record: Record, kind: str) -> set[Member]:
    """The set of one kind that the opinions of a record make."""
    if kind == "target":
        return {(one.target,) for one in record.opinions if one.target}
    if kind == "opinion":
        return {(one.opinion,) for one in record.opinions if one.opinion}
    width = 2 if kind == "pair" else 4
    return {tuple(one)[:width] for one in record.opinions}


def score(labelled: Sequence[Record], found: Sequence[Record]) -> dict[str, Any]:
    """F1 of each kind, exact and by overlap, rounded to four digits, and n texts. `found` are the same texts in the same order.

    >>> from huiyin.text.opinions.records import Opinion
    >>> one = Record("1", "屏幕很清晰", (Opinion((0, 2), (2, 5), "屏幕", "positive"),))
    >>> two = Record("1", "屏幕很清晰", (Opinion((0, 2), (3, 5), "屏幕", "positive"),))
    >>> told = score([one], [two])
    >>> told["target_f1"], told["opinion_f1"], told["opinion_f1_overlap"], told["quad_f1_overlap"], told["n"]
    (1.0, 0.0, 1.0, 1.0, 1)
    """
    out: dict[str, Any] = {}
    for kind in KINDS:
        sets = [(members(true, kind), members(read, kind)) for true, read in zip(labelled, found, strict=True)]
        out[f"{kind}_f1"] = _f1(sets, lambda one, others: one in others)
        out[f"{kind}_f1_overlap"] = _f1(sets, lambda one, others: any(_meets(one, other) for other in others))
    return out | {"n": len(labelled)}


def _f1(sets: Sequence[tuple[set[Member], set[Member]]], right: Callable[[Member, set[Member]], bool]) -> float:
    """2PR ÷ (P + R); 1 where neither side has a member."""
    precise = sum(right(one, true) for true, read in sets for one in read)
    recalled = sum(right(one, read) for true, read in sets for one in true)
    found, labelled = sum(len(read) for _, read in sets), sum(len(true) for true, _ in sets)
    if not found and not labelled:
        return 1.0
    precision, recall = precise / max(found, 1), recalled / max(labelled, 1)
    return round(2 * precision * recall / max(precision + recall, 1e-12), 4)


def _meets(one: Member, other: Member) -> bool:
    spans = all(_touch(first, second) for first, second in zip(one[:2], other[:2], strict=True))
    return spans and one[2:] == other[2:]


def _touch(one: Span | None, other: Span | None) -> bool:
    if one is None or other is None:
        return one is other
    return one[0] < other[1] and other[0] < one[1]
