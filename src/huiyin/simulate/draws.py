"""Draw one block of records as arrays: who, when, where, complaining of what, and the score that follows."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from huiyin.simulate import company, effects
from huiyin.simulate.rates import Flags, Floats, complaint_chances, contradictions, praise_chances

BLOCK_ROWS = 10_000
CHINESE, TRADITIONAL, ENGLISH = 0, 1, 2
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Plan:
    """Everything that fixes a world: the same plan gives the same records."""

    rows: int
    seed: int
    start: date
    weeks: int

    def __post_init__(self) -> None:
        if self.rows < 1 or self.weeks < 1:
            raise ValueError(f"rows and weeks must be at least 1, got rows={self.rows}, weeks={self.weeks}")
        if self.start.weekday() != 0:
            raise ValueError(f"start must be a Monday (effects start on Mondays), got {self.start:%Y-%m-%d %A}")

    @property
    def end(self) -> date:
        """The last day, inclusive."""
        return self.start + timedelta(days=self.weeks * 7 - 1)

    @property
    def blocks(self) -> int:
        """How many blocks make up the world."""
        return -(-self.rows // BLOCK_ROWS)


@dataclass(frozen=True)
class Draw:
    """The records of one block, column by column; products, regions and the rest are indices into the tuples of `company`."""

    when: NDArray[np.datetime64]
    week: Ints
    customer: Ints
    product: Ints
    region: Ints
    segment: Ints
    store: Ints  # −1 where none
    channel: Ints
    language: Ints
    complaints: Flags  # (aspects, rows)
    praises: Flags  # (praised aspects, rows)
    bought: Flags
    feeling: Floats  # the score before rounding
    score: Floats  # NaN where not given
    repeats: Ints  # row of the block that this row repeats, −1 where none


def _uniform(customer: Ints, seed: int, stream: int) -> Floats:
    """A fixed uniform number in [0, 1) for each customer, by the splitmix64 finaliser (Steele, Lea & Flood, 2014).

    A customer keeps product, region and temper in every block without any table of customers in memory.
    """
    key = np.uint64((seed * 0x9E3779B97F4A7C15 + stream * 0xD1B54A32D192ED03) % 2**64)
    bits = customer.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + key
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    bits ^= bits >> np.uint64(31)
    return np.asarray((bits >> np.uint64(11)).astype(np.float64) / 2**53)


def _pick(uniform: Floats, shares: list[float]) -> Ints:
    edges = np.cumsum(shares) / sum(shares)
    return np.minimum(np.searchsorted(edges, uniform, side="right"), len(shares) - 1).astype(np.int64)


def _days(plan: Plan, first: int, count: int) -> Ints:
    """The day of each row: row i of N stands at quantile (i + ½)/N of the volume over the period, so records come in time order."""
    day = np.arange(plan.weeks * 7)
    volume = np.tile(company.WEEKDAY_WEIGHTS, plan.weeks) * (1 + company.GROWTH_OVER_PERIOD * day / len(day))
    edges = np.cumsum(volume) / volume.sum()
    quantile = (first + np.arange(count) + 0.5) / plan.rows
    return np.minimum(np.searchsorted(edges, quantile, side="right"), len(day) - 1).astype(np.int64)


def _customers(plan: Plan, rng: np.random.Generator, count: int) -> Ints:
    """Customers drawn from a pool so large that those heard give about 1.15 records each: λ / (1 − e^−λ) = 1.15 at λ = 0.286."""
    wanted = effects.FEEDBACK_PER_CUSTOMER
    rate = 2 * (wanted - 1)
    for _ in range(50):
        rate = wanted * (1 - float(np.exp(-rate)))
    return rng.integers(0, max(1, round(plan.rows / rate)), count)


def _languages(rng: np.random.Generator, channel: Ints, region: Ints) -> Ints:
    english = np.array([item.english for item in company.CHANNELS])[channel]
    there = np.array([item.name == company.TRADITIONAL_REGION for item in company.REGIONS])[region]
    traditional = np.where(there, company.TRADITIONAL_THERE, company.TRADITIONAL_ELSEWHERE)
    dice = rng.random((2, len(channel)))
    return np.where(dice[0] < english, ENGLISH, np.where(dice[1] < traditional, TRADITIONAL, CHINESE))


def _repeats(rng: np.random.Generator, count: int) -> Ints:
    """Rows that repeat one of the thirty rows before them; a repeated row is never itself a repeat."""
    back = np.arange(count) - rng.integers(1, 31, count)
    chosen = (rng.random(count) < effects.REPEATED_RECORDS) & (back >= 0)
    source = np.where(chosen, back, -1)
    source[(source >= 0) & chosen[source]] = -1
    return source


def draw_block(plan: Plan, index: int, rng: np.random.Generator) -> Draw:
    """Draw block `index` of the plan, without reference to any other block."""
    first = index * BLOCK_ROWS
    count = min(BLOCK_ROWS, plan.rows - first)
    day = _days(plan, first, count)
    hours = np.array(company.HOUR_WEIGHTS, dtype=float)
    second = rng.choice(24, count, p=hours / hours.sum()) * 3600 + rng.integers(0, 3600, count)
    when = np.sort(np.datetime64(plan.start, "s") + (day * 86400 + second).astype("timedelta64[s]"))
    customer = _customers(plan, rng, count)
    product = _pick(_uniform(customer, plan.seed, 1), [item.share for item in company.PRODUCTS])
    region = _pick(_uniform(customer, plan.seed, 2), [item.share for item in company.REGIONS])
    segment = _pick(_uniform(customer, plan.seed, 3), [share for _, share in company.SEGMENTS])
    channel = _pick(rng.random(count), [item.share for item in company.CHANNELS])
    complaints = rng.random((len(effects.COMPLAINTS), count)) < complaint_chances(plan.weeks)[:, product, region, day // 7]
    review = np.array([item.name == company.REVIEW_CHANNEL for item in company.CHANNELS])
    bought = review[channel] & (rng.random(count) < effects.BOUGHT_PRAISE / company.CHANNELS[int(review.argmax())].share)
    bought &= ~complaints.any(axis=0)
    amid = np.where(complaints.any(axis=0), effects.PRAISE_AMID_COMPLAINT, 1.0)
    praises = rng.random((len(effects.PRAISES), count)) < praise_chances()[:, product] * amid
    praises &= ~(contradictions().astype(np.uint8) @ complaints.astype(np.uint8)).astype(bool) & ~bought
    feeling = _feelings(plan, rng, customer, complaints, praises)
    feeling = np.where(bought, 10.0, feeling)
    unscored = rng.random(count) < np.array([item.missing_score for item in company.CHANNELS])[channel]
    return _repeated(
        Draw(
            when=when,
            week=day // 7,
            customer=customer,
            product=product,
            region=region,
            segment=segment,
            store=np.where(rng.random(count) < 0.28, rng.integers(0, 3, count), -1),
            channel=channel,
            language=np.where(bought, CHINESE, _languages(rng, channel, region)),
            complaints=complaints,
            praises=praises,
            bought=bought,
            feeling=feeling,
            score=np.where(unscored, np.nan, np.clip(np.rint(feeling), 0, 10)),
            repeats=_repeats(rng, count),
        )
    )


def _feelings(plan: Plan, rng: np.random.Generator, customer: Ints, complaints: Flags, praises: Flags) -> Floats:
    """score = temper of the customer − Σ harm + gain per praise + noise; temper is normal by Box and Muller (1958)."""
    radius = np.sqrt(-2 * np.log1p(-_uniform(customer, plan.seed, 4)))
    temper = effects.BASE_SCORE_MEAN + effects.BASE_SCORE_SD * radius * np.cos(2 * np.pi * _uniform(customer, plan.seed, 5))
    harm = np.array([complaint.harm for complaint in effects.COMPLAINTS]) @ complaints
    noise = rng.normal(0, effects.NOISE_SD, len(customer))
    return np.asarray(temper - harm + effects.PRAISE_GAIN * praises.sum(axis=0) + noise)


def _repeated(draw: Draw) -> Draw:
    """Copy every column of the source row into the rows that repeat it."""
    rows = np.where(draw.repeats >= 0, draw.repeats, np.arange(len(draw.repeats)))
    columns = {name: values[..., rows] for name, values in vars(draw).items() if name != "repeats"}
    return Draw(**columns, repeats=draw.repeats)
