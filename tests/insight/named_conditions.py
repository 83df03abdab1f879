"""Voices whose complaints of noise gather at a speed, by an attribute and by what the opinions name, and in winter."""

from __future__ import annotations

import random

import pyarrow as pa

from huiyin.facts import MENTION
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.conditions import plant_band, plant_number

ASPECT = "product/noise"


def with_conditions(aspect: str = ASPECT) -> tuple[pa.Table, pa.Table]:
    """Feedback and mentions, noise under the name `aspect`. Most voices hold two opinions that name numbers, often both in one band."""
    draft = draw(Plan(seed=8, voices=6000, customers=4500))
    plant_number(draft, "车速", 0, 130)
    plant_band(draft, ASPECT, "车速", 78, 104, 4.0)
    feedback, mentions = draft.tables()
    rng = random.Random(3)
    rows = mentions.to_pylist()
    extra = [{**row, "mention_no": 90} for row in rows if rng.random() < 0.5]
    for row in [*rows, *extra]:
        noisy = row["aspect"] == ASPECT and row["polarity"] == -1
        named = [("speed", str(rng.randrange(78, 104) if noisy and rng.random() < 0.8 else rng.randrange(5, 180)))]
        named += [("season", "winter" if noisy and rng.random() < 0.7 else rng.choice(("summer", "winter", "spring", "autumn")))]
        row["conditions"] = named
        row["aspect"] = aspect if row["aspect"] == ASPECT else row["aspect"]
    return feedback, pa.Table.from_pylist([*rows, *extra], schema=MENTION)
