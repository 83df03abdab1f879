"""Painful and unglamorous: problems that hurt much and are looked at little.

  gap_k = rank by attention − rank by harm done (score)        in places; positive: it hurts more than it is looked at

Attention is any count of what the company did about a problem (views, comments, links from a roadmap), weighted and added up by
the caller. The harm rank is uncertain, so the gap carries the band of ranks that holds 95 % of the bootstrap replicates; a
problem is called neglected only when even the mildest of them leaves a gap. Ties in attention share the middle rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from huiyin.insight.problems.listing import Listing


@dataclass(frozen=True, slots=True)
class Neglect:
    """One problem's gap."""

    problem_id: str
    harm_rank: int
    attention_rank: float
    gap: float
    low: float
    high: float
    neglected: bool


def neglect(listing: Listing, attention: Mapping[str, float], least: float = 3.0) -> tuple[Neglect, ...]:
    """Gaps of all problems, the widest first. Problems that `attention` does not name had none.

    `least` is the gap, in places, from which a problem counts as neglected.
    """
    if not listing.rows:
        return ()
    looked = stats.rankdata([-float(attention.get(row.problem_id, 0.0)) for row in listing.rows])
    found = [
        Neglect(
            row.problem_id,
            row.rank,
            float(place),
            float(place - row.rank),
            float(place - row.rank_high),
            float(place - row.rank_low),
            bool(place - row.rank_high >= least),
        )
        for row, place in zip(listing.rows, np.asarray(looked), strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-one.gap, one.harm_rank)))
