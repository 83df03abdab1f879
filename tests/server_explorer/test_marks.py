"""Opinions marked in a text: the stronger wins a shared place, and very many are no more work than their number."""

from __future__ import annotations

import random

from huiyin.server.understand.explorer.marks import pieces


def test_marks_never_overlap_and_the_stronger_wins():
    draw = random.Random(7)
    for _ in range(300):
        text = "早" * 40
        spans = [(start := draw.randrange(-2, 42), start + draw.randrange(0, 6)) for _ in range(draw.randrange(12))]
        said = [{"start": start, "end": end, "polarity": -1, "intensity": draw.random()} for start, end in spans]
        taken: list[dict] = []
        for one in sorted(said, key=lambda one: (-one["intensity"], one["start"])):
            apart = all(one["end"] <= other["start"] or one["start"] >= other["end"] for other in taken)
            if 0 <= one["start"] < one["end"] <= len(text) and apart:
                taken.append(one)
        found = pieces(text, said)
        assert "".join(one.text for one in found) == text
        assert [one.mention for one in found if one.mention] == sorted(taken, key=lambda one: one["start"])


def test_a_hundred_thousand_characters_of_opinions_are_cut():
    count = 20_000
    said = [{"start": 5 * at, "end": 5 * at + 4, "polarity": -1, "intensity": 0.5} for at in range(count)]
    assert sum(1 for one in pieces("早餐太差。" * count, said) if one.mention) == count
