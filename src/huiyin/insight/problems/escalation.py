"""An aggregated report lifts the priority of the linked item when a rule says so, and says which rule.

A rule asks for sizes that the lower end of the 95 % interval reaches, so that a handful of loud voices lifts nothing. The
highest priority of all rules that hold is taken; a priority is never lowered here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huiyin.insight.problems.listing import Row


@dataclass(frozen=True, slots=True)
class Rule:
    """All conditions must hold. `priority` 1 is the most urgent."""

    name: str
    priority: int
    customers: int = 0
    frequency: float = 0.0
    """Customers per 1,000, lower end of the interval."""
    harm: float = 0.0
    """Score points lost, lower end of the interval; above 0 it needs scores."""
    rank: int | None = None
    """The worst rank of the band that holds 95 % of the replicates is at most this."""

    def holds(self, row: Row) -> bool:
        """Whether the rule holds for a problem."""
        harm = row.harm.low if row.harm is not None and row.harm.low is not None else 0.0
        return (
            row.customers >= self.customers
            and (row.frequency.low or 0.0) >= self.frequency
            and (self.harm <= 0 or harm >= self.harm)
            and (self.rank is None or row.rank_high <= self.rank)
        )


@dataclass(frozen=True, slots=True)
class Lift:
    """What became of a priority, for the audit."""

    problem_id: str
    before: int | None
    after: int | None
    rule: str | None
    """The rule that lifted it; None where nothing changed."""


def lifted(row: Row, before: int | None, rules: Sequence[Rule]) -> Lift:
    """The priority after the rules."""
    holding = sorted((rule for rule in rules if rule.holds(row)), key=lambda rule: (rule.priority, rule.name))
    if not holding or (before is not None and before <= holding[0].priority):
        return Lift(row.problem_id, before, before, None)
    return Lift(row.problem_id, before, holding[0].priority, holding[0].name)
