"""Whose a problem is and what may be done about it, for the right rail of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from huiyin.server.foundation.people.models import Team, User
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.foundation.people.selectors import teams_as_tree
from huiyin.server.prioritise.ownership import chain
from huiyin.server.prioritise.ownership.models import Claim
from huiyin.server.prioritise.ownership.selectors import arbiter_now, owner_of
from huiyin.server.prioritise.ownership.services.claims import may_answer, may_manage
from huiyin.server.prioritise.ownership.teams import target_words
from huiyin.server.prioritise.problems.asked import usual
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import name_of, register

FOUR_WEEKS = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain 怎么转到这里."""

    claim: Claim
    days: int
    """How long the problem had lain with the team before it answered."""

    @property
    def reason(self) -> str:
        """Why it was rejected, in words."""
        return str(Claim.Reason(self.claim.reason).label) if self.claim.reason else ""

    @property
    def kind(self) -> str:
        """What happened, in a word."""
        return str(Claim.Kind(self.claim.kind).label)


def rail_context(request: HttpRequest, problem_id: str, refused: str = "") -> dict[str, Any]:
    """All that `ownership/_rail.html` shows.

    Raises:
        KeyError: no such id was ever given.
    """
    one = register().living(problem_id)
    owned, user = owner_of(one), request.user
    team = owned.team if owned.state != chain.UNOWNED else getattr(user, "team", None)
    judge = owned.state == chain.AT_ARBITER and owned.arbiter is not None and owned.arbiter.pk == user.pk
    answers = owned.state != chain.AT_ARBITER and may_answer(user, team)
    manages = may_manage(user) and owned.state != chain.AT_ARBITER
    return {
        "owned": owned,
        "problem_id": one.problem_id,
        "problem_name": name_of(one),
        "steps": [Step(claim, chain.days_between(claim.since, claim.at)) for claim in owned.steps],
        "judge": judge,
        "accepts": answers and not owned.accepted,
        "rejects": answers and owned.team is not None,
        "manages": manages,
        "takes_for": team,
        "arbiter": owned.arbiter or arbiter_now(),
        "reasons": Claim.Reason.choices,
        "teams": teams_as_tree() if answers or manages or judge else [],
        "members": _members(team) if answers else [],
        "target": _target(request, one.problem_id) if answers and not owned.accepted else "",
        "due": timezone.localdate() + FOUR_WEEKS,
        "today": timezone.localdate(),
        "refused": refused,
    }


def _members(team: Team | None) -> list[User]:
    """Who may be named: people of the team or of one above it."""
    if team is None:
        return []
    return list(User.objects.filter(is_active=True, team__in=team.line()).order_by("display_name", "id"))


def _target(request: HttpRequest, problem_id: str) -> str:
    try:
        return target_words(listing(usual(scope_filter(request.user))).value.row(problem_id))
    except KeyError:
        return target_words(None)
