"""What lies between the teams: without an owner or disputed; seen by many and owned by none; handed to and fro."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from huiyin.facts import Filter
from huiyin.insight.problems import Definition, Row
from huiyin.server.prioritise.ownership import chain
from huiyin.server.prioritise.ownership.models import Claim
from huiyin.server.prioritise.ownership.selectors import Owned, OwnershipMap, claims_by_problem, owners_of
from huiyin.server.prioritise.ownership.volume import Complained, complained_by_problem, customers_by_problem
from huiyin.server.prioritise.problems.asked import usual
from huiyin.server.prioritise.problems.heard import heard
from huiyin.server.prioritise.problems.models import ProblemView
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import name_of, register
from huiyin.server.understand.explorer import names

_LAST = 10**9
MANY = 3
"""People who looked, from which on a problem counts as seen by many."""
BETWEEN = (chain.UNOWNED, chain.DISPUTED, chain.AT_ARBITER)


@dataclass(frozen=True, slots=True)
class Standing:
    """A ranked problem, whose it is, and since when that is open."""

    definition: Definition
    owned: Owned
    row: Row | None
    """None where too few customers complained for a rank: what was claimed stays in sight all the same."""
    customers: int
    since: date | None
    complaints: int
    """Voices that complained since then."""

    @property
    def problem_id(self) -> str:
        """Its id."""
        return self.definition.problem_id

    @property
    def rank(self) -> int | None:
        """Its place in the list."""
        return self.row.rank if self.row else None

    @property
    def name(self) -> str:
        """What it is called."""
        return name_of(self.definition)

    @property
    def days(self) -> int:
        """Days since then."""
        return max((timezone.localdate() - self.since).days, 0) if self.since else 0

    @property
    def heard(self) -> str:
        """The explorer's query for those complaints."""
        return (heard(self.definition) & Filter(since=self.since)).to_query()


def ranked_problems(within: Filter, known: OwnershipMap | None = None) -> list[Standing]:
    """Every problem of the list as it opens, in its order, then those without a rank that somebody claimed; complaints over all days."""
    found = register().problems
    ranked = {row.problem_id: row for row in listing(usual(within)).value.rows if row.problem_id in found}
    ids = [*ranked, *sorted(claims_by_problem().keys() - ranked.keys())]
    owners = owners_of([found[one] for one in ids], known)
    told, customers = complained_by_problem(within), customers_by_problem(usual(within))
    return [_standing(found[one], owners[one], ranked.get(one), customers.get(one, 0), told.get(one)) for one in ids]


def _standing(one: Definition, owned: Owned, row: Row | None, customers: int, told: Complained | None) -> Standing:
    since: date | None
    if owned.state in (chain.DISPUTED, chain.AT_ARBITER):
        first = next((step for step in owned.steps if step.kind == Claim.Kind.REJECTED), None)
        since = timezone.localdate(first.at) if first else None
    elif owned.since:
        since = timezone.localdate(owned.since)
    else:
        # Nobody ever owned it: open since the first complaint.
        since = told.first if told else None
    return Standing(one, owned, row, customers, since, told.since(since) if told else 0)


def between(problems: list[Standing]) -> list[Standing]:
    """三不管: without an owner, disputed or at the arbiter, the most painful first."""
    return [one for one in problems if one.owned.state in BETWEEN]


@dataclass(frozen=True, slots=True)
class Watched:
    """A problem that people looked at and nobody took on."""

    standing: Standing
    viewers: int
    views: int
    """Days on which somebody looked, summed over people."""
    first: date
    complaints: int
    """Voices that complained since the first look."""

    @property
    def days(self) -> int:
        """Days since the first look."""
        return max((timezone.localdate() - self.first).days, 0)

    @property
    def heard(self) -> str:
        """The explorer's query for those complaints."""
        return (heard(self.standing.definition) & Filter(since=self.first)).to_query()


def watched(problems: list[Standing], within: Filter) -> list[Watched]:
    """旁观清单: seen by `MANY` people or more, accepted by nobody; most viewers first, then most complaints since."""
    told, looked = complained_by_problem(within), _looks()
    found = []
    for one in problems:
        days = looked.get(one.problem_id)
        if not days or one.owned.accepted:
            continue
        viewers = len({user for user, _day in days})
        first = min(day for _user, day in days)
        complaints = told[one.problem_id].since(first) if one.problem_id in told else 0
        if viewers >= MANY:
            found.append(Watched(one, viewers, len(days), first, complaints))
    return sorted(found, key=lambda each: (-each.viewers, -each.complaints, each.standing.rank or _LAST))


def _looks() -> dict[str, set[tuple[int, date]]]:
    """Living problem → (person, day)."""
    known = register()
    found: dict[str, set[tuple[int, date]]] = {}
    for problem_id, user, day in ProblemView.objects.order_by("problem_id", "day", "user_id").values_list("problem_id", "user_id", "day"):
        try:
            found.setdefault(known.resolve(problem_id), set()).add((user, day))
        except KeyError:
            continue
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """Hand-offs from one team to another."""

    giver: str
    taker: str
    times: int
    days: int


def bounced(problems: list[Standing]) -> list[Standing]:
    """Problems that were handed on, most hand-offs first, then most days lost."""
    return sorted((one for one in problems if one.owned.hand_offs), key=lambda one: (-one.owned.hand_offs, -one.owned.days_lost, one.rank or _LAST))


def pairs(problems: list[Standing]) -> list[Pair]:
    """Who hands to whom, most often first, over the given problems."""
    times: Counter[tuple[str, str]] = Counter()
    days: Counter[tuple[str, str]] = Counter()
    for step in _rejections(problems):
        key = (step.team_name, step.to_name)
        times[key] += 1
        days[key] += chain.days_between(step.since, step.at)
    return [Pair(*key, count, days[key]) for key, count in sorted(times.items(), key=lambda each: (-each[1], -days[each[0]], each[0]))]


def themes(problems: list[Standing]) -> list[tuple[str, int, int]]:
    """(theme, hand-offs, days lost), most bounced first."""
    found: dict[str, list[int]] = {}
    for one in problems:
        if one.owned.hand_offs and one.definition.aspects:
            told = found.setdefault(names.aspect_name(one.definition.aspects[0].split("/")[0]), [0, 0])
            told[0] += one.owned.hand_offs
            told[1] += one.owned.days_lost
    return sorted(((name, *told) for name, told in found.items()), key=lambda each: (-each[1], -each[2], each[0]))  # type: ignore[misc]


def _rejections(problems: list[Standing]) -> list[Claim]:
    # Parts of a split problem share the steps of the whole: each counts once.
    found = {step.pk: step for one in problems for step in one.owned.steps if step.kind == Claim.Kind.REJECTED}
    return list(found.values())
