"""The dimensions under which voices can be looked at, and how the voices of a period spread over their values.

Neither depends on what is complained of, so a survey of a period serves every problem in it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices
from huiyin.facts.filters import SAID, Band, band_name

Floats = NDArray[np.float64]

COLUMN_FACETS = ("product", "brand", "region", "store", "channel", "segment", "touchpoint", "language")
_SAMPLE = 20_000
_MOST_VALUES = 400
_BANDS = 5
_NUMBER = re.compile(r"\s*[-+]?\d+(\.\d+)?\s*")


@dataclass(frozen=True, slots=True)
class Facet:
    """A dimension to look under: a column of the feedback, a free attribute, or a condition that opinions name; numbers are cut at `edges` into
    bands.

    The name of a condition is `conditions.season`: a feedback may have an attribute `season` of its own.
    """

    name: str
    kind: Literal["column", "attribute", "condition"]
    edges: tuple[float, ...] = ()
    """Upper bounds, inclusive, of all bands but the last; empty for words."""

    @property
    def key(self) -> str:
        """Under which its values stand in a map of the facts."""
        return self.name.removeprefix(SAID) if self.kind == "condition" else self.name

    def under(self, value: str) -> Filter:
        """The filter of one of its values, as the facts tell it.

        >>> Facet("speed", "attribute", (20.0, 40.5)).under("1").to_query()
        'band.speed=20.0..40.5'
        """
        if self.edges:
            return Filter(bands={self.name: (self._band(value),)})
        if self.kind == "column":
            return Filter(**{self.name: (value,)})  # type: ignore[arg-type]
        return Filter(conditions={self.key: (value,)}) if self.kind == "condition" else Filter(attributes={self.name: (value,)})

    @property
    def table(self) -> Literal["voice", "opinion"]:
        """Whose rows carry it."""
        return "opinion" if self.kind == "condition" else "voice"

    @property
    def raw(self) -> tuple[str, list[object]]:
        """SQL of the raw value in a row of its table, with its parameters.

        Raises:
            ValueError: the feedback has no such column.
        """
        if self.kind == "column":
            if self.name not in COLUMN_FACETS:
                raise ValueError(f"facet {self.name!r}: no column of the feedback")
            return self.name, []
        return ("conditions[?]" if self.kind == "condition" else "attributes[?]"), [self.key]

    @property
    def value(self) -> tuple[str, list[object]]:
        """SQL of the value, or of the number of its band, in a table whose column `raw` holds the raw value, with its parameters; NULL where
        there is none.
        """
        if not self.edges:
            return "CASE WHEN raw = '' THEN NULL ELSE raw END", []
        number = "TRY_CAST(raw AS DOUBLE)"
        cuts = " ".join(f"WHEN {number} <= CAST(? AS DOUBLE) THEN {at}" for at in range(len(self.edges)))
        return f"CASE WHEN {number} IS NULL THEN NULL {cuts} ELSE {len(self.edges)} END", list(self.edges)

    def label(self, value: str) -> str:
        """What a value of the facts is called: itself, or its band.

        >>> [Facet("speed", "attribute", (20.0, 40.5)).label(band) for band in "012"]
        ['≤20', '20–40.5', '>40.5']
        """
        return band_name(self._band(value)) if self.edges else value

    def _band(self, value: str) -> Band:
        bounds, at = (-math.inf, *self.edges, math.inf), int(value)
        return bounds[at], bounds[at + 1]


@dataclass(frozen=True, slots=True)
class Spread:
    """How the voices of a period spread over the V values of a facet: `n` voices of each, `nn` the sum of squares of each customer's; (V,)."""

    facet: Facet
    values: tuple[str, ...]
    """As the facts tell them: of bands, their numbers."""
    n: Floats
    nn: Floats


@dataclass(frozen=True, slots=True)
class Survey:
    """Every facet worth asking in a period, and what was left out."""

    spreads: tuple[Spread, ...]
    skipped: tuple[tuple[str, str], ...]
    """(facet, why): "too many values" for identifiers, "one value"."""


def survey(store: Voices, where: Filter | None = None, facets: Sequence[Facet] | None = None) -> Survey:
    """The given facets, or every one worth asking, with the voices of each value.

    Raises:
        ValueError: a facet names no column of the feedback.
    """
    chosen, skipped = (tuple(facets), []) if facets is not None else all_facets(store, where)
    spreads = []
    for facet in chosen:
        spread = _spread(store, where, facet)
        if len(spread.values) < 2:
            skipped.append((facet.name, "one value"))
        else:
            spreads.append(spread)
    return Survey(tuple(spreads), tuple(skipped))


def _spread(store: Voices, where: Filter | None, facet: Facet) -> Spread:
    (raw, named), (value, cut) = facet.raw, facet.value
    # Opinions of one voice may name the same condition, or two numbers of one band: it counts once.
    once = "DISTINCT" if facet.table == "opinion" else ""
    table = store.query(
        f"WITH said AS (SELECT unit, feedback_id, {raw} AS raw FROM {facet.table}), "
        f"marked AS (SELECT {once} unit, feedback_id, CAST({value} AS VARCHAR) AS value FROM said), "
        "pairs AS (SELECT value, unit, CAST(count(*) AS DOUBLE) AS n FROM marked WHERE value IS NOT NULL GROUP BY value, unit) "
        "SELECT value, sum(n) AS n, sum(n * n) AS nn FROM pairs GROUP BY value ORDER BY value",
        [*named, *cut],
        where,
    )
    return Spread(facet, tuple(table["value"].to_pylist()), *(table[part].to_numpy().astype(np.float64) for part in ("n", "nn")))


def all_facets(store: Voices, where: Filter | None = None) -> tuple[tuple[Facet, ...], list[tuple[str, str]]]:
    """Every column and attribute worth asking, from a sample fixed by hash: words of few values, and numbers in five bands."""
    columns = ", ".join(COLUMN_FACETS)
    table = store.query(f"SELECT {columns}, attributes FROM voice ORDER BY unit, feedback_id LIMIT ?", [_SAMPLE], where)
    facets: list[Facet] = []
    skipped: list[tuple[str, str]] = []
    for name in COLUMN_FACETS:
        _add_facet(Facet(name, "column"), [one for one in table[name].to_pylist() if one], facets, skipped)
    said = store.query("SELECT conditions FROM opinion ORDER BY unit, feedback_id, mention_no LIMIT ?", [_SAMPLE], where)
    for key, values in _by_key(table["attributes"]):
        _add_facet(Facet(key, "attribute"), values, facets, skipped)
    for key, values in _by_key(said["conditions"]):
        _add_facet(Facet(SAID + key, "condition"), values, facets, skipped)
    return tuple(facets), skipped


def _by_key(maps: pa.ChunkedArray) -> list[tuple[str, list[str]]]:
    """The keys of a column of maps with the values that stand under them, by key."""
    found: dict[str, list[str]] = {}
    for pairs in maps.to_pylist():
        for key, value in pairs or ():
            if value:
                found.setdefault(key, []).append(value)
    return sorted(found.items())


def _add_facet(facet: Facet, values: list[str], facets: list[Facet], skipped: list[tuple[str, str]]) -> None:
    """Decide between words, bands and nothing by what a sample holds."""
    distinct = set(values)
    if not distinct:
        return
    if len(distinct) == 1:
        skipped.append((facet.name, "one value"))
        return
    if facet.kind != "column" and len(distinct) > 12:
        numbers = [float(value) for value in values if _NUMBER.fullmatch(value)]
        if len(numbers) >= 0.9 * len(values):
            edges = np.unique(np.quantile(np.array(numbers), np.arange(1, _BANDS) / _BANDS))
            facets.append(Facet(facet.name, facet.kind, tuple(float(edge) for edge in edges)))
            return
    if len(distinct) > _MOST_VALUES or (len(values) >= 100 and len(distinct) > 0.5 * len(values)):
        skipped.append((facet.name, "too many values"))
        return
    facets.append(facet)
