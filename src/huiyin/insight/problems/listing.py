"""The ranked problem list over a lasting store: any filter, any weights, problems as people have merged and split them.

Formula, source and limits are those of `insight.ranking`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices
from huiyin.insight import population, ranking
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import wilson
from huiyin.insight.population import Complaints, Population, Scores
from huiyin.insight.problems.definitions import Definition, Numbering, numbering
from huiyin.insight.ranking import AS_THEY_ARE, Ranked, Weights


@dataclass(frozen=True, slots=True)
class Row:
    """One problem of the list; the parts as in `findings.Problem`."""

    problem_id: str
    name: str
    rank: int
    customers: int
    frequency: Estimate
    intensity: Estimate
    harm: Estimate | None
    score: Estimate
    rank_certainty: float
    """P(true rank = shown rank)."""
    rank_low: int
    rank_high: int
    """The ranks that hold 95 % of the bootstrap replicates."""
    tied_with: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The list, and what is not in it: problems below the minimum, and the numbers everything rests on."""

    rows: tuple[Row, ...]
    too_small: tuple[tuple[str, int], ...]
    """(problem id, customers) of those with fewer than `ranking.MINIMUM_CUSTOMERS`."""
    population: int
    scored: int
    """Voices with a score; 0 where harm could not be told."""
    weights: Weights
    ranked: Ranked
    """The arrays behind the rows, with the bootstrap replicates."""

    def find(self, problem_id: str) -> Row | None:
        """A problem by its id; None where it is not in the list."""
        return next((row for row in self.rows if row.problem_id == problem_id), None)

    def row(self, problem_id: str) -> Row:
        """A problem by its id.

        Raises:
            KeyError: it is not in the list.
        """
        found = self.find(problem_id)
        if found is None:
            raise KeyError(problem_id)
        return found


def problem_list(store: Voices, definitions: Sequence[Definition], where: Filter | None = None, weights: Weights = AS_THEY_ARE) -> Listing:
    """The problems within a filter, worst first."""
    people, numbers = population.population(store, where), numbers_of(store, definitions)
    found = complaints_of(store, numbers, definitions, people, where)
    return ranked_list(people, found, scores_of(store, numbers, definitions, where), definitions, weights)


def numbers_of(store: Voices, definitions: Sequence[Definition]) -> Numbering:
    """How the complaints in this store get the numbers of their problems."""
    aspects = store.query("SELECT aspect FROM opinion WHERE aspect IS NOT NULL GROUP BY aspect ORDER BY aspect")["aspect"].to_pylist()
    return numbering(definitions, aspects)


def ranked_list(people: Population, found: Complaints, scores: Scores, definitions: Sequence[Definition], weights: Weights = AS_THEY_ARE) -> Listing:
    """The same from arrays."""
    ranked = ranking.rank(people, found, scores, weights=weights)
    names = {one.problem_id: one.name for one in definitions}
    customers = np.bincount(found.aspect, minlength=len(found.aspects))
    small = tuple((found.aspects[at], int(customers[at])) for at in ranked.too_small)
    rows = _rows(ranked, [found.aspects[at] for at in ranked.aspect], names, len(people))
    return Listing(rows, small, len(people), ranked.scored, weights, ranked)


def reweighted(listing: Listing, weights: Weights) -> Listing:
    """The list in the order that other weights give: moved sliders read nothing again."""
    ids = [row.problem_id for row in listing.rows]
    ranked = ranking.reweighted(listing.ranked, ids, weights)
    place = {one: at for at, one in zip(ids, listing.ranked.aspect, strict=True)}
    named = [place[at] for at in ranked.aspect]
    names = {row.problem_id: row.name for row in listing.rows}
    return replace(listing, rows=_rows(ranked, named, names, listing.population), weights=weights, ranked=ranked)


def _rows(ranked: Ranked, ids: Sequence[str], names: Mapping[str, str], people: int) -> tuple[Row, ...]:
    chances, ties = ranked.rank_probabilities(), ranked.ties()
    low, high = _rank_band(ranked)
    return tuple(
        Row(
            problem_id=one,
            name=names[one],
            rank=at + 1,
            customers=int(ranked.customers[at]),
            frequency=wilson(int(ranked.customers[at]), people, 1000.0),
            intensity=_estimate(ranked.intensity[at], ranked.intensity_replicates[:, at], int(ranked.customers[at])),
            harm=_estimate(ranked.harm[at], ranked.harm_replicates[:, at], ranked.scored) if ranked.scored else None,
            score=_estimate(ranked.score[at], ranked.score_replicates[:, at], int(ranked.customers[at])),
            rank_certainty=float(chances[at, at]),
            rank_low=int(low[at]),
            rank_high=int(high[at]),
            tied_with=ties[at],
        )
        for at, one in enumerate(ids)
    )


def complaints_of(
    store: Voices, numbers: Numbering, definitions: Sequence[Definition], people: Population, where: Filter | None = None
) -> Complaints:
    """Complaints by customer and problem; `aspects` of the result are problem ids."""
    table = store.query(
        "SELECT unit, problem, max(intensity) AS intensity, count(*) AS mentions "
        f"FROM ({numbers.sql}) named GROUP BY unit, problem ORDER BY unit, problem",
        numbers.values,
        where,
        tables=numbers.tables,
    )
    return Complaints(
        np.searchsorted(people.units, table["unit"].to_numpy().astype(np.uint64)),
        table["problem"].to_numpy().astype(np.int64),
        table["intensity"].to_numpy(zero_copy_only=False).astype(np.float64),
        table["mentions"].to_numpy().astype(np.int64),
        np.zeros(0, dtype=np.int64),  # nobody asks a list for it, and it costs more than all the rest
        tuple(one.problem_id for one in definitions),
    )


def scores_of(store: Voices, numbers: Numbering, definitions: Sequence[Definition], where: Filter | None = None) -> Scores:
    """Scored voices and which problems each complains of."""
    return population.scores_of(store, len(definitions), numbers.sql, numbers.values, where, numbers.tables)


def _estimate(value: float, replicates: NDArray[np.float64], n: int) -> Estimate:
    low, high = np.quantile(replicates, [0.025, 0.975])
    return Estimate(float(value), float(low), float(high), n)


def _rank_band(ranked: Ranked) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lowest and highest rank of each problem that the middle 95 % of the replicates give it."""
    if not len(ranked.aspect):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    places = np.argsort(np.argsort(-ranked.score_replicates, axis=1, kind="stable"), axis=1, kind="stable") + 1
    low, high = np.quantile(places, [0.025, 0.975], axis=0, method="inverted_cdf")
    return low.astype(np.int64), high.astype(np.int64)
