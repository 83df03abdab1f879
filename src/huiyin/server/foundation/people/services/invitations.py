"""Letting people in by link."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.people.models import Invitation, Team, User
from huiyin.server.foundation.people.scope import tidy
from huiyin.server.foundation.people.selectors import LINK_DAYS, LINK_SALT, digest_of
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.people.services.users import check_scope, facts_of, user_make
from huiyin.server.foundation.writing import state_write


def invitation_make(
    *,
    actor: User,
    email: str,
    display_name: str,
    roles: Iterable[str],
    team: Team | None = None,
    scope: Mapping[str, Any] | None = None,
    limited_to_team: bool = False,
    language: str = "zh-hans",
) -> tuple[Invitation, str]:
    """An invitation and the secret part of its link, which is shown once. An older open one for the address ends."""
    with state_write():
        email, wanted = email.strip().lower(), sorted(set(roles))
        if User.objects.filter(email=email).exists():
            raise Refused(_("%(email)s 已经在人员里。") % {"email": email})
        check_scope(set(wanted), scope or {}, team, limited_to_team)
        Invitation.objects.filter(email=email, used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
        invitation, link = _open(
            email=email,
            display_name=display_name.strip(),
            roles=wanted,
            team=team,
            scope=tidy(scope or {}),
            limited_to_team=limited_to_team,
            language=language,
            invited_by=actor,
        )
        record("invitation.made", invitation, actor=actor, after={"roles": wanted, "team": team.name if team else None, "scope": invitation.scope})
        return invitation, link


def reset_link_make(user: User, *, actor: User) -> str:
    """The secret part of a link with which the person chooses a new password, for companies without an e-mail server."""
    with state_write():
        if not user.is_active:
            raise Refused(_("先恢复这个人，再给链接。"))
        Invitation.objects.filter(user=user, used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
        invitation, link = _open(email=user.email, user=user, invited_by=actor, language=user.language)
        record("invitation.reset_made", invitation, actor=actor)
        return link


def invitation_withdraw(invitation: Invitation, *, actor: User) -> None:
    """The link no longer works."""
    with state_write():
        if Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now()):
            record("invitation.withdrawn", invitation, actor=actor)


def invitation_use(invitation: Invitation, *, password: str, display_name: str = "") -> User:
    """The person comes in, or gets the new password. Of two who open one link at once, one is refused.

    Raises:
        Refused: the link was used, withdrawn or ran out meanwhile.
    """
    with state_write():
        now = timezone.now()
        taken = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None, expires_at__gt=now).update(used_at=now)
        if not taken:
            raise Refused(_("链接用过了或已失效。让邀请你的人再发一次。"))
        if invitation.user:
            user = invitation.user
            if not user.is_active:
                raise Refused(_("这个账号停用了。"))
            user.set_password(password)
            user.save(update_fields=["password"])
            record("user.password_changed", user, actor=user)
            return user
        user = user_make(
            email=invitation.email,
            display_name=display_name or invitation.display_name,
            password=password,
            roles=invitation.roles,
            team=invitation.team,
            scope=invitation.scope,
            limited_to_team=invitation.limited_to_team,
            language=invitation.language,
        )
        record("user.joined", user, actor=user, after={**facts_of(user), "invited_by": str(invitation.invited_by)})
        return user


def _open(**parts: Any) -> tuple[Invitation, str]:
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(digest=digest_of(secret), expires_at=timezone.now() + timedelta(days=LINK_DAYS), **parts)
    return invitation, signing.dumps(secret, salt=LINK_SALT)
