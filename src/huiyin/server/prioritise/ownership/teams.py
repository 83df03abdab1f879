"""A team's page: what waits for it, what it took on, what it handed on, what came back, how fast it answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.insight.answering import Answering, answering
from huiyin.insight.problems import Row
from huiyin.insight.ranking import MINIMUM_CUSTOMERS
from huiyin.server.foundation.people.models import Team
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.prioritise.ownership import chain
from huiyin.server.prioritise.ownership.models import Claim
from huiyin.server.prioritise.ownership.queues import Standing
from huiyin.server.prioritise.ownership.selectors import Owned, answer_days, arbiter_now, owners_of
from huiyin.server.prioritise.ownership.volume import customers_by_problem
from huiyin.server.prioritise.problems.asked import usual
from huiyin.server.prioritise.problems.register import register


@dataclass(frozen=True, slots=True)
class TeamPage:
    """Problems of a team and of those below it. One problem stands in one of waiting, accepted and overdue."""

    team: Team
    waiting: list[Standing]
    accepted: list[Standing]
    overdue: list[Standing]
    handed_on: list[Standing]
    """Rejected by the team and now elsewhere."""
    came_back: list[Standing]
    """Rejected by the team, and its own again."""
    answers: Answering
    limit: int

    @property
    def query(self) -> str:
        """The part of an address that names the team."""
        return f"team={self.team.pk}"


def team_page(team: Team, problems: list[Standing]) -> TeamPage:
    """The page of a team."""
    own, limit, today = ids_below(team), answer_days(), timezone.localdate()
    mine = [one for one in problems if one.owned.team and one.owned.team.pk in own]
    accepted = [one for one in mine if one.owned.accepted]
    overdue = [one for one in accepted if one.owned.due and one.owned.due < today]
    elsewhere = [one for one in problems if one not in mine and _rejected_by(one.owned, own)]
    back = [one for one in mine if _rejected_by(one.owned, own)]
    waiting = [one for one in mine if one.owned.waits_for_team]
    return TeamPage(team, waiting, [one for one in accepted if one not in overdue], overdue, elsewhere, back, _answers(own, limit), limit)


def is_late(owned: Owned, limit: int) -> bool:
    """Whether the team's answer is overdue, or the day it promised has passed."""
    if owned.accepted:
        return owned.due is not None and owned.due < timezone.localdate()
    return owned.waits_for_team and owned.since is not None and chain.days_between(owned.since, timezone.now()) > limit


def waiting_for(request: HttpRequest) -> tuple[int, bool]:
    """How many problems wait for the person's team or for her as the arbiter, and whether one is late.

    Asked on every page: it ranks nothing, and yet counts the problems that the team's page holds.
    """
    user = request.user
    team = getattr(user, "team", None)
    owners = owners_of(register().definitions)
    own, limit, arbiter = ids_below(team) if team else set(), answer_days(), arbiter_now()
    judges = arbiter is not None and arbiter.pk == user.pk
    customers = customers_by_problem(usual(scope_filter(user)))
    count, late = 0, False
    for problem_id, owned in owners.items():
        if owned.source != "claim" and customers.get(problem_id, 0) < MINIMUM_CUSTOMERS:
            continue
        if judges and owned.state == chain.AT_ARBITER:
            count, late = count + 1, True
        elif owned.waits_for_team and owned.team and owned.team.pk in own:
            count, late = count + 1, late or is_late(owned, limit)
    return count, late


def ids_below(team: Team) -> set[int]:
    """The team and all under it."""
    found, fresh = {team.pk}, {team.pk}
    while fresh:
        fresh = set(Team.objects.filter(parent_id__in=fresh).values_list("pk", flat=True)) - found
        found |= fresh
    return found


def target_words(row: Row | None) -> str:
    """A sentence to begin from: half of today's rate. The team writes its own over it."""
    if row is None:
        return _("说这件事的客户比今天少一半")
    now = row.frequency.value or 0.0
    return _("每千位客户里说这件事的，从 %(now).1f 位降到 %(then).1f 位以下") % {"now": now, "then": now / 2}


def _rejected_by(owned: Owned, own: set[int]) -> bool:
    return any(step.kind == Claim.Kind.REJECTED and step.team_id in own for step in owned.steps)


def _answers(own: set[int], limit: int) -> Answering:
    rows = Claim.objects.filter(team_id__in=own, kind__in=(Claim.Kind.ACCEPTED, Claim.Kind.REJECTED), since__isnull=False)
    return answering([(at - since).total_seconds() / 86400 for since, at in rows.values_list("since", "at")], limit)
