"""Who may do what, address by address. A new screen adds its line; a test walks every address × role × method and fails on one that is missing.

The lines of an app may stand in a `permission_table.py` beside its own tests instead (`tests/server_collect/permission_table.py`), with
`TABLE`, `KEY_TABLE` and, where its addresses need something that exists, `prepare(world)` which puts it into `world.more`.

A line is `"url name": Line(get=…, post=…, args=…)`. `get` and `post` name the roles that get past the door: `ANYONE` (signed in or not),
`SIGNED_IN` (every role), a set of roles, or nothing where the method is not offered. `args` makes the address from the ready-made world.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any

from tests.server.world import ROLES, World

ANONYMOUS = "anonymous"
ANYONE = frozenset({*ROLES, ANONYMOUS})
SIGNED_IN = frozenset(ROLES)
NOBODY: frozenset[str] = frozenset()

ADMINISTRATORS = frozenset({"administrator"})
PEOPLE_READERS = frozenset({"administrator", "cx_lead"})
KEY_OWNERS = frozenset({"administrator", "cx_lead", "analyst", "product"})


@dataclass(frozen=True)
class Line:
    get: Set[str] = NOBODY
    post: Set[str] = NOBODY
    args: Callable[[World], list[Any]] = lambda world: []


GONE = Line(get=ANYONE, post=ANYONE)
"""Answers 404 to everybody: mounted only because allauth looks the name up."""

TABLE: dict[str, Line] = {
    "home": Line(get=SIGNED_IN),
    "health": Line(get=ANYONE),
    "preferences": Line(post=ANYONE),
    # ---- coming in
    "first_run": GONE,
    "join": Line(get=ANYONE, post=ANYONE, args=lambda world: [world.link]),
    "account_login": Line(get=ANYONE, post=ANYONE),
    "account_signup": GONE,
    "account_reset_password": GONE,
    "socialaccount_signup": GONE,
    "account_logout": Line(get=ANYONE, post=ANYONE),
    "account_inactive": Line(get=ANYONE),
    "mfa_authenticate": Line(get=SIGNED_IN, post=SIGNED_IN),
    "socialaccount_login_cancelled": Line(get=ANYONE),
    "socialaccount_login_error": Line(),  # says 401 to everybody: the provider did not vouch for them
    "openid_connect_login": Line(get=ANYONE, post=ANYONE, args=lambda world: ["company"]),
    "openid_connect_callback": Line(get=ANYONE, post=ANYONE, args=lambda world: ["company"]),
    # ---- one's own account
    "me": Line(get=SIGNED_IN),
    "me_profile": Line(post=SIGNED_IN),
    "me_key_make": Line(post=KEY_OWNERS),
    "me_key_revoke": Line(post=KEY_OWNERS, args=lambda world: [world.key.pk]),
    "account_email": Line(get=SIGNED_IN, post=SIGNED_IN),
    "account_change_password": Line(get=SIGNED_IN, post=SIGNED_IN),
    "account_set_password": Line(get=SIGNED_IN, post=SIGNED_IN),
    "account_reauthenticate": Line(get=SIGNED_IN, post=SIGNED_IN),
    "mfa_index": Line(get=SIGNED_IN, post=SIGNED_IN),
    "mfa_reauthenticate": Line(get=SIGNED_IN, post=SIGNED_IN),
    "mfa_activate_totp": Line(get=SIGNED_IN, post=SIGNED_IN),
    "mfa_deactivate_totp": Line(get=SIGNED_IN, post=SIGNED_IN),
    "mfa_view_recovery_codes": Line(get=SIGNED_IN),
    "mfa_generate_recovery_codes": Line(get=SIGNED_IN, post=SIGNED_IN),
    "mfa_download_recovery_codes": Line(get=SIGNED_IN, post=SIGNED_IN),  # 404 without codes, before the method is looked at
    "socialaccount_connections": Line(get=SIGNED_IN, post=SIGNED_IN),
    # ---- people
    "people:people": Line(get=PEOPLE_READERS),
    "people:invite": Line(get=ADMINISTRATORS, post=ADMINISTRATORS),
    "people:withdraw": Line(post=ADMINISTRATORS, args=lambda world: [world.invitation.pk]),
    "people:person": Line(get=ADMINISTRATORS, post=ADMINISTRATORS, args=lambda world: [world.people["analyst"].pk]),
    "people:activity": Line(post=ADMINISTRATORS, args=lambda world: [world.people["analyst"].pk]),
    "people:reset_link": Line(post=ADMINISTRATORS, args=lambda world: [world.people["analyst"].pk]),
    "people:teams": Line(get=PEOPLE_READERS),
    "people:team_new": Line(get=ADMINISTRATORS, post=ADMINISTRATORS),
    "people:team": Line(get=ADMINISTRATORS, post=ADMINISTRATORS, args=lambda world: [world.team.pk]),
    "people:team_remove": Line(post=ADMINISTRATORS, args=lambda world: [world.empty_team.pk]),
    # ---- audit
    "audit:entries": Line(get=ADMINISTRATORS),
    "audit:export": Line(get=ADMINISTRATORS),
    # ---- REST interface
    "api:api-root": GONE,
    "api:openapi": Line(get=SIGNED_IN),
    "api:me": Line(get=SIGNED_IN),
    "api:roles": Line(get=PEOPLE_READERS),
    "api:people": Line(get=PEOPLE_READERS),
    "api:person": Line(get=PEOPLE_READERS, post=ADMINISTRATORS, args=lambda world: [world.people["analyst"].pk]),
    "api:person_change": Line(get=PEOPLE_READERS, post=ADMINISTRATORS, args=lambda world: [world.people["analyst"].pk]),
    "api:person_activity": Line(post=ADMINISTRATORS, args=lambda world: [world.people["analyst"].pk]),
    "api:person_reset_link": Line(post=ADMINISTRATORS, args=lambda world: [world.people["analyst"].pk]),
    "api:invitations": Line(get=PEOPLE_READERS, post=ADMINISTRATORS),
    "api:invitation_make": Line(get=PEOPLE_READERS, post=ADMINISTRATORS),
    "api:invitation_withdraw": Line(post=ADMINISTRATORS, args=lambda world: [world.invitation.pk]),
    "api:teams": Line(get=PEOPLE_READERS, post=ADMINISTRATORS),
    "api:team_make": Line(get=PEOPLE_READERS, post=ADMINISTRATORS),
    "api:team_change": Line(post=ADMINISTRATORS, args=lambda world: [world.team.pk]),
    "api:team_remove": Line(post=ADMINISTRATORS, args=lambda world: [world.empty_team.pk]),
    "api:audit": Line(get=ADMINISTRATORS),
    "api:audit_export": Line(get=ADMINISTRATORS),
}

KEY_TABLE: dict[str, str] = {
    "api:openapi": "",
    "api:me": "",
    "api:roles": "people.read",
    "api:people": "people.read",
    "api:person": "people.read",
    "api:person_change": "people.read",
    "api:person_activity": "people.shut_out",
    "api:person_reset_link": "people.manage",
    "api:invitations": "people.read",
    "api:invitation_make": "people.read",
    "api:invitation_withdraw": "people.shut_out",
    "api:teams": "people.read",
    "api:team_make": "people.read",
    "api:team_change": "people.manage",
    "api:team_remove": "people.manage",
    "api:audit": "audit.read",
    "api:audit_export": "audit.export",
}
"""For every address of the REST interface, the right a key must carry; empty where any working key will do."""
