"""`/api/v1/ownership/…`: the map and the claims for other systems."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.foundation.people.models import Team, User
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.prioritise.ownership.models import Claim
from huiyin.server.prioritise.ownership.selectors import Owned, OwnershipMap, answer_days, arbiter_now, completeness, owner_of, owners_of
from huiyin.server.prioritise.ownership.services.claims import claim_accept, claim_assign, claim_decide, claim_reject
from huiyin.server.prioritise.ownership.services.mapping import Wanted, arbitration_set, responsibilities_import, responsibility_set
from huiyin.server.prioritise.problems.register import name_of, register
from huiyin.server.web.problem_documents import problem
from huiyin.server.web.rights import needs

router = Router(tags=["ownership"])
prefix = "/ownership"


class LineIn(Schema):
    """A line of the map. `person` is an e-mail address; teams go by name."""

    path: str
    team: str
    product: str = ""
    region: str = ""
    deputy: str = ""
    person: str = ""


class MapIn(Schema):
    """Lines to set, all or none; with `replace`, lines not among them go."""

    lines: list[LineIn] = Field(max_length=10_000)
    replace: bool = False


class AssignIn(Schema):
    """Whom a problem is given to."""

    team: str
    words: str = ""


class AcceptIn(Schema):
    """What will be reached, by when, and who sees to it (e-mail address; unsaid: the owner of the key)."""

    target: str
    due: date
    person: str = ""


class RejectIn(Schema):
    """Why a problem is another team's, and whose. `reason`: not_ours, cause_elsewhere, no_means, misread, duplicate."""

    reason: str
    words: str
    team: str


class Arbiter(Schema):
    """Who settles a dispute after two rejections (e-mail address; empty: whoever leads customer experience), and the days an answer may take."""

    arbiter: str = ""
    days: int


class MapLine(LineIn):
    """A line of the map as it stands; `person` by name."""

    since: datetime


class MapOut(Schema):
    """Every line, and the leaves that nobody answers for."""

    lines: list[MapLine]
    unowned: list[str]


class Set(Schema):
    """How many lines were set."""

    set: int


class OwnedOut(Schema):
    """Whose a problem is, what was promised, and how far its definition card is."""

    problem: str
    state: str
    team: str
    person: str
    source: str = Field(description="what told it: claim, map, taxonomy or nothing")
    since: datetime | None
    accepted_at: datetime | None
    target: str
    due: date | None
    hand_offs: int
    days_lost: int
    owned: bool
    accepted: bool


class OwnedProblem(OwnedOut):
    """The same with the problem's name."""

    name: str


class OwnedProblems(Schema):
    """Whose each problem is."""

    problems: list[OwnedProblem]


class ClaimOut(Schema):
    """One step of the hand-off chain."""

    kind: str
    team: str
    to: str
    person: str
    reason: str
    words: str
    target: str
    by: str
    at: datetime


class OwnedWhole(OwnedProblem):
    """The same with its claims in order."""

    claims: list[ClaimOut]


_WRITES = Holding("ownership.write")


@router.get("/map", response=MapOut, url_name="ownership_map")
@needs("ownership.read")
def get_map(request: HttpRequest) -> Any:
    """Every line of the map, and the leaves that nobody answers for."""
    known = OwnershipMap()
    paths = known.tree.paths()
    lines = [
        {
            "path": paths[node],
            "product": line.product,
            "region": line.region,
            "team": line.team.name,
            "deputy": line.deputy.name if line.deputy else "",
            "person": str(line.person or ""),
            "since": line.since,
        }
        for node, line in sorted(known.placed, key=lambda each: (paths[each[0]], each[1].product, each[1].region))
    ]
    gaps = [paths[leaf.id] for leaf in known.tree.leaves() if known.team_at(paths[leaf.id]) is None]
    return {"lines": lines, "unowned": gaps}


@router.put("/map", response=Set, url_name="ownership_map", auth=_WRITES)
@needs("ownership.write")
def put_map(request: HttpRequest, body: MapIn) -> Any:
    """Set lines of the map."""
    known = OwnershipMap()
    wanted = [_wanted(one, known) for one in body.lines]
    if len(wanted) == 1 and not body.replace:
        responsibility_set(request.user, wanted[0])
        return {"set": 1}
    return {"set": responsibilities_import(request.user, wanted, replace=body.replace)}


@router.get("/arbitration", response=Arbiter, url_name="ownership_arbitration")
@needs("ownership.read")
def get_arbitration(request: HttpRequest) -> Any:
    """Who settles disputes, and the days an answer may take."""
    return _arbitration()


@router.put("/arbitration", response=Arbiter, url_name="ownership_arbitration", auth=_WRITES)
@needs("ownership.write")
def put_arbitration(request: HttpRequest, body: Arbiter) -> Any:
    """Name who settles disputes; 1 to 60 days. Only who may manage the map may."""
    arbitration_set(request.user, _person(body.arbiter), body.days)
    return _arbitration()


@router.get("/problems", response=OwnedProblems, url_name="ownership_problems")
@needs("ownership.read")
def get_problems(request: HttpRequest) -> Any:
    """Whose each problem is."""
    found = register().definitions
    owners = owners_of(found)
    return {"problems": [{"name": name_of(one), **_told(owners[one.problem_id])} for one in found]}


@router.get("/problems/{problem_id}", response=OwnedWhole, url_name="ownership_problem")
@needs("ownership.read")
def get_problem(request: HttpRequest, problem_id: str) -> Any:
    """Whose a problem is, with its claims in order."""
    try:
        one = register().living(problem_id)
    except KeyError:
        return problem(404, "no_such_problem", "没有这个问题。", "There is no such problem.")
    owned = owner_of(one)
    return {"name": name_of(one), **_told(owned), "claims": [_step(each) for each in owned.steps]}


@router.post("/problems/{problem_id}/assign", response=OwnedOut, url_name="ownership_assign", auth=_WRITES)
@needs("ownership.write")
def post_assign(request: HttpRequest, problem_id: str, body: AssignIn) -> Any:
    """Give a problem to a team."""
    return _told(claim_assign(request.user, problem_id, _team(body.team), body.words))


@router.post("/problems/{problem_id}/accept", response=OwnedOut, url_name="ownership_accept", auth=_WRITES)
@needs("ownership.write")
def post_accept(request: HttpRequest, problem_id: str, body: AcceptIn) -> Any:
    """Take a problem on."""
    return _told(claim_accept(request.user, problem_id, body.target, body.due, _person(body.person)))


@router.post("/problems/{problem_id}/reject", response=OwnedOut, url_name="ownership_reject", auth=_WRITES)
@needs("ownership.write")
def post_reject(request: HttpRequest, problem_id: str, body: RejectIn) -> Any:
    """Say that a problem is another team's."""
    return _told(claim_reject(request.user, problem_id, body.reason, body.words, _team(body.team)))


@router.post("/problems/{problem_id}/arbitrate", response=OwnedOut, url_name="ownership_arbitrate", auth=_WRITES)
@needs("ownership.write")
def post_arbitrate(request: HttpRequest, problem_id: str, body: AssignIn) -> Any:
    """The arbiter's word."""
    return _told(claim_decide(request.user, problem_id, _team(body.team), body.words))


def _arbitration() -> dict[str, Any]:
    named = arbiter_now()
    return {"arbiter": named.email if named else "", "days": answer_days()}


def _wanted(one: LineIn, known: OwnershipMap) -> Wanted:
    if one.path not in known.ids:
        raise Refused(f"path: {one.path}")
    deputy = _team(one.deputy) if one.deputy else None
    return Wanted(known.ids[one.path], _team(one.team), one.product, one.region, deputy, _person(one.person))


def _team(name: str) -> Team:
    found = Team.objects.filter(name=name).first()
    if found is None:
        raise Refused(f"team: {name}")
    return found


def _person(email: str) -> User | None:
    if not email:
        return None
    found = User.objects.filter(email=email.lower(), is_active=True).first()
    if found is None:
        raise Refused(f"person: {email}")
    return found


def _told(owned: Owned) -> dict[str, Any]:
    return {
        "problem": owned.problem_id,
        "state": owned.state,
        "team": str(owned.team or ""),
        "person": str(owned.person or ""),
        "source": owned.source,
        "since": owned.since,
        "accepted_at": owned.accepted_at,
        "target": owned.target,
        "due": owned.due,
        "hand_offs": owned.hand_offs,
        "days_lost": owned.days_lost,
        **completeness(owned),
    }


def _step(one: Claim) -> dict[str, Any]:
    told = {"kind": one.kind, "team": one.team_name, "to": one.to_name, "person": one.person_name, "reason": one.reason}
    return {**told, "words": one.words, "target": one.target, "by": one.author_name, "at": one.at}
