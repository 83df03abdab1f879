"""What an analysis found, as plain values: the one contract between `insight` and every report.

Rates are per 1,000 customers unless a name says otherwise; intervals are 95 %; dates are ISO 8601 days.
Nothing here holds a sentence: wording belongs to the report, in the reader's language.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Verdict = Literal["up", "down", "flat", "unknown"]
"""A judged change: risen, fallen, not shown, or too little data to tell."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval and the count it rests on; `value` is None below the minimum n."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Name:
    """A label in both interface languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One opinion inside a quote: code-point offsets into `Quote.text`, end exclusive."""

    start: int
    end: int
    polarity: int
    intensity: float
    primary: bool
    """True for the opinion that belongs to the problem under which the quote is shown."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One customer's own words. `folded` further records say nearly the same and stand behind this one."""

    feedback_id: str
    text: str
    marks: tuple[Mark, ...]
    intensity: float
    customer: str | None
    product: str | None
    region: str | None
    channel: str | None
    rating: float | None
    scale_max: float | None
    occurred_on: str | None
    folded: int


@dataclass(frozen=True, slots=True)
class Week:
    """One ISO week, starting on Monday `start`. `total` feedback received, `count` of it naming the problem."""

    start: str
    count: int
    total: int
    per_thousand: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """Weekly series and its judged change: the best single break, tested by permutation, FDR-controlled."""

    weeks: tuple[Week, ...]
    verdict: Verdict
    since: str | None
    """Monday of the first week after the break; None unless verdict is up or down."""
    before: Estimate
    """Rate per 1,000 feedback before the break."""
    after: Estimate
    ratio: Estimate
    """after ÷ before."""
    q_value: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """One row of a breakdown."""

    name: Name
    count: int
    share: Estimate
    """Fraction 0..1 of the breakdown's total."""
    expected: float
    """Fraction 0..1 under an even spread (steps) or in all feedback (product, region, ...)."""


@dataclass(frozen=True, slots=True)
class Concentration:
    """Where the complaints of one theme (or problem) gather. `rows` sorted by count, largest first."""

    dimension: Literal["step", "product", "brand", "region", "store", "channel", "segment"]
    theme: Name
    theme_path: str
    top: Share
    total: int
    unassigned: int
    """Complaints of this theme that name no step, or carry no value of the dimension."""
    p_value: float
    rows: tuple[Share, ...]
    owner: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """A row of the ranked list. score = frequency × intensity × harm (harm left out where no rating exists)."""

    problem_id: str
    """Stable: derived from the aspect path, same in every run."""
    rank: int
    aspect: str
    name: Name
    parent: Name | None
    definition: Name | None
    owner: str | None
    touchpoint: str | None
    customers: int
    feedback: int
    mentions: int
    frequency: Estimate
    """Distinct customers complaining, per 1,000."""
    intensity: Estimate
    """Mean negative strength 0..1 of the complaining customers."""
    harm: Estimate | None
    """Loss of score of those who complain against comparable others, in the score's own points (a loss is > 0)."""
    score: Estimate
    rank_probability: tuple[float, ...]
    """P(rank = 1), P(rank = 2), ... over bootstrap replicates, as many as there are ranked problems (at most 10)."""
    rank_certainty: float
    """P(true rank = shown rank)."""
    tied_with: tuple[int, ...]
    """Ranks of neighbours from which this one cannot be told apart."""
    rank_by: dict[str, int]
    """The rank it would have by one part alone: keys frequency, intensity, harm (harm only where known)."""
    trend: Trend
    concentrations: tuple[Concentration, ...]
    """Significant conditions under which it happens (product, region, ...), strongest first."""
    evidence: tuple[Quote, ...]
    evidence_customers: int
    """Distinct customers behind the wall (equals `customers`)."""


@dataclass(frozen=True, slots=True)
class Praise:
    """An aspect that customers like."""

    aspect: str
    name: Name
    customers: int
    frequency: Estimate
    evidence: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A judged change worth the first screen: only those that passed the test."""

    problem_id: str
    name: Name
    verdict: Literal["up", "down"]
    since: str
    before: float
    after: float
    ratio: Estimate


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """The rating or NPS of the whole file."""

    metric: Literal["nps", "rating"]
    """nps when scores are 0-10 recommendation scores, else the mean rating."""
    scale_max: float
    value: Estimate
    distribution: tuple[tuple[float, int], ...]
    """(score, count), ascending."""
    weeks: tuple[tuple[str, float | None, float | None, float | None, int], ...]
    """(Monday, value, low, high, n) by week; value None where n is below the minimum."""


@dataclass(frozen=True, slots=True)
class SentimentShare:
    """Share of feedback by sentiment, fractions 0..1."""

    negative: Estimate
    neutral: Estimate
    positive: Estimate
    weeks: tuple[tuple[str, int, int, int], ...]
    """(Monday, negative, neutral, positive) counts by week."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the voice the taxonomy placed; the rest is listed, never hidden."""

    feedback_placed: Estimate
    """Fraction of feedback with at least one placed mention."""
    negative_placed: Estimate
    """Fraction of negative mentions that carry an aspect."""
    unplaced: tuple[Quote, ...]
    unplaced_total: int
    unplaced_words: tuple[tuple[str, int], ...]
    """Frequent words of the unplaced negative mentions, with counts."""


@dataclass(frozen=True, slots=True)
class Volume:
    """What was read."""

    read: int
    kept: int
    rejected: int
    duplicates: int
    customers: int
    customers_known: bool
    """False when the file has no customer column: frequency then counts feedback."""
    mentions: int
    first_day: str | None
    last_day: str | None
    weeks: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str, int], ...]
    products: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything one analysis has to say."""

    title: str
    """What was analysed: file names."""
    generated_at: str
    taxonomy: str
    """Pack id and version."""
    taxonomy_name: Name
    partial: bool
    """True when the run was stopped before all input was read."""
    volume: Volume
    sentiment: SentimentShare
    score: ScoreSummary | None
    problems: tuple[Problem, ...]
    too_small: tuple[tuple[Name, int], ...]
    """Aspects with complaints below the minimum n: (name, customers)."""
    minimum_customers: int
    changes: tuple[Change, ...]
    steps: tuple[Concentration, ...]
    """Concentration of each parent theme over its steps, only those that pass the test."""
    praised: tuple[Praise, ...]
    coverage: Coverage
    replicates: int
    """Bootstrap replicates behind the rank probabilities."""
    checksum: str
    """Hash of the findings' numbers: same input, same checksum."""
    notes: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists and numbers, ready for JSON."""
        return asdict(self)
