"""Which problems to solve first within a capacity: the most harm removed for the effort there is.

A 0/1 knapsack (Kellerer, Pferschy & Pisinger, "Knapsack Problems", 2004), solved exactly as an integer programme by HiGHS:

  maximise Σ value_k·x_k   subject to   Σ effort_k·x_k ≤ capacity,  x_k ∈ {0, 1},  must-haves fixed to 1

value_k is the score of the problem (frequency × intensity × harm per 1,000 customers) times the share of it the fix is
expected to remove. The scores are uncertain: the same plan is sought for bootstrap replicates, and each problem shows in how many
of them it belongs to the plan. Limits: fixes are taken as independent, efforts as known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from huiyin.insight.findings import Estimate
from huiyin.insight.problems.listing import Listing

_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Fix:
    """What solving a problem takes (any unit, the capacity's) and the share of its harm that would be gone, 0..1."""

    effort: float
    removes: float = 1.0
    must: bool = False

    def __post_init__(self) -> None:
        if self.effort < 0 or not 0 <= self.removes <= 1:
            raise ValueError("effort is not negative, the removed share lies between 0 and 1")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A problem in or out of the plan."""

    problem_id: str
    effort: float
    removed: Estimate
    """Harm removed if solved, in score units, with the bootstrap interval."""
    per_effort: float
    chosen: bool
    support: float
    """Share of bootstrap replicates whose best plan holds it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The suggested set, best value for effort first, then what is left out."""

    candidates: tuple[Candidate, ...]
    capacity: float
    used: float
    removed: Estimate
    """Harm removed by the whole set."""
    share: float
    """Of the harm of all problems of the list, 0..1."""


def plan(listing: Listing, fixes: Mapping[str, Fix], capacity: float) -> Plan:
    """The best set of fixes within `capacity`. Problems without a fix stay out.

    Raises:
        KeyError: a fix names no problem of the list.
        ValueError: the must-haves alone exceed the capacity.
    """
    rows = [listing.row(one) for one in fixes]
    effort = np.array([fix.effort for fix in fixes.values()], dtype=np.float64)
    removes = np.array([fix.removes for fix in fixes.values()])
    must = np.array([fix.must for fix in fixes.values()], dtype=bool)
    if effort[must].sum() > capacity + 1e-9:
        raise ValueError("the must-haves alone exceed the capacity")
    columns = np.array([row.rank - 1 for row in rows], dtype=np.int64)
    value = listing.ranked.score[columns] * removes if len(rows) else np.zeros(0)
    drawn = listing.ranked.score_replicates[:, columns] * removes
    chosen = best_set(value, effort, capacity, must)
    support = np.mean([best_set(one, effort, capacity, must) for one in drawn[:_DRAWS]], axis=0) if len(rows) else np.zeros(0)
    candidates = [
        Candidate(
            row.problem_id,
            float(effort[at]),
            _estimate(value[at], drawn[:, at], row.customers),
            float(value[at] / effort[at]) if effort[at] else float("inf"),
            bool(chosen[at]),
            float(support[at]),
        )
        for at, row in enumerate(rows)
    ]
    ordered = tuple(sorted(candidates, key=lambda one: (not one.chosen, -one.per_effort, one.problem_id)))
    everything = float(listing.ranked.score.sum())
    total = _estimate(float(value[chosen].sum()), drawn[:, chosen].sum(axis=1), int(chosen.sum()))
    return Plan(ordered, capacity, float(effort[chosen].sum()), total, float(value[chosen].sum()) / everything if everything else 0.0)


def best_set(value: NDArray[np.float64], effort: NDArray[np.float64], capacity: float, must: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """Which items to take; shape (K,).

    >>> best_set(np.array([60.0, 100.0, 120.0]), np.array([10.0, 20.0, 30.0]), 50.0).tolist()
    [False, True, True]
    """
    if not len(value):
        return np.zeros(0, dtype=bool)
    fixed = np.zeros(len(value), dtype=bool) if must is None else must
    scale = max(float(np.abs(value).max()), 1e-12)
    found = milp(
        -value / scale,
        constraints=LinearConstraint(effort[None, :], -np.inf, capacity),
        integrality=np.ones(len(value)),
        bounds=Bounds(fixed.astype(float), np.where((value > 0) | fixed, 1.0, 0.0)),
    )
    return np.asarray(np.round(found.x).astype(bool))


def _estimate(value: float, replicates: NDArray[np.float64], n: int) -> Estimate:
    low, high = np.quantile(replicates, [0.025, 0.975])
    return Estimate(float(value), float(low), float(high), n)
