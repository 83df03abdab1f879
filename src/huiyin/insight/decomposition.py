"""A vague theme or a flow taken apart into steps: which step holds how much of the complaints, and whether that is more than chance.

The unit is the customer: everybody who complained of the theme at least once, in the filter's period. A customer may complain of
several steps and counts for each, so shares add up to more than one; the Pareto line is therefore the share of customers reached by
the first k steps together. Customers who name no step are a row of their own, and part of the total.

Test against an even spread of the largest step: a customer who names j of K steps hits a given one with chance j / K, so the count of a
step is a sum of binomials (Poisson-binomial); its tail is taken exactly up to 20,000 customers, by the normal law beyond, times K for
having picked the largest (Bonferroni). Interval: Wilson, JASA 1927.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import wilson

Ints = NDArray[np.int64]

MINIMUM_CUSTOMERS = 30
_LEVEL = 0.05
_EXACT = 20_000
_MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow: the aspects (whole subtrees) and touchpoints that belong to it."""

    name: str
    aspects: tuple[str, ...] = ()
    touchpoints: tuple[str, ...] = ()
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class StepShare:
    """A row of the decomposition. `share` is of all customers who complain of the theme; its n is that total."""

    step: Step
    customers: int
    voices: int
    mentions: int
    share: Estimate
    cumulative: float
    """Share of customers who named this step or one above it."""
    only: int
    """Customers who named no other step."""
    confidence: float | None
    """Mean confidence 0..1 with which its mentions were read."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The one finding, as values: so much of the complaints is about this step."""

    step: Step
    share: Estimate
    customers: int
    total: int
    voices: int
    even: float
    """Share the step would have if those who name steps named them evenly."""
    p_value: float
    steps_for_80: int | None
    """Fewest steps, largest first, that together reach 80 % of the customers; None when all of them do not."""


@dataclass(frozen=True, slots=True)
class Decomposition:
    """All steps, largest first, the customers who name none, and the finding if there is one."""

    theme: str | None
    customers: int
    """Total: customers with a complaint of the theme."""
    voices: int
    rows: tuple[StepShare, ...]
    unassigned: Estimate
    """Share of those customers who name no step."""
    unassigned_customers: int
    several: Estimate
    """Share of those customers who name more than one."""
    headline: Headline | None
    """None when there are fewer customers than the minimum, or the largest step is not beyond an even spread."""


def children(store: Voices, theme: str, where: Filter | None = None) -> tuple[Step, ...]:
    """The steps of a theme: its direct children in the facts, deeper ones folded into them, by path."""
    depth = theme.count("/") + 2
    rows = store.query(
        "SELECT aspect FROM opinion WHERE polarity = -1 AND starts_with(aspect, ?) GROUP BY aspect ORDER BY aspect", [theme + "/"], where
    )
    paths = dict.fromkeys("/".join(path.split("/")[:depth]) for path in rows["aspect"].to_pylist())
    return tuple(Step(path, (path,)) for path in paths)


def decompose(
    store: Voices,
    where: Filter | None = None,
    *,
    theme: str | None = None,
    steps: Sequence[Step] | None = None,
    minimum: int = MINIMUM_CUSTOMERS,
) -> Decomposition:
    """Take a theme apart into its children, or a flow into the given steps.

    Args:
        theme: complaints of this subtree are the total. Without it the total is everybody who names one of `steps`.
        steps: the flow; the children of `theme` when None.

    Raises:
        ValueError: neither theme nor steps, or more steps than a query can hold.
    """
    if theme is None and not steps:
        raise ValueError("decompose needs a theme, or the steps of a flow")
    chosen = tuple(steps) if steps is not None else children(store, theme or "", where)
    if len(chosen) > _MOST_STEPS:
        raise ValueError(f"{len(chosen)} steps; at most {_MOST_STEPS} can be told apart")
    masks, people = _masks(store, where, theme, chosen, "unit")
    voice_masks, voices = _masks(store, where, theme, chosen, "feedback_id")
    mentions, confidence = _mentions(store, where, theme, chosen)
    return concentrate(masks, people, chosen, voices @ voice_masks, int(voices.sum()), mentions, confidence, theme, minimum)


def concentrate(
    masks: Ints,
    people: Ints,
    steps: Sequence[Step],
    voices: Ints,
    all_voices: int,
    mentions: Ints,
    confidence: NDArray[np.float64],
    theme: str | None = None,
    minimum: int = MINIMUM_CUSTOMERS,
) -> Decomposition:
    """The decomposition from who named what: `masks` (M, K) 0/1 combinations of steps, `people` (M,) customers with each.

    >>> masks, people = np.array([[1, 0], [0, 1], [1, 1], [0, 0]]), np.array([70, 10, 10, 10])
    >>> one = np.array([80, 20])
    >>> found = concentrate(masks, people, [Step("address"), Step("pay")], one, 100, one, np.array([0.9, 0.9]))
    >>> found.rows[0].step.name, found.rows[0].share.value, found.rows[1].cumulative, found.unassigned_customers
    ('address', 0.8, 0.9, 10)
    """
    total = int(people.sum())
    counts = people @ masks if len(people) else np.zeros(len(steps), dtype=np.int64)
    named = masks.sum(axis=1)
    order = sorted(range(len(steps)), key=lambda at: (-int(counts[at]), steps[at].name))
    reached = np.zeros(len(people), dtype=bool)
    rows = []
    for at in order:
        reached |= masks[:, at] > 0
        rows.append(
            StepShare(
                steps[at],
                int(counts[at]),
                int(voices[at]),
                int(mentions[at]),
                wilson(int(counts[at]), total),
                float(people[reached].sum()) / max(total, 1),
                int(people[(named == 1) & (masks[:, at] > 0)].sum()),
                None if np.isnan(confidence[at]) else round(float(confidence[at]), 6),
            )
        )
    nowhere, several = int(people[named == 0].sum()), int(people[named > 1].sum())
    headline = _headline(rows, total, named, people, len(steps), minimum)
    return Decomposition(theme, total, all_voices, tuple(rows), wilson(nowhere, total), nowhere, wilson(several, total), headline)


def _headline(rows: Sequence[StepShare], total: int, named: Ints, people: Ints, steps: int, minimum: int) -> Headline | None:
    if total < minimum or steps < 2:
        return None
    top = rows[0]
    labels = np.bincount(named, weights=people, minlength=steps + 1).astype(np.int64)
    p_value = min(1.0, steps * even_tail(top.customers, labels, steps))
    even = float(labels @ np.arange(len(labels))) / steps / total
    if p_value > _LEVEL:
        return None
    enough = [at + 1 for at, row in enumerate(rows) if row.cumulative >= 0.8]
    return Headline(top.step, top.share, top.customers, total, top.voices, even, p_value, enough[0] if enough else None)


def even_tail(count: int, labels: Ints, steps: int) -> float:
    """P(a given step is named by ≥ count customers) when the `labels[j]` customers who name j steps each draw them evenly.

    >>> round(even_tail(8, np.array([0, 10]), 2), 4)
    0.0547
    """
    j = np.flatnonzero(labels[1:]) + 1
    people, chance = labels[j], j / steps
    if not len(j):
        return 1.0
    if people.sum() > _EXACT:
        sd = float(np.sqrt((people * chance * (1 - chance)).sum()))
        return float(stats.norm.sf((count - 0.5 - float(people @ chance)) / max(sd, 1e-9)))
    law = np.ones(1)
    for n, p in zip(people.tolist(), chance.tolist(), strict=True):
        law = np.convolve(law, stats.binom.pmf(np.arange(n + 1), n, p))
    return float(min(law[count:].sum(), 1.0))


def _within(theme: str | None, steps: Sequence[Step]) -> tuple[str, list[object]]:
    """Condition that an opinion belongs to the whole."""
    if theme is not None:
        return "(aspect = ? OR starts_with(aspect, ?))", [theme, theme + "/"]
    parts = [_belongs(step) for step in steps]
    return "(" + " OR ".join(text for text, _ in parts) + ")", [value for _, values in parts for value in values]


def _belongs(step: Step) -> tuple[str, list[object]]:
    """Condition that an opinion belongs to one step."""
    texts = ["(aspect = ? OR starts_with(aspect, ?))" for _ in step.aspects]
    values: list[object] = [part for path in step.aspects for part in (path, path + "/")]
    if step.touchpoints:
        texts.append(f"touchpoint IN ({', '.join('?' for _ in step.touchpoints)})")
        values += step.touchpoints
    return ("(" + " OR ".join(texts) + ")" if texts else "FALSE"), values


def _masks(store: Voices, where: Filter | None, theme: str | None, steps: Sequence[Step], who: str) -> tuple[Ints, Ints]:
    """Which combinations of steps occur, and how many customers (or voices) have each: (M, K), (M,)."""
    whole, whole_values = _within(theme, steps)
    parts = [_belongs(step) for step in steps]
    flags = ", ".join(f"max(CASE WHEN {text} THEN 1 ELSE 0 END) AS s{at}" for at, (text, _) in enumerate(parts))
    names = ", ".join(f"s{at}" for at in range(len(steps)))
    values = [value for _, part in parts for value in part] + whole_values
    if not steps:
        counted = store.query(f"SELECT count(DISTINCT {who}) AS n FROM opinion WHERE polarity = -1 AND {whole}", values, where)
        return np.zeros((1, 0), dtype=np.int64), counted["n"].to_numpy().astype(np.int64)
    table = store.query(
        f"SELECT {names}, count(*) AS n FROM (SELECT {who}, {flags} FROM opinion WHERE polarity = -1 AND {whole} GROUP BY {who}) each_one "
        f"GROUP BY {names} ORDER BY {names}",
        values,
        where,
    )
    masks = np.column_stack([table[f"s{at}"].to_numpy().astype(np.int64) for at in range(len(steps))])
    return masks, table["n"].to_numpy().astype(np.int64)


def _mentions(store: Voices, where: Filter | None, theme: str | None, steps: Sequence[Step]) -> tuple[Ints, NDArray[np.float64]]:
    """Mentions of each step, and the mean confidence of their reading."""
    if not steps:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    whole, whole_values = _within(theme, steps)
    parts = [_belongs(step) for step in steps]
    columns = ", ".join(
        f"sum(CASE WHEN {text} THEN 1 ELSE 0 END) AS m{at}, avg(CASE WHEN {text} THEN confidence END) AS c{at}" for at, (text, _) in enumerate(parts)
    )
    values = [value for _, part in parts for value in (*part, *part)] + whole_values
    table = store.query(f"SELECT {columns} FROM opinion WHERE polarity = -1 AND {whole}", values, where)
    mentions = [table[f"m{at}"][0].as_py() or 0 for at in range(len(steps))]
    confidence = [table[f"c{at}"][0].as_py() for at in range(len(steps))]
    return np.array(mentions, dtype=np.int64), np.array([np.nan if one is None else one for one in confidence], dtype=np.float64)
