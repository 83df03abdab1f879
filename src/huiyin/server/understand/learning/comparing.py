"""Two readings of the same voices laid side by side. Knows no Django and no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_EXAMPLES = 60
Span = tuple[int, int, int]
"""Start, end, and which of several opinions on the same letters."""
Read = Mapping[Span, tuple[int, str | None]]
"""What one voice was read to say: polarity and aspect by span."""


def read_of(rows: Iterable[tuple[Any, int, int, int, str | None]]) -> dict[Any, dict[Span, tuple[int, str | None]]]:
    """Opinions as (voice, start, end, polarity, aspect), in the order of their numbers, by voice."""
    found: dict[Any, dict[Span, tuple[int, str | None]]] = {}
    for voice, start, end, polarity, aspect in rows:
        there = found.setdefault(voice, {})
        place = sum(1 for one in there if one[:2] == (start, end))
        there[(start, end, place)] = (polarity, aspect)
    return found


def differences(ids: Sequence[str], old: Sequence[Read], new: Sequence[Read]) -> dict[str, Any]:
    """Voices with any difference, opinions by kind of difference, and the first of them."""
    counts = {"polarity": 0, "aspect": 0, "more": 0, "fewer": 0}
    examples: list[dict[str, Any]] = []
    voices = 0
    for feedback_id, was, now in zip(ids, old, new, strict=True):
        if was == now:
            continue
        voices += 1
        for span in sorted(was.keys() | now.keys()):
            one, other = was.get(span), now.get(span)
            if one == other:
                continue
            kind = "more" if one is None else "fewer" if other is None else "polarity" if one[0] != other[0] else "aspect"
            counts[kind] += 1
            if len(examples) < _EXAMPLES:
                examples.append({"id": feedback_id, "start": span[0], "end": span[1], "before": one, "after": other})
    return {"sample": len(ids), "voices": voices, "opinions": counts, "examples": examples}
