"""A text with its opinions marked where they stand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huiyin.server.understand.explorer.names import POLARITY, SIDE, strength


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; with `mention` where it is an opinion."""

    text: str
    mention: Mapping[str, Any] | None = None

    @property
    def side(self) -> str:
        """negative, neutral or positive."""
        return SIDE[int(self.mention["polarity"])] if self.mention else ""

    @property
    def spoken(self) -> str:
        """What a screen reader says before the words."""
        return f"{POLARITY[int(self.mention['polarity'])]}，{strength(self.mention['intensity'])}：" if self.mention else ""


def pieces(text: str, mentions: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """The text in order, cut at its opinions. Where two share a place the stronger one is marked; all of them stand beside the text.

    >>> [one.text for one in pieces("房间不错但早餐差", [{"start": 5, "end": 8, "polarity": -1, "intensity": 0.6}])]
    ['房间不错但', '早餐差']
    """
    # Kept in the order of the text: a voice of a hundred thousand characters may hold opinions by the ten thousand.
    taken: list[Mapping[str, Any]] = []
    starts: list[int] = []
    for one in sorted(mentions, key=lambda one: (-(one["intensity"] or 0.0), one["start"])):
        start, end = int(one["start"]), int(one["end"])
        place = bisect_left(starts, start)
        free = (place == 0 or taken[place - 1]["end"] <= start) and (place == len(starts) or end <= starts[place])
        if 0 <= start < end <= len(text) and free:
            taken.insert(place, one)
            starts.insert(place, start)
    found: list[Piece] = []
    at = 0
    for one in taken:
        if one["start"] > at:
            found.append(Piece(text[at : one["start"]]))
        found.append(Piece(text[one["start"] : one["end"]], one))
        at = int(one["end"])
    return [*found, Piece(text[at:])] if at < len(text) or not found else found
