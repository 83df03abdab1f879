"""Scores bought or written by the staff themselves: gifts on some days, answers from a colleague's telephone. Streams of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huiyin.simulate.planted.draft import Draft


@dataclass(frozen=True, slots=True)
class PlantedOffer:
    """On `days` of every thirty the stores offer a gift, and those who answer then score `lift` points higher."""

    stores: tuple[str, ...]
    lift: float
    days: int
    rows: tuple[int, ...]
    """Voices answered during an offer."""


@dataclass(frozen=True, slots=True)
class PlantedContact:
    """`rows` of one store were answered from the telephone of its own staff."""

    store: str
    rows: tuple[int, ...]


def plant_offers(draft: Draft, stores: tuple[str, ...], lift: float, days: int = 10, name: str = "满分抽奖") -> PlantedOffer:
    """Write the attribute `offer`: the name of the offer on the first `days` of every thirty, a plain no otherwise, in every store."""
    column = list(draft.attributes.get("offer", ["无"] * len(draft)))
    hit = np.isin(draft.store, [draft.plan.stores.index(store) for store in stores]) & (draft.day % 30 < days)
    rows = np.flatnonzero(hit)
    for at in rows.tolist():
        column[at] = name
    draft.attributes["offer"] = column
    draft.score[rows] = np.clip(np.rint(draft.score[rows] + lift), 0, 10)
    return PlantedOffer(stores, lift, days, tuple(rows.tolist()))


def plant_contacts(draft: Draft, shared: float = 0.001) -> None:
    """A telephone for every customer and for the person of staff who served him; few of the staff are honest customers of another store too."""
    rng = np.random.default_rng([draft.plan.seed, 13])
    shops = len(draft.plan.stores)
    clerk = draft.store * 4 + rng.integers(0, 4, len(draft))
    contact = np.where(rng.random(len(draft)) < shared, 500_000 + rng.integers(0, 4 * shops, len(draft)), draft.customer)
    draft.attributes["staff_contact"] = [f"139 0000-{500_000 + int(one):06d}" for one in clerk]
    draft.attributes["contact"] = [f"1390000{int(one):06d}" for one in contact]


def plant_staff_answers(draft: Draft, store: str, share: float) -> PlantedContact:
    """A fraction of a store's answers comes from its own staff, with full marks; `plant_contacts` goes before."""
    rng = np.random.default_rng([draft.plan.seed, 17, draft.plan.stores.index(store)])
    rows = np.flatnonzero((draft.store == draft.plan.stores.index(store)) & (rng.random(len(draft)) < share))
    column = list(draft.attributes["contact"])
    for at in rows.tolist():
        column[at] = str(draft.attributes["staff_contact"][at]).replace(" ", "").replace("-", "")
    draft.attributes["contact"] = column
    draft.score[rows] = 10
    return PlantedContact(store, tuple(rows.tolist()))
