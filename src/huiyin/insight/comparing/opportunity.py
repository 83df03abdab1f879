"""Unmet needs: what matters much and is served badly, by aspect, and as a grid of needs × players.

  opportunity = importance + max(importance − satisfaction, 0)                      all on 0..10  (Ulwick, "What Customers Want", 2005)

Importance and satisfaction come from a survey where one is given. Else they are mined, and say so:
  importance_a   = 10 × customers who speak of a ÷ those who speak of the aspect most spoken of
  satisfaction_a = 10 × customers whose mean polarity of a is positive ÷ customers who judge a at all
What people speak of is a proxy of what matters to them: needs taken for granted are seldom voiced and come out too low here.

Intervals: bootstrap over customers in hash buckets (the customers of a bucket stay together).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import wilson

BUCKETS = 256
REPLICATES = 1000
MINIMUM = 8
_SERVED = 6.0
"""Satisfaction, 0..10, from which a player counts as serving a need well."""
_TALKED = 0.02
"""Share of a player's customers from which a need counts as talked about."""


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One need. `importance` and `satisfaction` 0..10, `score` 0..20."""

    aspect: str
    customers: int
    importance: Estimate
    satisfaction: Estimate
    score: Estimate
    source: Literal["survey", "mined"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One need with one player."""

    aspect: str
    player: str
    customers: int
    talked: Estimate
    """Share of the player's customers who speak of it."""
    satisfaction: Estimate
    """0..10; None in it below the minimum."""
    served: bool | None
    """Well served for sure, surely not, or cannot be told."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Needs × players; `white` are needs that matter and that no player serves well for sure."""

    cells: tuple[Cell, ...]
    white: tuple[str, ...]


def opportunities(
    store: Voices, where: Filter | None = None, survey: Mapping[str, tuple[float, float]] | None = None, seed: int = 20240229
) -> tuple[Opportunity, ...]:
    """Needs by opportunity, the largest first. `survey` gives (importance, satisfaction), 0..10, of the aspects that were asked about."""
    aspects, speak, content = _sums(store, where or Filter())
    if not aspects:
        return ()
    draws = np.random.default_rng(seed).multinomial(BUCKETS, np.full(BUCKETS, 1 / BUCKETS), size=REPLICATES)
    weights = np.concatenate([np.ones((1, BUCKETS)), draws])
    spoken, judged, positive = weights @ speak, weights @ content[0], weights @ content[1]
    importance = 10.0 * spoken / np.maximum(spoken.max(axis=1, keepdims=True), 1e-9)
    with np.errstate(invalid="ignore", divide="ignore"):
        satisfaction = np.where(judged > 0, 10.0 * positive / judged, np.nan)
    out = []
    for at, aspect in enumerate(aspects):
        customers = int(spoken[0, at])
        if survey and aspect in survey:
            asked = [Estimate(float(value), None, None, customers) for value in survey[aspect]]
            score = survey[aspect][0] + max(survey[aspect][0] - survey[aspect][1], 0.0)
            out.append(Opportunity(aspect, customers, asked[0], asked[1], Estimate(float(score), None, None, customers), "survey"))
        elif judged[0, at] >= MINIMUM:
            score = importance[:, at] + np.maximum(importance[:, at] - satisfaction[:, at], 0.0)
            parts = [_estimate(values, customers) for values in (importance[:, at], satisfaction[:, at], score)]
            out.append(Opportunity(aspect, customers, parts[0], parts[1], parts[2], "mined"))
    return tuple(sorted(out, key=lambda one: (-(one.score.value or 0.0), one.aspect)))


def whitespace(store: Voices, players: Mapping[str, Filter], where: Filter | None = None, important: int = 12) -> Grid:
    """The grid of the `important` needs most spoken of among all players together."""
    base = where or Filter()
    found = {player: _player(store, base & chosen) for player, chosen in players.items()}
    spoken: dict[str, int] = {}
    for _, rows in found.values():
        for aspect, (talking, _, _) in rows.items():
            spoken[aspect] = spoken.get(aspect, 0) + talking
    needs = [aspect for aspect, _ in sorted(spoken.items(), key=lambda item: (-item[1], item[0]))[:important]]
    cells = [_cell(aspect, player, total, rows.get(aspect, (0, 0, 0))) for aspect in needs for player, (total, rows) in found.items()]
    white = tuple(aspect for aspect in needs if not any(cell.served for cell in cells if cell.aspect == aspect))
    return Grid(tuple(cells), white)


def _cell(aspect: str, player: str, total: int, row: tuple[int, int, int]) -> Cell:
    talking, judging, positive = row
    talked = wilson(talking, total)
    if judging < MINIMUM:
        return Cell(aspect, player, talking, talked, Estimate(None, None, None, judging), None)
    satisfaction = wilson(positive, judging, 10.0)
    assert satisfaction.low is not None
    assert satisfaction.high is not None
    enough = (talked.value or 0.0) >= _TALKED
    served = True if satisfaction.low >= _SERVED and enough else (False if satisfaction.high < _SERVED else None)
    return Cell(aspect, player, talking, talked, satisfaction, served)


_PERSON = (
    "WITH person AS (SELECT aspect, unit, avg(CAST(polarity AS DOUBLE)) AS content, "
    "max(CASE WHEN polarity <> 0 THEN 1 ELSE 0 END) AS judges FROM opinion WHERE aspect IS NOT NULL GROUP BY aspect, unit) "
)


def _sums(store: Voices, where: Filter) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
    """(aspects; customers who speak of each, by bucket (BUCKETS, A); those who judge it and those who like it (2, BUCKETS, A))."""
    table = store.query(
        f"{_PERSON}SELECT aspect, unit % {BUCKETS} AS bucket, count(*) AS n, sum(judges) AS judging, "
        "sum(CASE WHEN judges = 1 AND content > 0 THEN 1 ELSE 0 END) AS positive "
        f"FROM person GROUP BY aspect, unit % {BUCKETS} ORDER BY aspect, bucket",
        where=where,
    )
    aspects, at = np.unique(np.array(table["aspect"].to_pylist(), dtype=str), return_inverse=True)
    bucket = table["bucket"].to_numpy().astype(np.int64) % BUCKETS
    out = np.zeros((3, BUCKETS, len(aspects)))
    for row, name in enumerate(("n", "judging", "positive")):
        np.add.at(out[row], (bucket, at), table[name].to_numpy(zero_copy_only=False).astype(np.float64))
    return [str(one) for one in aspects], out[0], out[1:]


def _player(store: Voices, where: Filter) -> tuple[int, dict[str, tuple[int, int, int]]]:
    total = int(store.query("SELECT count(DISTINCT unit) AS n FROM voice", where=where)["n"][0].as_py())
    rows = store.query(
        f"{_PERSON}SELECT aspect, count(*) AS n, sum(judges) AS judging, sum(CASE WHEN judges = 1 AND content > 0 THEN 1 ELSE 0 END) AS positive "
        "FROM person GROUP BY aspect ORDER BY aspect",
        where=where,
    ).to_pylist()
    return total, {row["aspect"]: (int(row["n"]), int(row["judging"]), int(row["positive"])) for row in rows}


def _estimate(values: NDArray[np.float64], n: int) -> Estimate:
    low, high = np.nanquantile(values[1:], [0.025, 0.975])
    return Estimate(float(values[0]), float(low), float(high), n)
