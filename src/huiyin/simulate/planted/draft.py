"""A company's voices as arrays, before anything is planted and before they become tables.

`draw(plan)` gives an honest company in which nothing happens: complaint rates differ by aspect and stay as they are, with the
week's and the year's usual swing in volume. Each planter (one file each beside this one) changes the arrays of a `Draft` and returns
the truth it planted; `Draft.tables()` then gives the two Arrow tables of the facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiyin.simulate.planted.tables import feedback_table, mention_table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_WEEKDAY = np.array([1.05, 1.0, 0.98, 0.97, 1.0, 1.05, 0.95])
_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Plan:
    """The size and make-up of a world. `rates` are chances that one voice complains of an aspect, `harms` score points it costs."""

    seed: int = 0
    first_day: date = date(2025, 7, 1)
    days: int = 365
    voices: int = 20_000
    customers: int = 12_000
    aspects: tuple[str, ...] = (
        "delivery/late",
        "delivery/damage",
        "app/crash",
        "app/login",
        "service/wait",
        "service/attitude",
        "product/noise",
        "price/high",
    )
    rates: tuple[float, ...] = (0.06, 0.03, 0.04, 0.03, 0.05, 0.02, 0.03, 0.04)
    harms: tuple[float, ...] = (1.5, 0.8, 1.8, 1.0, 1.2, 2.2, 0.9, 0.6)
    praise_rate: float = 0.05
    products: tuple[str, ...] = ("A1", "B2", "C3", "D4")
    regions: tuple[str, ...] = ("华东", "华南", "华北", "西南")
    stores: tuple[str, ...] = tuple(f"门店{number:02d}" for number in range(1, 31))
    channels: tuple[str, ...] = ("app", "hotline", "survey")
    segments: tuple[str, ...] = ("new", "regular", "vip")
    mean_score: float = 8.2
    score_noise: float = 1.6
    season: float = 0.0
    """Half the yearly swing of all complaint chances, as a fraction: 0.3 swings between 0.7 and 1.3 times."""
    volume_season: float = 0.15


@dataclass(slots=True)
class Draft:
    """N voices by A aspects. Planters write into these arrays; `chance` is the complaint chance each voice was drawn with."""

    plan: Plan
    rng: np.random.Generator
    day: Ints
    """(N,) days since `plan.first_day`, ascending."""
    customer: Ints
    product: Ints
    region: Ints
    store: Ints
    channel: Ints
    segment: Ints
    invited: Bools
    chance: Floats
    """(N, A)."""
    complains: Bools
    """(N, A)."""
    praises: Bools
    intensity: Floats
    """(N, A) negative strength 0..1 of a complaint."""
    score: Floats
    """(N,) 0..10 whole numbers, NaN where none was given."""
    text: list[str] | None = None
    """(N,) texts; made from the aspects when None."""
    attributes: dict[str, Sequence[str | None]] = field(default_factory=dict)
    """Name → (N,) values."""

    def __len__(self) -> int:
        return len(self.day)

    def aspect(self, path: str) -> int:
        """Column of an aspect."""
        return self.plan.aspects.index(path)

    def redraw(self, aspect: int) -> None:
        """Draw the complaints of one aspect again after its chances were changed."""
        self.complains[:, aspect] = self.rng.random(len(self)) < self.chance[:, aspect]

    def rescore(self) -> None:
        """Draw the scores again from the complaints: a complaint of aspect a costs `harms[a]` points."""
        loss = self.complains @ np.asarray(self.plan.harms)
        gain = 0.5 * self.praises.any(axis=1)
        drawn = self.plan.mean_score - loss + gain + self.rng.normal(0, self.plan.score_noise, len(self))
        self.score = np.clip(np.rint(drawn), 0, 10)

    def date_of(self, day: int) -> date:
        """The calendar day of a day number."""
        return self.plan.first_day + timedelta(days=day)

    def tables(self) -> tuple[pa.Table, pa.Table]:
        """The facts tables of this world: (feedback, mention)."""
        feedback = feedback_table(self)
        return feedback, mention_table(self, feedback)

    def moments(self) -> list[datetime]:
        """(N,) local times of day drawn over the day, from a stream of their own."""
        seconds = np.random.default_rng([self.plan.seed, 7]).integers(8 * 3600, 22 * 3600, len(self))
        start = datetime.combine(self.plan.first_day, datetime.min.time(), _ZONE)
        return [start + timedelta(days=int(day), seconds=int(second)) for day, second in zip(self.day, seconds, strict=True)]


def draw(plan: Plan) -> Draft:
    """An honest company: nothing planted."""
    rng = np.random.default_rng(plan.seed)
    n, aspects = plan.voices, len(plan.aspects)
    days = np.arange(plan.days)
    weekday = (plan.first_day.weekday() + days) % 7
    volume = _WEEKDAY[weekday] * (1 + plan.volume_season * np.sin(2 * np.pi * days / 365.25))
    day = np.sort(rng.choice(plan.days, n, p=volume / volume.sum()))
    customer = rng.integers(0, plan.customers, n)
    # A customer lives in one region, shops in one store, belongs to one segment.
    home = np.random.default_rng([plan.seed, 1])
    region = home.integers(0, len(plan.regions), plan.customers)[customer]
    store = home.integers(0, len(plan.stores), plan.customers)[customer]
    segment = home.choice(len(plan.segments), plan.customers, p=_shares(len(plan.segments)))[customer]
    swing = 1 + plan.season * np.sin(2 * np.pi * day / 365.25)
    chance = np.asarray(plan.rates)[None, :] * swing[:, None]
    draft = Draft(
        plan=plan,
        rng=rng,
        day=day,
        customer=customer,
        product=rng.integers(0, len(plan.products), n),
        region=region,
        store=store,
        channel=rng.choice(len(plan.channels), n, p=_shares(len(plan.channels))),
        segment=segment,
        invited=rng.random(n) < 0.4,
        chance=chance,
        complains=rng.random((n, aspects)) < chance,
        praises=rng.random((n, aspects)) < plan.praise_rate,
        intensity=np.clip(rng.beta(4, 3, (n, aspects)), 0.05, 1.0),
        score=np.zeros(n),
    )
    draft.praises &= ~draft.complains
    draft.rescore()
    return draft


def _shares(count: int) -> Floats:
    shares = np.arange(count, 0, -1, dtype=np.float64)
    return np.asarray(shares / shares.sum())
