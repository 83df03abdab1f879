"""Fixes and launches of known size: complaints that fall, rise, go elsewhere or come back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huiyin.simulate.planted.draft import Bools, Draft


@dataclass(frozen=True, slots=True)
class PlantedEffect:
    """From day number `day` on complaints of `aspect` come at `ratio` times their chance; `moved` of those avoided go to `moved_to`."""

    aspect: str
    day: int
    ratio: float
    moved_to: str | None = None
    moved: float = 0.0
    relapse_day: int | None = None


def plant_fix(draft: Draft, aspect: str, day: int, ratio: float, product: str | None = None) -> PlantedEffect:
    """Complaints of an aspect at `ratio` times their chance from `day` on (0.5 halves, 1.5 makes worse), of one product if named."""
    at = draft.aspect(aspect)
    touched = _touched(draft, day, product)
    draft.chance[touched, at] = np.minimum(draft.chance[touched, at] * ratio, 1.0)
    draft.redraw(at)
    _settle(draft)
    return PlantedEffect(aspect, day, ratio)


def plant_displacing_fix(draft: Draft, aspect: str, moved_to: str, day: int, ratio: float, moved: float = 1.0) -> PlantedEffect:
    """A fix after which `moved` of the avoided complaints are made of another aspect instead."""
    source, target = draft.aspect(aspect), draft.aspect(moved_to)
    touched = _touched(draft, day, None)
    avoided = draft.chance[touched, source] * (1 - ratio)
    draft.chance[touched, source] *= ratio
    draft.chance[touched, target] = np.minimum(draft.chance[touched, target] + moved * avoided, 1.0)
    draft.redraw(source)
    draft.redraw(target)
    _settle(draft)
    return PlantedEffect(aspect, day, ratio, moved_to, moved)


def plant_fading_fix(draft: Draft, aspect: str, day: int, ratio: float, relapse_day: int, left: float = 0.0) -> PlantedEffect:
    """A fix that fades: from `relapse_day` on only `left` of the fall is left."""
    at = draft.aspect(aspect)
    draft.chance[_touched(draft, day, None), at] *= ratio
    draft.chance[_touched(draft, relapse_day, None), at] *= (1 - left * (1 - ratio)) / ratio
    draft.redraw(at)
    _settle(draft)
    return PlantedEffect(aspect, day, ratio, relapse_day=relapse_day)


def plant_unrest(draft: Draft, strength: float, memory: float = 0.0) -> None:
    """Weeks of their own for every aspect: chances multiplied by e^u, u a normal AR(1) over weeks with standard deviation `strength`.

    Real series are never as calm as a Poisson one; an honest interval must stand this.
    """
    weeks = int(draft.day.max()) // 7 + 1
    aspects = draft.chance.shape[1]
    drawn = draft.rng.normal(0, 1, (weeks, aspects))
    for week in range(1, weeks):
        drawn[week] = memory * drawn[week - 1] + np.sqrt(1 - memory**2) * drawn[week]
    draft.chance = np.minimum(draft.chance * np.exp(strength * drawn - strength**2 / 2)[draft.day // 7], 1.0)
    for at in range(aspects):
        draft.redraw(at)
    _settle(draft)


def _touched(draft: Draft, day: int, product: str | None) -> Bools:
    touched = draft.day >= day
    if product is not None:
        touched &= draft.product == draft.plan.products.index(product)
    return np.asarray(touched, dtype=np.bool_)


def _settle(draft: Draft) -> None:
    """Praise and scores follow the new complaints."""
    draft.praises &= ~draft.complains
    draft.rescore()
