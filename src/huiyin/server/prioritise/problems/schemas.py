"""What the interface of problems takes and answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import Field

from huiyin.server.prioritise.problems.forms import SplitBy
from huiyin.server.web.numbers import Number


class Ranked(Schema):
    """A row of the list."""

    id: str
    name: str
    rank: int
    customers: int
    frequency: Number
    intensity: Number
    harm: Number | None
    score: Number
    rank_certainty: float
    rank_low: int
    rank_high: int
    tied_with: list[int]


class ProblemPage(Schema):
    """A part of the list, and what it rests on."""

    items: list[Ranked]
    total: int
    offset: int
    population: int
    scored: int
    made_at: str
    filter: str


class Meaning(Schema):
    """What a problem is in words, what belongs to it and what does not, a line each; empty: the taxonomy's words hold."""

    definition: str = Field("", max_length=2000)
    include: str = Field("", max_length=2000)
    exclude: str = Field("", max_length=2000)


class LinkIn(Schema):
    """An address beside a problem."""

    title: str
    url: str


class LinkOut(LinkIn):
    """One that stands there."""

    id: int


class ProblemOut(Schema):
    """A problem: what it is, where it stands (null where too few customers spoke of it), and the filter that hears it."""

    id: str
    name: str
    aspects: list[str]
    condition: str
    ranked: Ranked | None
    voices: int
    customers: int
    opinions: int
    voices_query: str
    meaning: Meaning
    links: list[LinkOut]


class Quote(Schema):
    """A customer's own words; `start` and `end` of each mark are code points of `text`."""

    feedback_id: str
    text: str
    marks: list[dict[str, Any]]
    intensity: float
    product: str | None
    region: str | None
    channel: str | None
    occurred_on: str | None
    folded: int


class Evidence(Schema):
    """The wall: distinct customers and opinions behind it, and the quotes asked for."""

    customers: int
    opinions: int
    items: list[Quote]


class ProblemTable(Schema):
    """What a chart or table of the page rests on; a share or rate has its bounds in the two columns behind it."""

    title: str
    head: list[str]
    rows: list[list[str | float | None]]


class Day(Schema):
    """The list as it stood on a day."""

    day: date
    population: int
    items: list[Ranked]


class Renaming(Schema):
    """Another name; empty for the aspect's."""

    name: str = ""


class Merging(Schema):
    """The problem that stays."""

    into: str


class Splitting(Schema):
    """Which values of a dimension become the new problem."""

    by: SplitBy
    values: list[str]
    name: str


class Pinning(Schema):
    """On top, or no longer."""

    pinned: bool = True


class Snoozing(Schema):
    """The last day on which it waits, and why; no day wakes it."""

    until: date | None = None
    reason: str = ""


class Following(Schema):
    """Whether one wants to hear of it."""

    follows: bool = True


class Commenting(Schema):
    """What is said."""

    text: str
