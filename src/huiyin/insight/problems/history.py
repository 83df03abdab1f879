"""The list of every day is kept: any past ranking can be shown again as it stood, and each place compared with the one before.

A snapshot holds the rows of a list and what they were made from (filter, weights), not the voices: later corrections, late
arrivals and erasures change today's list and no past one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

import pyarrow as pa

from huiyin.facts import Filter
from huiyin.insight.findings import Estimate
from huiyin.insight.problems.listing import Listing, Row
from huiyin.insight.ranking import Weights

_PREFIX = "problems"


class Memory(Protocol):
    """What a facts store offers for keeping small tables by name and day."""

    def remember(self, name: str, day: date, rows: pa.Table) -> None:
        """Keep a table; the same name and day again replaces it."""
        ...

    def recall(self, name: str, day: date) -> pa.Table | None:
        """What was kept under the name on that day."""
        ...

    def remembered(self, name: str) -> list[date]:
        """The days of a name, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A list as it stood on a day."""

    day: date
    rows: tuple[Row, ...]
    population: int
    scored: int
    weights: Weights
    where: Filter


@dataclass(frozen=True, slots=True)
class Moved:
    """One problem now and on an earlier day. `places` > 0: it rose."""

    problem_id: str
    rank: int
    before: int | None
    places: int | None
    shown: bool
    """Whether the bands of ranks of the two days are apart: a change of place that is more than chance."""


def take(memory: Memory, listing: Listing, day: date, where: Filter | None = None) -> None:
    """Keep a list under its day and filter."""
    chosen = where or Filter()
    content = {
        "population": listing.population,
        "scored": listing.scored,
        "weights": asdict(listing.weights),
        "where": chosen.to_query(),
        "rows": [asdict(row) for row in listing.rows],
    }
    memory.remember(_name(chosen), day, pa.table({"content": [json.dumps(content, ensure_ascii=False)]}))


def replay(memory: Memory, day: date, where: Filter | None = None) -> Snapshot | None:
    """The list as it stood on a day; None where none was kept."""
    table = memory.recall(_name(where or Filter()), day)
    if table is None or not table.num_rows:
        return None
    content = json.loads(table["content"][0].as_py())
    rows = tuple(_row(one) for one in content["rows"])
    weights = Weights(**content["weights"])
    return Snapshot(day, rows, int(content["population"]), int(content["scored"]), weights, Filter.from_query(content["where"]))


def days(memory: Memory, where: Filter | None = None) -> list[date]:
    """The days on which the list was kept."""
    return memory.remembered(_name(where or Filter()))


def compare(now: Sequence[Row], before: Sequence[Row]) -> tuple[Moved, ...]:
    """Each place of a list against an earlier one."""
    former = {row.problem_id: row for row in before}
    out = []
    for row in now:
        old = former.get(row.problem_id)
        apart = old is not None and (row.rank_high < old.rank_low or row.rank_low > old.rank_high)
        out.append(Moved(row.problem_id, row.rank, old.rank if old else None, old.rank - row.rank if old else None, apart))
    return tuple(out)


def _name(where: Filter) -> str:
    return f"{_PREFIX}?{where.to_query()}"


def _row(content: dict[str, Any]) -> Row:
    parts = {name: Estimate(**content[name]) if content[name] is not None else None for name in ("frequency", "intensity", "harm", "score")}
    return Row(**{**content, **parts, "tied_with": tuple(content["tied_with"])})
