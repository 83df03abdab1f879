"""Geometry of the page's charts, drawn on the server as SVG: the same numbers stand below each as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from huiyin.insight.findings import Trend
from huiyin.insight.problems import Row
from huiyin.server.prioritise.problems.page import StepLine, Steps

WEEKS = 26
_LEFT, _WIDE, _TOP, _TALL = 34.0, 420.0, 18.0, 150.0
_BAR, _GAP, _NAMES, _SPAN = 16.0, 34.0, 116.0, 250.0


@dataclass(frozen=True, slots=True)
class Curve:
    """A line with its band: paths, ticks of both axes, the place of a break."""

    line: str
    band: str
    height: tuple[tuple[float, str], ...]
    """(y, label)."""
    days: tuple[tuple[float, str], ...]
    broke: float | None
    last: tuple[float, float, str] | None
    rows: tuple[tuple[str, int, int, float | None, float | None, float | None], ...]
    """(Monday, complaining, received, per thousand, low, high)."""


def trend(found: Trend | None) -> Curve | None:
    """The last weeks per thousand voices with their interval; None where there is nothing to draw."""
    weeks = found.weeks[-WEEKS:] if found else ()
    known = [week for week in weeks if week.per_thousand is not None]
    if found is None or len(known) < 2:
        return None
    most = _round(max(week.high or 0.0 for week in known))
    step = _WIDE / max(len(weeks) - 1, 1)

    def y(value: float) -> float:
        return round(_TOP + _TALL * (1 - min(value / most, 1.0)), 1)

    line, pen = "", False
    upper: list[str] = []
    lower: list[str] = []
    band = ""
    for at, week in enumerate(weeks):
        if week.per_thousand is None or week.low is None or week.high is None:
            band, upper, lower, pen = band + _closed(upper, lower), [], [], False
            continue
        x = round(_LEFT + step * at, 1)
        line += f"{'L' if pen else 'M'}{x} {y(week.per_thousand)}"
        upper.append(f"{x} {y(week.high)}")
        lower.append(f"{x} {y(week.low)}")
        pen = True
    band += _closed(upper, lower)
    end = max(at for at, week in enumerate(weeks) if week.per_thousand is not None)
    value = weeks[end].per_thousand or 0.0
    starts = [week.start for week in weeks]
    every = max(len(weeks) // 5, 1)
    return Curve(
        line,
        band,
        tuple((y(most * part / 3), f"{most * part / 3:g}") for part in range(4)),
        tuple((round(_LEFT + step * at, 1), f"{int(day[5:7])}/{int(day[8:])}") for at, day in enumerate(starts) if at % every == 0),
        round(_LEFT + step * starts.index(found.since), 1) if found.since in starts else None,
        (round(_LEFT + step * end, 1), y(value), f"{value:.1f}"),
        tuple((week.start, week.count, week.total, week.per_thousand, week.low, week.high) for week in reversed(weeks)),
    )


def _closed(upper: Sequence[str], lower: Sequence[str]) -> str:
    return "M" + "L".join([*upper, *reversed(lower)]) + "Z" if len(upper) > 1 else ""


def _round(value: float) -> float:
    """The next round number of three even parts."""
    if value <= 0:
        return 3.0
    unit = 10 ** math.floor(math.log10(value / 3))
    return 3 * unit * next(step for step in (1, 2, 2.5, 5, 10) if step * unit * 3 >= value)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the Pareto: places in the drawing."""

    line: StepLine
    y: float
    wide: float
    low: float
    high: float
    cumulative: float


@dataclass(frozen=True, slots=True)
class Pareto:
    """Bars from zero with whiskers, the cumulative line, and those who named no step in grey."""

    bars: tuple[Bar, ...]
    path: str
    tall: float
    nowhere: tuple[float, float] | None
    """(y, width) of 未能归步."""


def pareto(steps: Steps | None) -> Pareto | None:
    """The steps of a theme."""
    if steps is None:
        return None
    bars = []
    for at, line in enumerate(steps.drawn):
        wide, low, high, reached = (round(_SPAN * one, 1) for one in (line.share, line.low, line.high, line.cumulative))
        bars.append(Bar(line, at * _GAP, wide, _NAMES + low, _NAMES + high, _NAMES + reached))
    path = "M" + "L".join(f"{bar.cumulative} {bar.y + _BAR / 2 + 4}" for bar in bars)
    nowhere = (len(bars) * _GAP, round(_SPAN * (steps.found.unassigned.value or 0.0), 1)) if steps.found.unassigned_customers else None
    return Pareto(tuple(bars), path, (len(bars) + bool(nowhere)) * _GAP, nowhere)


@dataclass(frozen=True, slots=True)
class Ranks:
    """The rank over the kept days with the band of ranks it may have had."""

    line: str
    band: str
    points: tuple[tuple[float, float, str, int], ...]
    """(x, y, day, rank)."""
    best: int
    worst: int


def ranks(found: Sequence[tuple[date, Row]]) -> Ranks | None:
    """The history of a rank; None before two days were kept."""
    if len(found) < 2:
        return None
    best, worst = min(row.rank_low for _day, row in found), max(row.rank_high for _day, row in found)
    first, span = found[0][0].toordinal(), max(found[-1][0].toordinal() - found[0][0].toordinal(), 1)

    def x(day: date) -> float:
        return round(24 + 430 * (day.toordinal() - first) / span, 1)

    def y(rank: int) -> float:
        return round(10 + 80 * (rank - best) / max(worst - best, 1), 1)

    points = tuple((x(day), y(row.rank), day.isoformat(), row.rank) for day, row in found)
    upper = [f"{x(day)} {y(row.rank_low)}" for day, row in found]
    lower = [f"{x(day)} {y(row.rank_high)}" for day, row in found]
    return Ranks("M" + "L".join(f"{left} {top}" for left, top, _day, _rank in points), _closed(upper, lower), points, best, worst)
