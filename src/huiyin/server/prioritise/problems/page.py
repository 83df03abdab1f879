"""What the page of one problem shows: where it gathers, how it went, under which conditions, in whose words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from huiyin.facts import Filter
from huiyin.insight import records
from huiyin.insight.conditions import Condition, conditions
from huiyin.insight.decomposition import Decomposition, decompose
from huiyin.insight.facets import Facet, Survey, survey
from huiyin.insight.findings import Quote
from huiyin.insight.problems import Definition
from huiyin.insight.records import Behind, Wall
from huiyin.server.prioritise.problems.heard import heard
from huiyin.server.prioritise.problems.register import register_key
from huiyin.server.understand.explorer import names
from huiyin.server.understand.explorer.chips import label_of, value_of
from huiyin.server.understand.explorer.marks import Piece, pieces
from huiyin.server.understand.reading.facts import facts_state, facts_store
from huiyin.server.understand.reckoning.behind import behind
from huiyin.server.understand.reckoning.commonest import commonest
from huiyin.server.understand.reckoning.keeping import FEW, reckoned

SHOWN = 24
_STEPS = 8
CONDITIONS = 8
"""Of each as many as the page has room for."""
_FACETS = ("product", "region", "channel", "segment")
_CHIPS = 6
_LEVELS = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the Pareto, with the query of the explorer that hears it."""

    name: str
    customers: int
    share: float
    low: float
    high: float
    cumulative: float
    query: str
    here: bool
    """Whether it belongs to the problem of the page."""


@dataclass(frozen=True, slots=True)
class Steps:
    """A theme taken apart."""

    theme: str
    found: Decomposition
    lines: tuple[StepLine, ...]
    query: str
    headline: StepLine | None
    """The step in which the theme gathers; None where that is not shown."""

    @property
    def drawn(self) -> tuple[StepLine, ...]:
        """The largest, for which the page has room."""
        return self.lines[:_STEPS]

    @property
    def rest(self) -> int:
        """Steps too small to be drawn."""
        return len(self.lines) - len(self.drawn)


@dataclass(frozen=True, slots=True)
class Words:
    """A card of the wall: a customer's own words with every opinion marked."""

    quote: Quote
    pieces: list[Piece]
    level: int
    """1 … 5 bars."""


def theme_of(one: Definition) -> str | None:
    """The theme whose steps the problem stands among; None for a problem that reaches over several."""
    themes = {path.split("/")[0] for path in one.aspects}
    return themes.pop() if len(themes) == 1 else None


def steps_of(one: Definition, within: Filter, linked: Filter) -> Steps | None:
    """Where complaints of the problem's theme gather; None where there is no theme or nothing to take apart."""
    theme = theme_of(one)
    if theme is None:
        return None
    found = reckoned(("steps", theme, within.to_query()), lambda: decompose(facts_store(), within, theme=theme)).value
    if len(found.rows) < 2:
        return None
    lines = []
    for row in found.rows:
        path = row.step.name
        query = (linked & Filter(aspect=(path,), polarity=(-1,))).to_query()
        low, high = row.share.low or 0.0, row.share.high or 0.0
        mine = any(own == path or own.startswith(path + "/") for own in one.aspects)
        name = names.aspect_name(path).rsplit(" / ", 1)[-1]
        lines.append(StepLine(name, row.customers, row.share.value or 0.0, low, high, row.cumulative, query, mine))
    headline = next((line for line, row in zip(lines, found.rows, strict=True) if found.headline and row.step == found.headline.step), None)
    whole = (linked & Filter(aspect=(theme,), polarity=(-1,))).to_query()
    return Steps(names.aspect_name(theme), found, tuple(lines), whole, headline)


@dataclass(frozen=True, slots=True)
class Found:
    """A condition under which a problem happens more often."""

    label: str
    value: str
    aspect: str
    condition: Condition
    query: str
    """The query of the explorer that hears the complaining voices."""


def conditions_of(one: Definition, within: Filter, linked: Filter) -> list[Found]:
    """Conditions and segments under which it happens more often than elsewhere, false discoveries controlled; surest first."""
    found = []
    where = within & one.condition
    for path in one.aspects[:3]:

        def look(aspect: str = path) -> Any:
            return conditions(facts_store(), aspect, where, surveyed=survey_of(where))

        told = reckoned(("conditions", path, where.to_query()), look).value
        facets = {table.facet.name: table.facet for table in told.facets}
        for each in told.found:
            query = (linked & one.condition & each.under & Filter(aspect=(path,), polarity=(-1,))).to_query()
            label, value = _named(facets[each.facet], each.value)
            found.append(Found(label, value, names.aspect_name(path) if len(one.aspects) > 1 else "", each, query))
    return sorted(found, key=lambda each: each.condition.p_value)


def survey_of(where: Filter) -> Survey:
    """What all problems of a period are compared with. Complaints of now are set against it, so it is none from before somebody changed the
    facts, or from when there were clearly fewer voices.
    """
    state = facts_state()
    grown = round(math.log1p(state.voices) / math.log1p(FEW))
    key = ("survey", where.to_query(), state.opening, state.acts, grown)
    return reckoned(key, lambda: survey(facts_store(), where)).value


def _named(facet: Facet, value: str) -> tuple[str, str]:
    """Facet and value in the reader's language."""
    if facet.kind == "condition":
        return names.condition_name(facet.key), names.condition_value(facet.key, value)
    return label_of(facet.name), value_of(facet.name, value) if facet.kind == "column" else value


def behind_of(one: Definition, within: Filter) -> Behind:
    """Voices, customers and opinions of a problem."""
    return behind(within & heard(one)).value


def wall_of(one: Definition, within: Filter) -> tuple[Wall, list[Words]]:
    """Different customers' own words, the most intense first."""
    asked = within & heard(one)
    found = reckoned(("wall", asked.to_query(), register_key()), lambda: records.wall(facts_store(), asked, SHOWN)).value
    return found, [_words(quote) for quote in found.quotes]


def _words(quote: Quote) -> Words:
    said = [{"start": mark.start, "end": mark.end, "polarity": mark.polarity, "intensity": mark.intensity} for mark in quote.marks]
    return Words(quote, pieces(quote.text, said), 1 + sum(quote.intensity >= level for level in _LEVELS))


def facets_of(one: Definition, within: Filter) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """(part, label, values with customers) by which the wall can be narrowed."""
    asked = within & heard(one)
    kept = [(part, commonest(part, asked, _CHIPS, "customers")) for part in _FACETS]
    return [(part, label_of(part), values) for part, values in kept if len(values) > 1]


def narrowed(query: Any) -> Filter:
    """What the wall is narrowed by, out of an address."""
    parts: dict[str, Any] = {part: tuple(value for value in query.getlist(f"wall_{part}")[:20] if value) for part in _FACETS}
    return Filter(**parts)
