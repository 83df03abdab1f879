"""Who a key belongs to; people, invitations and teams.

Reading takes `people.read`, shutting out `people.shut_out`. What gives rights takes a session: a key that could invite an administrator, or let
one in again, would be worth more than it says. Keys are made on their owner's own screen for the same reason.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.foundation.people.models import Invitation, Team, User
from huiyin.server.foundation.people.rights import RIGHTS
from huiyin.server.foundation.people.roles import ASSIGNABLE, LABELS, MEANINGS
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.foundation.people.selectors import people as people_found
from huiyin.server.foundation.people.selectors import teams_as_tree, waiting_invitations
from huiyin.server.foundation.people.services.invitations import invitation_make, invitation_withdraw, reset_link_make
from huiyin.server.foundation.people.services.teams import team_change, team_make, team_remove
from huiyin.server.foundation.people.services.users import user_activate, user_change, user_deactivate
from huiyin.server.web.rights import needs

router = Router(tags=["people"])
_GIVES, _SHUTS = Holding("people.manage"), Holding("people.shut_out")
_Id = Field(None, ge=1, le=2**62)
if TYPE_CHECKING:
    _Role = str
    _Language = str
else:
    _Role = Literal[tuple(ASSIGNABLE)]
    _Language = Literal[tuple(key for key, _name in settings.LANGUAGES)]


class Me(Schema):
    """The person behind the request and what she may do with it."""

    email: str
    display_name: str
    roles: list[str]
    rights: list[str]
    scope: str


class Rows(Schema):
    """The rows somebody may see; what is empty limits nothing."""

    product: list[str] = []
    region: list[str] = []
    store: list[str] = []


class PersonOut(Schema):
    """A person."""

    id: int
    email: str
    display_name: str
    active: bool
    roles: list[str]
    team: int | None
    team_name: str
    scope: Rows
    limited_to_team: bool
    joined_at: datetime


class PersonPage(Schema):
    """A page of people, those who may come in first, by name."""

    items: list[PersonOut]
    total: int
    page: int
    size: int


class Placed(Schema):
    """Roles, team and scope: what an administrator decides about a person."""

    roles: list[_Role] = []
    team: int | None = _Id
    scope: Rows = Rows()
    limited_to_team: bool = False


class PersonIn(Placed):
    """All of it anew."""

    display_name: str = Field(min_length=1, max_length=60, pattern=r"\S")


class InvitationIn(Placed):
    """Whom to invite, and as what."""

    email: str = Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    display_name: str = Field("", max_length=60)
    language: _Language = "zh-hans"


class InvitationOut(Schema):
    """An invitation that nobody has used yet."""

    id: int
    email: str
    display_name: str
    roles: list[str]
    invited_by: str
    expires_at: datetime
    expired: bool


class LinkOut(Schema):
    """A link that lets one person in, told this once."""

    link: str


class Active(Schema):
    """Whether she may come in."""

    active: bool


class TeamOut(Schema):
    """A team; `depth` is its place in the tree, whose order the list has."""

    id: int
    name: str
    parent: int | None
    depth: int
    members: int
    scope: Rows


class TeamIn(Schema):
    """A team."""

    name: str = Field(min_length=1, max_length=100, pattern=r"\S")
    parent: int | None = _Id
    scope: Rows = Rows()


class RoleOut(Schema):
    """A role and what it may."""

    key: str
    name: str
    meaning: str
    rights: list[str]


@router.get("/me", response=Me, url_name="me")
def me(request: HttpRequest) -> Any:
    """The owner of the key, with the rights it carries and the scope of rows, written as a filter query."""
    user: Any = request.user
    return Me(
        email=user.email,
        display_name=user.display_name,
        roles=sorted(user.role_names),
        rights=sorted(right for right in RIGHTS if user.has_perm(right)),
        scope=scope_filter(user).to_query(),
    )


@router.get("/roles", response=list[RoleOut], url_name="roles")
@needs("people.read")
def roles(request: HttpRequest) -> Any:
    """The roles there are."""
    return [
        {"key": one, "name": str(LABELS[one]), "meaning": str(MEANINGS[one]), "rights": sorted(right for right, who in RIGHTS.items() if one in who)}
        for one in ASSIGNABLE
    ]


@router.get("/people", response=PersonPage, url_name="people")
@needs("people.read")
def people(
    request: HttpRequest,
    words: str = Query("", max_length=100),
    role: _Role | None = None,
    team: int | None = Query(None, ge=1, le=2**62),
    page: int = Query(1, ge=1, le=2000),
    size: int = Query(50, ge=1, le=200),
) -> Any:
    """Everybody, by words of name or address, role, team."""
    found = people_found(words, role or "", team)
    return {"items": [_person(one) for one in found[(page - 1) * size : page * size]], "total": found.count(), "page": page, "size": size}


@router.get("/people/{int:user_id}", response=PersonOut, url_name="person")
@needs("people.read")
def person(request: HttpRequest, user_id: int) -> Any:
    """One person."""
    return _person(get_object_or_404(people_found(), pk=user_id))


@router.post("/people/{int:user_id}", response=PersonOut, url_name="person_change", auth=_GIVES)
@needs("people.manage")
def change(request: HttpRequest, user_id: int, body: PersonIn) -> Any:
    """Name, roles, team and scope anew. With a session only."""
    actor: Any = request.user
    subject = get_object_or_404(User, pk=user_id)
    return _person(user_change(subject, actor=actor, display_name=body.display_name, **_place(body)))


@router.post("/people/{int:user_id}/activity", response=PersonOut, url_name="person_activity", auth=_SHUTS)
@needs("people.shut_out")
def activity(request: HttpRequest, user_id: int, body: Active) -> Any:
    """Shut a person out: open sessions and keys end at their next request. Letting her in again, as she was, takes a session."""
    actor: Any = request.user
    if body.active and not actor.has_perm("people.manage"):
        raise PermissionDenied("people.manage")
    (user_activate if body.active else user_deactivate)(get_object_or_404(User, pk=user_id), actor=actor)
    return _person(get_object_or_404(people_found(), pk=user_id))


@router.post("/people/{int:user_id}/reset-link", response=LinkOut, url_name="person_reset_link", auth=_GIVES)
@needs("people.manage")
def reset_link(request: HttpRequest, user_id: int) -> Any:
    """A link with which the person chooses a new password. With a session only."""
    actor: Any = request.user
    return _link(request, reset_link_make(get_object_or_404(User, pk=user_id), actor=actor))


@router.get("/invitations", response=list[InvitationOut], url_name="invitations")
@needs("people.read")
def invitations(request: HttpRequest) -> Any:
    """Invitations that wait, those that ran out among them."""
    return [_invitation(one) for one in waiting_invitations()]


@router.post("/invitations", response={201: LinkOut}, url_name="invitation_make", auth=_GIVES)
@needs("people.manage")
def invite(request: HttpRequest, body: InvitationIn) -> Any:
    """Invite somebody. With a session only."""
    actor: Any = request.user
    _made, link = invitation_make(actor=actor, email=body.email, display_name=body.display_name, language=body.language, **_place(body))
    return Status(201, _link(request, link))


@router.post("/invitations/{int:number}/withdraw", response={204: None}, url_name="invitation_withdraw", auth=_SHUTS)
@needs("people.shut_out")
def withdraw(request: HttpRequest, number: int) -> Any:
    """Take an invitation back: its link no longer works."""
    actor: Any = request.user
    invitation_withdraw(get_object_or_404(Invitation, pk=number), actor=actor)
    return Status(204, None)


@router.get("/teams", response=list[TeamOut], url_name="teams")
@needs("people.read")
def teams(request: HttpRequest) -> Any:
    """The tree, children after their parent."""
    return [_team(one, depth, one.active_members) for depth, one in teams_as_tree()]


@router.post("/teams", response={201: TeamOut}, url_name="team_make", auth=_GIVES)
@needs("people.manage")
def make_team(request: HttpRequest, body: TeamIn) -> Any:
    """A new team. With a session only: its scope is what its members may see."""
    actor: Any = request.user
    made = team_make(actor=actor, name=body.name, parent=_team_of(body.parent), scope=body.scope.dict())
    return Status(201, _team_now(made.pk))


@router.post("/teams/{int:team_id}", response=TeamOut, url_name="team_change", auth=_GIVES)
@needs("people.manage")
def change_team(request: HttpRequest, team_id: int, body: TeamIn) -> Any:
    """Name, place and scope anew. With a session only."""
    actor: Any = request.user
    subject = get_object_or_404(Team, pk=team_id)
    team_change(subject, actor=actor, name=body.name, parent=_team_of(body.parent), scope=body.scope.dict())
    return _team_now(team_id)


@router.post("/teams/{int:team_id}/remove", response={204: None}, url_name="team_remove", auth=_GIVES)
@needs("people.manage")
def remove_team(request: HttpRequest, team_id: int) -> Any:
    """Remove an empty team. With a session only."""
    actor: Any = request.user
    team_remove(get_object_or_404(Team, pk=team_id), actor=actor)
    return Status(204, None)


def _place(body: Placed) -> dict[str, Any]:
    return {"roles": body.roles, "team": _team_of(body.team), "scope": body.scope.dict(), "limited_to_team": body.limited_to_team}


def _team_of(number: int | None) -> Team | None:
    return get_object_or_404(Team, pk=number) if number is not None else None


def _person(one: User) -> dict[str, Any]:
    same = {name: getattr(one, name) for name in ("email", "display_name", "scope", "limited_to_team", "joined_at")}
    return {
        "id": one.pk,
        **same,
        "active": one.is_active,
        "roles": sorted(one.role_names),
        "team": one.team_id,
        "team_name": one.team.name if one.team else "",
    }


def _invitation(one: Invitation) -> dict[str, Any]:
    same = {name: getattr(one, name) for name in ("email", "display_name", "roles", "expires_at")}
    return {"id": one.pk, **same, "invited_by": str(one.invited_by), "expired": one.is_expired}


def _link(request: HttpRequest, link: str) -> dict[str, str]:
    return {"link": request.build_absolute_uri(reverse("join", args=[link]))}


def _team(one: Team, depth: int, members: int) -> dict[str, Any]:
    return {"id": one.pk, "name": one.name, "parent": one.parent_id, "depth": depth, "members": members, "scope": one.scope}


def _team_now(team_id: int) -> dict[str, Any]:
    return next(_team(one, depth, one.active_members) for depth, one in teams_as_tree() if one.pk == team_id)
