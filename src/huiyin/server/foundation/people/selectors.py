"""Reading people."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import Any

from django.core import signing
from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from huiyin.server.foundation.people.models import ApiKey, Invitation, RoleGrant, Team, User
from huiyin.server.foundation.people.roles import ADMINISTRATOR

LINK_SALT = "huiyin.invitation"
LINK_DAYS = 7


def nobody_yet() -> bool:
    """Whether the server still waits for its first administrator."""
    return not User.objects.exists()


def people(words: str = "", role: str = "", team: int | None = None) -> Any:
    """People with their roles and team, by name."""
    found = User.objects.select_related("team").prefetch_related(Prefetch("grants", RoleGrant.objects.order_by("id")))
    if words:
        found = found.filter(Q(display_name__icontains=words) | Q(email__icontains=words))
    if role:
        found = found.filter(grants__role=role)
    if team:
        found = found.filter(team_id=team)
    return found.order_by("-is_active", "display_name", "id")


def active_administrators() -> Any:
    """Those who could repair a mistake in the rights."""
    return User.objects.filter(is_active=True, grants__role=ADMINISTRATOR)


def waiting_invitations() -> Any:
    """Invitations that nobody has used or withdrawn, run out ones included, newest first."""
    return Invitation.objects.filter(used_at=None, withdrawn_at=None, user=None).select_related("team", "invited_by")


def invitation_of(link: str) -> Invitation | None:
    """The open invitation that the secret part of a link belongs to."""
    try:
        secret = signing.loads(link, salt=LINK_SALT, max_age=LINK_DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    found = Invitation.objects.filter(digest=digest_of(str(secret))).select_related("user", "team").first()
    return found if found and found.is_open else None


def teams_as_tree() -> list[tuple[int, Team]]:
    """Every team with its depth, children after their parent."""
    below: dict[int | None, list[Team]] = defaultdict(list)
    counted = Team.objects.annotate(active_members=Count("members", filter=Q(members__is_active=True)))
    for team in counted.order_by("name"):
        below[team.parent_id].append(team)
    found: list[tuple[int, Team]] = []

    def walk(parent: int | None, depth: int) -> None:
        for team in below[parent]:
            found.append((depth, team))
            walk(team.pk, depth + 1)

    walk(None, 0)
    return found


def keys_of(user: User) -> Any:
    """A person's keys that still work."""
    return ApiKey.objects.filter(owner=user, revoked_at=None)


def key_presented(presented: str) -> ApiKey | None:
    """The working key of an active owner that was presented, if there is one."""
    return ApiKey.objects.select_related("owner").filter(digest=digest_of(presented), revoked_at=None, owner__is_active=True).first()


def digest_of(secret: str) -> str:
    """What is kept of a secret with 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def was_used_lately(key: ApiKey) -> bool:
    """Whether the note of its last use is younger than a minute, so that a busy key does not write at every request."""
    return bool(key.last_used_at and (timezone.now() - key.last_used_at).total_seconds() < 60)
