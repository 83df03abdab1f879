"""Restaurant reviews with marked opinions (zh_restaurant_aste): never trained on, marked research only, used to judge."""

from __future__ import annotations

import ast
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

Tokens = tuple[int, int]


class Review(NamedTuple):
    """A review of tokens written together; token t is `text[at[t] : at[t + 1]]`. `marked`: (target, opinion, sign), by first and last token."""

    text: str
    at: list[int]
    marked: list[tuple[Tokens, Tokens, int]]

    @property
    def tokens(self) -> int:
        """How many there are; a few marks point behind the last."""
        return len(self.at) - 1


class Signed(NamedTuple):
    """Texts; of each opinion that praises or blames (text, where its last token begins, sign); the signs of each text that has any."""

    texts: list[str]
    opinions: list[tuple[int, int, int]]
    signs: dict[int, set[int]]


def reviews(data: Path, part: str) -> Iterator[Review]:
    """The reviews of `part` (train, dev)."""
    with gzip.open(data / f"zh_restaurant_aste/{part}.txt.gz", "rt", encoding="utf-8") as file:
        for line in file:
            words, _, marked = line.strip().partition("####")
            pieces, at = words.split(" "), [0]
            for piece in pieces:
                at.append(at[-1] + len(piece))
            signs = {"POS": 1, "NEG": -1}
            yield Review("".join(pieces), at, [(target, said, signs.get(sign[:3].upper(), 0)) for target, said, sign in ast.literal_eval(marked)])


def signed(data: Path, part: str) -> Signed:
    """The opinions of `part` that praise or blame."""
    found = Signed([], [], {})
    for review in reviews(data, part):
        for _target, (_first, last), sign in review.marked:
            if sign and last < review.tokens:
                found.opinions.append((len(found.texts), review.at[last], sign))
                found.signs.setdefault(len(found.texts), set()).add(sign)
        found.texts.append(review.text)
    return found
