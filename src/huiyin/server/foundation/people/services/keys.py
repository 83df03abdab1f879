"""Making and revoking API keys."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.people.models import ApiKey, User
from huiyin.server.foundation.people.rights import KEY_SCOPES
from huiyin.server.foundation.people.selectors import digest_of
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.writing import state_write


def key_make(owner: User, *, name: str, scopes: Iterable[str]) -> tuple[ApiKey, str]:
    """A key and its text, which is shown once.

    Raises:
        Refused: a right that keys cannot carry, or that the owner does not have.
    """
    with state_write():
        wanted = sorted(set(scopes))
        if not wanted:
            raise Refused(_("至少选一项权限。"))
        if any(one not in KEY_SCOPES or not owner.has_perm(one) for one in wanted):
            raise Refused(_("不能给密钥你自己没有的权限。"))
        text = f"hy_{secrets.token_urlsafe(32)}"
        key = ApiKey.objects.create(owner=owner, name=name.strip(), prefix=text[:9], digest=digest_of(text), scopes=wanted)
        record("key.made", key, actor=owner, after={"scopes": wanted})
        return key, text


def key_revoke(key: ApiKey, *, actor: User) -> None:
    """The key stops working at its next use."""
    with state_write():
        if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
            record("key.revoked", key, actor=actor)


def key_note_use(key: ApiKey) -> None:
    """Notes when the key was last used; not an audit row."""
    with state_write():
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=timezone.now())
