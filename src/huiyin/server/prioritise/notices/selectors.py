"""Reads of notices."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from huiyin.server.prioritise.notices.models import Choice, Kind, Notice


def notices_of(user: Any, unread: bool = False) -> QuerySet[Notice]:
    """What a person was told, newest first; nothing to who may read problems no longer."""
    if not user.has_perm("problems.read"):
        return Notice.objects.none()
    rows = Notice.objects.filter(person=user).select_related("actor")
    return rows.filter(seen_at=None) if unread else rows


def wanted_by(user: Any) -> list[str]:
    """Kinds a person wants to be told of."""
    unwanted = Choice.objects.filter(person=user).values_list("unwanted", flat=True).first() or []
    return [kind for kind in Kind.values if kind not in unwanted]
