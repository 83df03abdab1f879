"""Conditions with a known lift, and a flow whose complaints gather in one step: the yardstick of decomposition and conditions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huiyin.simulate.planted.draft import Draft


@dataclass(frozen=True, slots=True)
class PlantedCondition:
    """Voices whose `attribute` has one of `values` complain `lift` times as often as the others."""

    aspect: str
    attribute: str
    values: tuple[str, ...]
    lift: float


@dataclass(frozen=True, slots=True)
class PlantedFlow:
    """Of the complaining voices a fraction `share` names `step`."""

    theme: str
    step: str
    share: float


def plant_attribute(draft: Draft, name: str, values: tuple[str, ...], known: float = 1.0) -> None:
    """An attribute that means nothing: values drawn evenly, missing in 1 − `known` of the voices."""
    drawn = draft.rng.integers(0, len(values), len(draft))
    missing = draft.rng.random(len(draft)) >= known
    draft.attributes[name] = [None if gone else values[at] for at, gone in zip(drawn.tolist(), missing.tolist(), strict=True)]


def plant_number(draft: Draft, name: str, low: float, high: float) -> None:
    """A whole number drawn evenly, such as a speed or a mileage, that means nothing."""
    draft.attributes[name] = [str(int(one)) for one in draft.rng.uniform(low, high, len(draft))]


def plant_condition(draft: Draft, aspect: str, attribute: str, values: tuple[str, ...], lift: float) -> PlantedCondition:
    """Multiply the complaint chance of an aspect where the attribute has one of `values` (drawn before with `plant_attribute`)."""
    column = draft.aspect(aspect)
    hit = np.array([one in values for one in draft.attributes[attribute]])
    draft.chance[hit, column] = np.minimum(draft.chance[hit, column] * lift, 0.95)
    draft.redraw(column)
    return PlantedCondition(aspect, attribute, values, lift)


def plant_band(draft: Draft, aspect: str, attribute: str, low: float, high: float, lift: float) -> PlantedCondition:
    """The same for numbers from `low` to `high`, both inclusive."""
    wanted = sorted({value for value in draft.attributes[attribute] if value is not None and low <= float(value) <= high})
    return plant_condition(draft, aspect, attribute, tuple(wanted), lift)


def plant_flow(draft: Draft, theme: str, step: str, share: float, rate: float, second: float = 0.15, nowhere: float = 0.05) -> PlantedFlow:
    """Complaints of a theme at `rate`: each names `step` with chance `share`, else one of the other steps or (`nowhere`) the bare theme.

    A fraction `second` of the complaining voices names a further step that is not `step`. The steps are the plan's aspects under the theme,
    and the theme's own path, if the plan has it, is the aspect of those who name none.
    """
    paths = [path for path in draft.plan.aspects if path.startswith(theme + "/")]
    others = [draft.aspect(path) for path in paths if path != step]
    n, rng = len(draft), draft.rng
    for path in paths:
        draft.complains[:, draft.aspect(path)] = False
    rows = np.flatnonzero(rng.random(n) < rate)
    at_step = rng.random(len(rows)) < share
    bare = ~at_step & (rng.random(len(rows)) < nowhere / max(1 - share, 1e-9)) & (theme in draft.plan.aspects)
    draft.complains[rows[at_step], draft.aspect(step)] = True
    elsewhere = rows[~at_step & ~bare]
    draft.complains[elsewhere, np.asarray(others)[rng.integers(0, len(others), len(elsewhere))]] = True
    if theme in draft.plan.aspects:
        draft.complains[:, draft.aspect(theme)] = False
        draft.complains[rows[bare], draft.aspect(theme)] = True
    more = rows[at_step & (rng.random(len(rows)) < second)]
    draft.complains[more, np.asarray(others)[rng.integers(0, len(others), len(more))]] = True
    draft.praises &= ~draft.complains
    return PlantedFlow(theme, step, share)
