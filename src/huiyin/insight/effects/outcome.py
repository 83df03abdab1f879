"""What judging a fix or launch gives back, as plain values. Ratios are after ÷ before; intervals are 95 %; dates are ISO 8601 days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from huiyin.facts import Filter
from huiyin.insight.findings import Estimate

EffectVerdict = Literal["worked", "not_shown", "worse", "moved", "cannot_tell"]
"""有效, 无明显变化, 变坏, 转移到别处, and the refusal."""
Refusal = Literal[
    "no_voices",
    "before_too_short",
    "after_too_short",
    "too_few_voices",
    "simultaneous_launch",
    "season_without_comparison",
]
Candidacy = Literal["chosen", "touched", "too_few", "different_trend", "displaced", "not_needed"]
"""Why a series is or is not among the comparisons."""
NOTHING = Estimate(None, None, None, 0)


@dataclass(frozen=True, slots=True)
class Intervention:
    """A fix or launch: from `day` on it should move what is said of `aspects` (subtrees) among the voices of `scope`."""

    day: date
    aspects: tuple[str, ...]
    scope: Filter = field(default_factory=Filter)
    """Product, region, store, channel … it reaches; dates in it play no part."""
    name: str = ""
    polarity: Literal[-1, 1] = -1
    """What should change: complaints (fall, −1) or praise (rise, 1)."""


@dataclass(frozen=True, slots=True)
class Block:
    """Seven days from `start`, counted from the day of the intervention, so that every block holds each weekday once."""

    start: str
    count: int
    """Voices that say it of the target."""
    voices: int
    expected: float
    """Count to be expected had nothing been done."""
    phase: Literal["before", "settling", "after"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A series the target was, or could have been, compared with."""

    kind: Literal["aspect", "product", "brand", "region", "store", "channel", "segment"]
    name: str
    before: int
    """Voices before the intervention."""
    trend: Estimate
    """How much faster the target grew than this series before, as a factor over four weeks: 1 is parallel."""
    p_value: float | None
    """Of parallel trends before."""
    reason: Candidacy


@dataclass(frozen=True, slots=True)
class Placebo:
    """The effect found at a day on which nothing was done."""

    day: str
    ratio: float
    statistic: float
    """log ratio ÷ its error."""


@dataclass(frozen=True, slots=True)
class Displaced:
    """Where complaints rose while the target's fell."""

    kind: Literal["aspect", "channel"]
    name: str
    ratio: Estimate
    excess: float
    """Voices more than expected after the intervention."""
    q_value: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one intervention and all it rests on."""

    verdict: EffectVerdict
    reason: Refusal | None
    method: Literal["compared", "interrupted", "none"]
    """Difference-in-differences against chosen comparisons, or the interrupted series alone."""
    effect: Estimate = NOTHING
    """Rate ratio net of comparisons (or of trend and season); n counts the target's voices."""
    unadjusted: Estimate = NOTHING
    """Rate ratio of the target alone, per voice received."""
    before: Estimate = NOTHING
    """Target per 1,000 voices."""
    after: Estimate = NOTHING
    avoided: Estimate = NOTHING
    """Voices expected minus voices counted after the intervention."""
    blocks: tuple[Block, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    placebos: tuple[Placebo, ...] = ()
    placebo_share: float | None = None
    """Share of placebo days with an effect as sure as the real one; None with fewer than 10."""
    displaced: tuple[Displaced, ...] = ()
    moved_share: Estimate = NOTHING
    """Excess elsewhere ÷ voices avoided."""
    detectable: float | None = None
    """The ratio nearest to 1 that four of five such studies would show."""
    dispersion: float | None = None
    correlation: float | None = None
    """Of one block's deviation with the next one's."""
    shortened_by: tuple[str, ...] = ()
    """Names of other interventions that cut the period short."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Sequential monitoring after a proven fix."""

    status: Literal["not_proven", "too_early", "steady", "relapsed"]
    alarm: str | None
    """First day of the block that sounded the alarm."""
    since: str | None
    """First day of the run of blocks that led to it."""
    ratio: Estimate
    """Rate since then (or since the watch began) ÷ rate right after the fix."""
    blocks: tuple[tuple[str, int, float, float], ...]
    """(start, count, expected, cumulative sum) of each watched block."""
    threshold: float
