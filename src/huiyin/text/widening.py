"""Words for a taxonomy that lists few of its own: what the shipped packs know of the same things.

Whoever writes 动力 with five words means what a car pack says with two hundred. An aspect takes over the words of the pack's leaves in
which its own words stand, if no other aspect has more of its words there; of a theme in which it holds more leaves than all others
together it takes over the leaves that nobody holds. Words the taxonomy lists or blocks itself keep what it says of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from huiyin.text.codepoints import fold_texts

if TYPE_CHECKING:
    from huiyin.text.taxonomy import Aspect, Taxonomy

FEW = 24
"""An aspect with at least so many words of its own is left as it is."""
_KNOWN = 0.4
"""Share of the taxonomy's words that a pack must know to lend any."""
_KINDS = ("seeds", "negative", "positive")


def widened(aspects: Sequence[Aspect], packs: Sequence[Taxonomy]) -> tuple[list[Aspect], str | None]:
    """The aspects with the words that the best knowing pack lends them, as weak ones, and the pack's name; as they were where none knows enough."""
    own = [_words(aspect) for aspect in aspects]
    every = set().union(*own) if own else set()
    known = [sum(word in every for word in pack.finder.phrases) for pack in packs]
    if not every or not known or max(known) < _KNOWN * len(every):
        return list(aspects), None
    best = packs[known.index(max(known))]
    kept = every | set(fold_texts([word for aspect in aspects for word in aspect.blocked]))
    lent: list[list[str]] = [[] for _ in aspects]
    for leaf, at in _holders(own, best).items():
        if len(own[at]) < FEW:
            lent[at] += [word for word in fold_texts(best.aspects[leaf].seeds) if word not in kept]
    return [replace(aspect, weak=(*aspect.weak, *more)) for aspect, more in zip(aspects, lent, strict=True)], best.pack


def _words(aspect: Aspect) -> set[str]:
    return set(fold_texts([word for kind in (*_KINDS, "weak") for word in getattr(aspect, kind)]))


def _holders(own: Sequence[set[str]], pack: Taxonomy) -> dict[int, int]:
    """Leaf of the pack → the aspect that holds it."""
    held: dict[int, int] = {}
    for leaf, aspect in enumerate(pack.aspects):
        words = _words(aspect)
        counts = Counter({at: len(words & mine) for at, mine in enumerate(own) if words & mine})
        first = counts.most_common(2)
        if first and (len(first) == 1 or first[0][1] > first[1][1]):
            held[leaf] = first[0][0]
    index = {path: at for at, path in enumerate(pack.paths)}
    for theme in pack.themes:
        leaves = [index[path] for path in theme.aspects]
        counts = Counter(held[leaf] for leaf in leaves if leaf in held)
        first = counts.most_common(1)
        if first and first[0][1] >= 2 and 2 * first[0][1] > sum(counts.values()):
            held.update({leaf: first[0][0] for leaf in leaves if leaf not in held})
    return held
