"""The integrity of a metric: every check of every unit judged together, the suspects with their reasons, and a score of each unit.

A name is said only when the evidence stands after the control of false discoveries over all units and checks (Benjamini & Hochberg, 1995),
is large enough to matter, and rests on the minimum number of responses. Nothing is changed or removed here: see `quarantine`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Estimate
from huiyin.insight.integrity import peers
from huiyin.insight.integrity.checks import Check, Known, Settings, Trick, checks, known, named
from huiyin.insight.integrity.suspects import Suspect, suspects
from huiyin.insight.integrity.texts import sampled
from huiyin.insight.intervals import false_discovery

Floats = NDArray[np.float64]
Measure = Literal["share", "points", "share difference", "log odds"]

_Z = float(stats.norm.ppf(0.975))
_WHOLE_UNIT: dict[Trick, Measure] = {"deadline_score": "points", "deadline_invites": "share difference", "cherry_picking": "log odds"}
_UNIT_PENALTY = 0.8
_TOGETHER: dict[Trick, float] = {"template": 4.0, "near_template": 6.0, "device": 4.0, "contact": 4.0, "repeat": 4.0}
"""Hits of these checks come several at a time: a wording is shared by three, a device by three people, or not at all."""


@dataclass(frozen=True, slots=True)
class UnitSignal:
    """One check of one unit. `value` and `peers` are in the words of `measure`."""

    unit: str
    trick: Trick
    measure: Measure
    n: int
    """Responses the check could judge."""
    value: Estimate
    peers: float
    p_value: float
    q_value: float
    named: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit with what was found. `score` is 1 for no sign: (1 − suspect share) × 0.8 for each named trick of the whole unit."""

    unit: str
    responses: int
    suspects: int
    score: float
    reasons: tuple[Trick, ...]


@dataclass(frozen=True, slots=True)
class Integrity:
    """What was tested, what was found, what could not be tested."""

    unit: str
    """The dimension: a column, or attributes.NAME."""
    signals: tuple[UnitSignal, ...]
    """Those that name a unit, surest first."""
    units: tuple[Unit, ...]
    """All units with enough responses, lowest score first."""
    suspects: tuple[Suspect, ...]
    suspects_total: int
    """More than `suspects` when there are more than may be listed."""
    tested: int
    too_small: int
    """Units below the minimum in every check: never named."""
    unassigned: int
    """Responses without a unit."""
    missing: tuple[tuple[Trick, str], ...]
    """Checks that were not run, and the data they lack."""
    settings: Settings


@dataclass(frozen=True, slots=True)
class _Result:
    trick: Trick
    n: Floats
    compared: peers.Compared
    large: NDArray[np.bool_]


def audit(store: Voices, where: Filter | None = None, *, unit: str = "store", settings: Settings | None = None) -> Integrity:
    """Judge every unit by every check for which the facts hold the data.

    Args:
        unit: whose honesty is asked: `store`, `channel`, `region`, ..., or `attributes.staff`.

    Raises:
        ValueError: `unit` is no column of the facts.
    """
    rules = settings or Settings()
    base, values = named(unit)
    sizes = store.query(f"WITH {base} SELECT place, count(*) AS n FROM named GROUP BY place ORDER BY place", values, where)
    count = dict(zip(sizes["place"].to_pylist(), sizes["n"].to_pylist(), strict=True))
    unassigned = int(count.pop(None, 0)) + int(count.pop("", 0))
    units = sorted(count)
    have = known(store, where)
    chosen, missing = checks(have, rules)
    results = [_shared(store, where, base, values, check, units, rules) for check in chosen]
    results.append(_copies(store, where, unit, units, rules))
    hits, compared, near = sampled(store, where, unit, units, rules.text_letters, rules.near)
    results.append(_judged("near_template", hits, compared, rules))
    more, lacking = _whole_units(store, where, base, values, units, have, rules)
    signals = _signals(units, results + more, rules)
    accused = {(one.unit, one.trick) for one in signals if one.named}
    listed, total = suspects(store, where, base, values, chosen, accused, near, rules)
    return Integrity(
        unit,
        tuple(one for one in signals if one.named),
        _scored(units, count, listed, accused),
        listed,
        total,
        sum(one.p_value == one.p_value for one in signals),
        len(units) - len({one.unit for one in signals}),
        unassigned,
        tuple(missing + lacking),
        rules,
    )


def _shared(store: Voices, where: Filter | None, base: str, values: list[object], check: Check, units: Sequence[str], rules: Settings) -> _Result:
    """A check of single responses, counted by unit and compared with the peers."""
    row_of = {name: row for row, name in enumerate(units)}
    day = "day, " if check.trick == "minutes" else ""
    table = store.query(
        f"WITH {base} SELECT place, {day}sum(hit) AS hits, count(*) AS n FROM ({check.sql}) judged GROUP BY place{', day' if day else ''} "
        f"ORDER BY place{', day' if day else ''}",
        [*values, *check.parameters],
        where,
    )
    places = table["place"].to_pylist()
    rows = np.array([row_of.get(place, -1) for place in places], dtype=np.int64)
    number, hit = (table[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in ("n", "hits"))
    hits, out_of = np.zeros(len(units)), np.zeros(len(units))
    np.add.at(hits, rows[rows >= 0], hit[rows >= 0])
    np.add.at(out_of, rows[rows >= 0], number[rows >= 0])
    if check.trick != "minutes":
        return _judged(check.trick, hits, out_of, rules)
    ordered = np.argsort(rows, kind="stable")
    bounds = np.searchsorted(rows[ordered], np.arange(len(units) + 1))
    volume = [number[ordered[bounds[row] : bounds[row + 1]]] for row in range(len(units))]
    found = peers.crowding(hits, volume, *rules.in_minutes, rules.minimum)
    return _Result("minutes", out_of, found, _beyond(found, rules))


def _copies(store: Voices, where: Filter | None, unit: str, units: Sequence[str], rules: Settings) -> _Result:
    """Copies of counted responses, which `voice` leaves out, among all that came."""
    place, values = ("attributes[?]", [unit.removeprefix("attributes.")]) if unit.startswith("attributes.") else (unit, [])
    table = store.query(
        "SELECT place, sum(copied) AS hits, count(*) AS n FROM ("
        f"SELECT {place} AS place, 0 AS copied FROM voice UNION ALL SELECT {place} AS place, 1 AS copied FROM feedback "
        "WHERE duplicate_of IN (SELECT feedback_id FROM voice)) came GROUP BY place ORDER BY place",
        [*values, *values],
        where,
    )
    hits, out_of = _by_unit(table, units, "hits"), _by_unit(table, units, "n")
    return _judged("copy", hits, out_of, rules)


def _judged(trick: Trick, hits: Floats, out_of: Floats, rules: Settings) -> _Result:
    found = peers.shares(hits, out_of, rules.minimum, _TOGETHER.get(trick, 1.0))
    return _Result(trick, out_of, found, _beyond(found, rules))


def _beyond(found: peers.Compared, rules: Settings) -> NDArray[np.bool_]:
    return np.asarray((found.value - found.peers >= rules.minimum_excess) & (found.value >= 2 * found.peers))


def _by_unit(table: pa.Table, units: Sequence[str], column: str) -> Floats:
    numbers = dict(zip(table["place"].to_pylist(), table[column].to_pylist(), strict=True))
    return np.array([float(numbers.get(name) or 0) for name in units])


def _whole_units(
    store: Voices, where: Filter | None, base: str, values: list[object], units: Sequence[str], have: Known, rules: Settings
) -> tuple[list[_Result], list[tuple[Trick, str]]]:
    """Checks that need all responses of a unit: the deadline and the choice of whom to invite."""
    results: list[_Result] = []
    missing: list[tuple[Trick, str]] = []
    for trick, number, jump, can in (
        ("deadline_score", "points", rules.minimum_jump, have.scores),
        ("deadline_invites", "CASE WHEN invited THEN 1.0 WHEN NOT invited THEN 0.0 END", rules.minimum_invite_jump, have.invited),
    ):
        if not can:
            missing.append((trick, "score" if trick == "deadline_score" else "invited"))  # type: ignore[arg-type]
            continue
        sums = _around_deadline(store, where, base, values, units, number, rules)
        found = peers.jumps(*sums, rules.minimum, rules.deadline_months)
        results.append(_Result(trick, sums[0].sum(axis=(1, 2)), found, found.value - found.peers >= jump))  # type: ignore[arg-type]
    if not have.invited:
        return results, [*missing, ("cherry_picking", "invited")]
    cells = np.zeros((len(units), 2, 2))
    row_of = {name: row for row, name in enumerate(units)}
    table = store.query(
        f"WITH {base} SELECT place, CASE WHEN sentiment <= -0.2 THEN 1 ELSE 0 END AS unhappy, CASE WHEN invited THEN 1 ELSE 0 END AS asked, "
        "count(*) AS n FROM named WHERE invited IS NOT NULL AND sentiment IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        values,
        where,
    )
    for place, unhappy, asked, n in zip(*(table[name].to_pylist() for name in ("place", "unhappy", "asked", "n")), strict=True):
        if place in row_of:
            cells[row_of[place], unhappy, asked] = n
    found = peers.odds(cells, rules.minimum)
    results.append(_Result("cherry_picking", cells.sum(axis=(1, 2)), found, found.value - found.peers >= np.log(rules.minimum_odds)))
    return results, missing


def _around_deadline(
    store: Voices, where: Filter | None, base: str, values: list[object], units: Sequence[str], number: str, rules: Settings
) -> tuple[Floats, Floats, Floats]:
    """Count, sum and sum of squares by unit, period, and rest or last days: (U, M, 2) each."""
    table = store.query(
        f"WITH {base} SELECT place, period, late, CAST(count(*) AS DOUBLE) AS n, sum(x) AS total, sum(x * x) AS squares FROM ("
        f"SELECT place, CAST({number} AS DOUBLE) AS x, CAST(date_trunc('{rules.deadline}', day) AS DATE) AS period, "
        f"CASE WHEN date_trunc('{rules.deadline}', day + INTERVAL {int(rules.deadline_days)} DAY) > date_trunc('{rules.deadline}', day) "
        "THEN 1 ELSE 0 END AS late FROM named WHERE day IS NOT NULL) dated WHERE x IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        values,
        where,
    )
    row_of = {name: row for row, name in enumerate(units)}
    periods = {one: at for at, one in enumerate(sorted(set(table["period"].to_pylist())))}
    rows = np.array([row_of.get(place, -1) for place in table["place"].to_pylist()], dtype=np.int64)
    columns = np.array([periods[one] for one in table["period"].to_pylist()], dtype=np.int64)
    late = table["late"].to_numpy().astype(np.int64)
    out = []
    for name in ("n", "total", "squares"):
        sums = np.zeros((len(units), len(periods), 2))
        kept = rows >= 0
        sums[rows[kept], columns[kept], late[kept]] = table[name].to_numpy()[kept]
        out.append(sums)
    return out[0], out[1], out[2]


def _signals(units: Sequence[str], results: Sequence[_Result], rules: Settings) -> list[UnitSignal]:
    """All judged pairs of unit and check, surest first."""
    q_values = false_discovery(np.concatenate([one.compared.p_value for one in results])).reshape(len(results), len(units))
    out = []
    for result, q in zip(results, q_values, strict=True):
        measure = _WHOLE_UNIT.get(result.trick, "share")
        for row in np.flatnonzero(np.isfinite(result.compared.p_value)).tolist():
            value, half = float(result.compared.value[row]), _Z * float(result.compared.error[row])
            estimate = Estimate(value, value - half, value + half, int(result.n[row]))
            p, peer = float(result.compared.p_value[row]), float(result.compared.peers[row])
            sure = bool(q[row] <= rules.level and result.large[row])
            out.append(UnitSignal(units[row], result.trick, measure, estimate.n, estimate, peer, p, float(q[row]), sure))
    return sorted(out, key=lambda one: (one.q_value, one.p_value, one.unit, one.trick))


def _scored(units: Sequence[str], count: dict[str, int], listed: Sequence[Suspect], accused: set[tuple[str, Trick]]) -> tuple[Unit, ...]:
    suspected: dict[str, int] = {}
    for one in listed:
        suspected[one.unit] = suspected.get(one.unit, 0) + 1
    out = []
    for name in units:
        reasons = tuple(sorted(trick for place, trick in accused if place == name))
        whole = sum(trick in _WHOLE_UNIT for trick in reasons)
        score = (1 - min(1.0, suspected.get(name, 0) / count[name])) * _UNIT_PENALTY**whole
        out.append(Unit(name, int(count[name]), suspected.get(name, 0), score, reasons))
    return tuple(sorted(out, key=lambda one: (one.score, one.unit)))
