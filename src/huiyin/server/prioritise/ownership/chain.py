"""How a problem stands between the teams: the fold of its claims. Knows no database beyond the rows it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from huiyin.server.prioritise.ownership.models import Claim

UNOWNED, PROPOSED, ACCEPTED, DISPUTED, AT_ARBITER, DECIDED = "unowned", "proposed", "accepted", "disputed", "at_arbiter", "decided"
HAND_OFFS = 2
"""After so many the teams have had their say, and an arbiter decides."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose a problem is by its claims.

    `state`: proposed (given, not answered), accepted, disputed (rejected once and named to another), at_arbiter, decided (by the
    arbiter, not yet accepted).
    """

    state: str
    team_id: int | None
    team_name: str
    person_id: int | None
    person_name: str
    since: datetime
    accepted_at: datetime | None
    target: str
    due: date | None
    hand_offs: int
    days_lost: int
    decided: bool
    """Whether an arbiter has decided: from then on a rejection needs a reason that was not given before, and goes to the arbiter."""


def standing(claims: Sequence[Claim]) -> Standing | None:
    """The state that claims lead to; None where there are none."""
    if not claims:
        return None
    last = next((one for one in reversed(claims) if one.kind != Claim.Kind.CALLED), claims[-1])
    rejected = [one for one in claims if one.kind == Claim.Kind.REJECTED]
    decided = any(one.kind == Claim.Kind.DECIDED for one in claims)
    accepted = last if last.kind == Claim.Kind.ACCEPTED else None
    handed = last.kind == Claim.Kind.REJECTED
    return Standing(
        state=_state(last, claims[-1], since_settled(claims)),
        team_id=last.to_team_id if handed else last.team_id,
        team_name=last.to_name if handed else last.team_name,
        person_id=last.person_id,
        person_name=last.person_name,
        since=last.at,
        accepted_at=accepted.at if accepted else None,
        target=accepted.target if accepted else "",
        due=accepted.due if accepted else None,
        hand_offs=len(rejected),
        days_lost=sum(days_between(one.since, one.at) for one in rejected),
        decided=decided,
    )


def since_settled(claims: Sequence[Claim]) -> int:
    """Hand-offs since somebody last accepted or decided: what calls the arbiter."""
    count = 0
    for one in claims:
        if one.kind in (Claim.Kind.ACCEPTED, Claim.Kind.DECIDED):
            count = 0
        elif one.kind == Claim.Kind.REJECTED:
            count += 1
    return count


def days_between(since: datetime | None, until: datetime) -> int:
    """Whole days, never fewer than none."""
    return max((until - since).days, 0) if since else 0


def _state(last: Claim, very_last: Claim, unsettled: int) -> str:
    if very_last.kind == Claim.Kind.CALLED:
        return AT_ARBITER
    if last.kind == Claim.Kind.REJECTED:
        return AT_ARBITER if unsettled >= HAND_OFFS else DISPUTED
    return {Claim.Kind.ACCEPTED: ACCEPTED, Claim.Kind.DECIDED: DECIDED}.get(Claim.Kind(last.kind), PROPOSED)
