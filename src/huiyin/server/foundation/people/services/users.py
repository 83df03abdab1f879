"""Making and changing people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _

from huiyin.server.foundation.audit.services import record, record_change
from huiyin.server.foundation.people.models import RoleGrant, Team, User
from huiyin.server.foundation.people.roles import ADMINISTRATOR, ASSIGNABLE, STORE_MANAGER
from huiyin.server.foundation.people.scope import tidy
from huiyin.server.foundation.people.selectors import active_administrators
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.writing import state_write


def user_make(
    *,
    email: str,
    display_name: str,
    password: str | None,
    roles: Iterable[str] = (),
    team: Team | None = None,
    scope: Mapping[str, Any] | None = None,
    limited_to_team: bool = False,
    language: str = "zh-hans",
) -> User:
    """A new person. It is part of other services, which record what happened; alone it leaves no audit row."""
    with state_write():
        email = email.strip().lower()
        if User.objects.filter(email=email).exists():
            raise Refused(_("%(email)s 已经在人员里。") % {"email": email})
        user = User(
            email=email,
            display_name=display_name.strip(),
            language=language,
            team=team,
            scope=tidy(scope or {}),
            limited_to_team=limited_to_team,
        )
        user.set_password(password)
        user.save()
        for role in _known(roles):
            RoleGrant.objects.create(user=user, role=role)
        # An administrator or the company's sign-in vouched for the address; without this row OIDC would not find the person again.
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user


def user_change(
    user: User,
    *,
    actor: User,
    display_name: str,
    roles: Iterable[str],
    team: Team | None,
    scope: Mapping[str, Any],
    limited_to_team: bool,
) -> User:
    """New name, roles, team and scope of a person."""
    with state_write():
        user = User.objects.select_for_update().get(pk=user.pk)
        wanted = set(_known(roles))
        check_scope(wanted, scope, team, limited_to_team)
        if ADMINISTRATOR in user.role_names and ADMINISTRATOR not in wanted:
            _keep_one_administrator(user)
        before = facts_of(user)
        user.display_name, user.team, user.scope, user.limited_to_team = display_name.strip(), team, tidy(scope), limited_to_team
        user.save(update_fields=["display_name", "team", "scope", "limited_to_team"])
        RoleGrant.objects.filter(user=user).exclude(role__in=wanted).delete()
        for role in sorted(wanted - user.role_names):
            RoleGrant.objects.create(user=user, role=role)
        user = User.objects.get(pk=user.pk)
        record_change("user.changed", user, actor=actor, before=before, after=facts_of(user))
        return user


def user_deactivate(user: User, *, actor: User) -> None:
    """The person can no longer come in; open sessions and keys end at their next request. Nothing she wrote is lost."""
    with state_write():
        if user.pk == actor.pk:
            raise Refused(_("不能停用自己，让另一位管理员来做。"))
        if ADMINISTRATOR in user.role_names:
            _keep_one_administrator(user)
        if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            record("user.deactivated", user, actor=actor)


def user_activate(user: User, *, actor: User) -> None:
    """The person may come in again, as before."""
    with state_write():
        if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            record("user.activated", user, actor=actor)


def profile_change(user: User, *, display_name: str, language: str) -> None:
    """A person's own name and language."""
    with state_write():
        user = User.objects.get(pk=user.pk)
        before = {"display_name": user.display_name, "language": user.language}
        user.display_name, user.language = display_name.strip(), language
        user.save(update_fields=["display_name", "language"])
        record_change("user.profile_changed", user, actor=user, before=before, after={"display_name": user.display_name, "language": language})


def language_change(user: User, language: str) -> None:
    """A person's language, by the switch; too small a thing for the audit."""
    with state_write():
        User.objects.filter(pk=user.pk).update(language=language)


def check_scope(roles: set[str], scope: Mapping[str, Any], team: Team | None, limited_to_team: bool) -> None:
    """Refuses a scope that would show nothing.

    Raises:
        Refused: a store manager without a store, or a limit to the team of somebody who has none.
    """
    if limited_to_team and team is None:
        raise Refused(_("要只看本团队的，先选团队。"))
    in_team = limited_to_team and team is not None and any(one.scope.get("store") for one in team.line())
    if STORE_MANAGER in roles and not tidy(scope).get("store") and not in_team:
        raise Refused(_("门店经理要写明门店，否则什么也看不到。"))


def facts_of(user: User) -> dict[str, Any]:
    """What an audit row tells of a person."""
    return {
        "display_name": user.display_name,
        "roles": sorted(user.role_names),
        "team": user.team.name if user.team else None,
        "scope": user.scope,
        "limited_to_team": user.limited_to_team,
    }


def _known(roles: Iterable[str]) -> list[str]:
    wanted = set(roles)
    if unknown := wanted - set(ASSIGNABLE):
        raise Refused(_("没有这样的角色：%(role)s") % {"role": ", ".join(sorted(unknown))})
    return [role for role in ASSIGNABLE if role in wanted]


def _keep_one_administrator(leaving: User) -> None:
    if not active_administrators().exclude(pk=leaving.pk).exists():
        raise Refused(_("这是最后一位管理员。先给另一个人管理员角色。"))
