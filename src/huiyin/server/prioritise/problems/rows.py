"""The list as its screen shows it: rows with places, trends, owners and what people decided, by tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from huiyin.facts import Filter
from huiyin.insight.findings import Trend
from huiyin.insight.intervals import wilson
from huiyin.insight.problems import Definition, Listing, Moved, Neglect, Row, neglect, weekly
from huiyin.insight.ranking import MINIMUM_CUSTOMERS
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.prioritise.fixes.selectors import relapses
from huiyin.server.prioritise.ownership.telling import Owned, owning
from huiyin.server.prioritise.problems.asked import Asked
from huiyin.server.prioritise.problems.heard import heard
from huiyin.server.prioritise.problems.models import ProblemNote
from huiyin.server.prioritise.problems.notes import attention, notes_of, waiting
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import name_of, register, register_key
from huiyin.server.prioritise.problems.snapshots import moves
from huiyin.server.understand.explorer import names
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import Reckoned, reckoned

CHRONIC = 90
"""Days of unbroken complaint from which a problem is a chronic one."""
_CHRONIC_WEEKS = 12
SHOWN_RANKS = 5
SPARK_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the screen."""

    row: Row
    definition: Definition
    name: str
    scope: str
    moved: Moved | None
    chances: tuple[float, ...]
    """P(rank 1) … P(rank 5)."""
    trend: Trend | None
    owned: Owned
    note: ProblemNote | None
    waiting: bool
    query: str
    """The query of the explorer that hears exactly its voices."""
    since: date | None = None
    """For a chronic problem: the first week from which no week was without it."""
    gap: Neglect | None = None
    relapses: tuple[date, ...] = ()
    """For a chronic problem: the days from which it came back after a fix that had worked."""

    @property
    def pinned(self) -> bool:
        """Whether people put it on top."""
        return self.note is not None and self.note.pinned

    @property
    def spark(self) -> list[tuple[str, float | None]]:
        """Voices per thousand of the last weeks."""
        return [(week.start, week.per_thousand) for week in self.trend.weeks[-SPARK_WEEKS:]] if self.trend else []


@dataclass(frozen=True, slots=True)
class Shown:
    """All of the list, and the lines of each tab."""

    found: Reckoned[Listing]
    tabs: Mapping[str, list[Line]]

    @property
    def listing(self) -> Listing:
        """The ranked list."""
        return self.found.value


def shown(asked: Asked, user: Any) -> Shown:
    """The list that the address asks for."""
    found = listing(asked.within, asked.weights)
    lines = _lines(asked, found.value)
    gaps = {one.problem_id: one for one in neglect(found.value, attention())}
    awake = [one for one in lines if not one.waiting]
    team = user.team.name if user.team else ""
    tabs = {
        "all": sorted(awake, key=lambda one: not one.pinned),
        "mine": [one for one in awake if team and one.owned.team == team],
        "unowned": [one for one in awake if not one.owned.anybody],
        "chronic": _chronic(awake, relapses(scope_filter(user))),
        "neglected": _neglected(awake, gaps),
        "wishes": wishes(asked),
        "snoozed": [one for one in lines if one.waiting],
    }
    return Shown(found, tabs)


def _chronic(lines: Sequence[Line], back: Mapping[str, Sequence[date]]) -> list[Line]:
    """Those that never stopped, and those that came back after a fix that had worked."""
    found = []
    for one in lines:
        since, days = chronic_since(one.trend), tuple(back.get(one.row.problem_id, ()))
        if since is not None or days:
            found.append(replace(one, since=since, relapses=days))
    return found


def _neglected(lines: Sequence[Line], gaps: Mapping[str, Neglect]) -> list[Line]:
    found = [replace(one, gap=gaps[one.row.problem_id]) for one in lines if gaps[one.row.problem_id].neglected]
    return sorted(found, key=lambda one: (-one.gap.gap if one.gap else 0.0, one.row.rank))


def _lines(asked: Asked, found: Listing) -> list[Line]:
    known = register()
    ids = tuple(row.problem_id for row in found.rows)
    places = moves(found.rows) if asked.usual else {}
    trends = trends_of(asked.within, ids)
    owners = owning([known.problems[one] for one in ids])
    notes = notes_of()
    chances = found.ranked.rank_probabilities()
    lines = []
    for at, row in enumerate(found.rows):
        one, note = known.problems[row.problem_id], notes.get(row.problem_id)
        query = (asked.filter & asked.dates & heard(one)).to_query()
        chance = tuple(float(share) for share in chances[at, :SHOWN_RANKS])
        owned = owners[row.problem_id]
        lines.append(
            Line(
                row,
                one,
                short_name(one),
                scope_of(one),
                places.get(row.problem_id),
                chance,
                trends.get(row.problem_id),
                owned,
                note,
                waiting(note),
                query,
            )
        )
    return lines


def trends_of(within: Filter, ids: tuple[str, ...]) -> Mapping[str, Trend]:
    """The judged weekly trend of each problem."""
    undated = replace(within, since=None)

    def make() -> Mapping[str, Trend]:
        return weekly(facts_store(), register().definitions, undated).trends(sorted(ids))

    return reckoned(("trends", undated.to_query(), register_key(), tuple(sorted(ids))), make).value


def scope_of(one: Definition) -> str:
    """Under the name: what tells a part apart, else the theme the aspect stands under."""
    told = [value or "—" for part in ("product", "region", "segment", "channel", "brand", "touchpoint") for value in getattr(one.condition, part)]
    if told:
        return " · ".join(told)
    themes = dict.fromkeys(path.rsplit("/", 1)[0] for path in one.aspects if "/" in path)
    return " · ".join(names.aspect_name(theme) for theme in themes)


def short_name(one: Definition) -> str:
    """Its name without the theme that stands below it."""
    return one.name or name_of(one).rsplit(" / ", 1)[-1]


def chronic_since(trend: Trend | None) -> date | None:
    """The Monday since which customers complained of it week for week, where that is more than `CHRONIC` days ago.

    A week in which nothing at all was heard breaks nothing; one heard without a complaint of it does, unless it is the last, unfinished one.
    """
    if trend is None or len(trend.weeks) < _CHRONIC_WEEKS:
        return None
    first: str | None = None
    weeks = [week for week in trend.weeks[:-1] if week.total]
    for week in reversed(weeks):
        if not week.count:
            break
        first = week.start
    if first is None:
        return None
    since = date.fromisoformat(first)
    return since if date.fromisoformat(trend.weeks[-1].start) + timedelta(days=6) - since > timedelta(days=CHRONIC) else None


@dataclass(frozen=True, slots=True)
class Wish:
    """What customers would like: an aspect by the number of customers who wish or need something of it."""

    aspect: str
    name: str
    customers: int
    voices: int
    complaining: int
    rate: float
    low: float
    high: float
    query: str


def wishes(asked: Asked) -> list[Any]:
    """Wishes and needs by aspect, most customers first; those of fewer customers than the minimum are left out."""

    def make() -> list[dict[str, Any]]:
        store = facts_store()
        rows: list[dict[str, Any]] = store.query(
            "SELECT aspect, count(DISTINCT unit) AS customers, count(DISTINCT feedback_id) AS voices, "
            "count(DISTINCT CASE WHEN polarity = -1 THEN unit END) AS complaining FROM opinion "
            "WHERE aspect IS NOT NULL GROUP BY aspect ORDER BY customers DESC, aspect",
            where=asked.within & WISHES,
        ).to_pylist()
        people = int(store.query("SELECT count(DISTINCT unit) AS n FROM voice", where=asked.within)["n"][0].as_py())
        return [{**row, "rate": wilson(int(row["customers"]), people, 1000.0)} for row in rows if row["customers"] >= MINIMUM_CUSTOMERS]

    found = []
    for row in reckoned(("wishes", asked.within.to_query()), make).value:
        rate = row["rate"]
        query = (asked.filter & asked.dates & WISHES & Filter(aspect=(row["aspect"],))).to_query()
        counts = int(row["customers"]), int(row["voices"]), int(row["complaining"])
        found.append(Wish(row["aspect"], names.aspect_name(row["aspect"]), *counts, rate.value, rate.low, rate.high, query))
    return found


WISHES = Filter(intent=("wish", "need"))
