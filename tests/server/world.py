"""A small ready-made company: one person of every role, two teams, one invitation, one key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from huiyin.server.foundation.people.models import ApiKey, Invitation, Team, User
from huiyin.server.foundation.people.roles import ADMINISTRATOR, ASSIGNABLE, EVERYONE, STORE_MANAGER
from huiyin.server.foundation.people.services.invitations import invitation_make
from huiyin.server.foundation.people.services.keys import key_make
from huiyin.server.foundation.people.services.teams import team_make
from huiyin.server.foundation.people.services.users import user_make

PASSWORD = "clear-water-71"
ROLES = (*ASSIGNABLE, EVERYONE)


@dataclass
class World:
    people: dict[str, User]
    team: Team
    empty_team: Team
    invitation: Invitation
    link: str
    key: ApiKey
    key_text: str
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def administrator(self) -> User:
        return self.people[ADMINISTRATOR]


def person(role: str, email: str = "") -> User:
    roles = [] if role == EVERYONE else [role]
    scope = {"store": ["杭州滨江店"]} if role == STORE_MANAGER else {}
    return user_make(email=email or f"{role}@example.com", display_name=f"{role} 周砚", password=PASSWORD, roles=roles, scope=scope)


def signed_in(user: User) -> Client:
    """A browser in which a person has signed in."""
    client = Client()
    client.force_login(user)
    return client


def world() -> World:
    people = {role: person(role) for role in ROLES}
    administrator = people[ADMINISTRATOR]
    team = team_make(actor=administrator, name="交付履约", parent=None, scope={"region": ["华东"]})
    empty = team_make(actor=administrator, name="三电能效", parent=team, scope={"product": ["S5"]})
    invitation, link = invitation_make(actor=administrator, email="guest@example.com", display_name="何穗", roles=["analyst"])
    key, text = key_make(administrator, name="数据仓库", scopes=["people.read"])
    return World(people, team, empty, invitation, link, key, text)
