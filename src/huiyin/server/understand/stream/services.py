"""Writes of streams."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from huiyin.facts import Filter
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.people.models import Team
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.stream.models import StreamRead, StreamRule


def stream_seen(user: Any, voices: int, until: datetime | None) -> None:
    """Somebody was shown this many voices of her stream, up to an arrival."""
    with state_write():
        row, _made = StreamRead.objects.get_or_create(user=user, day=timezone.localdate())
        changes: dict[str, Any] = {"voices": F("voices") + voices}
        if until is not None and (row.seen is None or until > row.seen):
            changes["seen"] = until
        StreamRead.objects.filter(pk=row.pk).update(**changes)
    cache.delete(f"stream.unread.{user.pk}")


def stream_map(user: Any, query: str, *, role: str = "", team: Team | None = None) -> StreamRule | None:
    """What a role or a team hears; an empty query takes the rule away.

    Raises:
        ValueError: the query is no filter.
    """
    asked = Filter.from_query(query.strip().rpartition("?")[2]).to_query()
    with state_write():
        held = StreamRule.objects.filter(team=team) if team is not None else StreamRule.objects.filter(team=None, role=role)
        before = held.first()
        if not asked:
            held.delete()
            rule = None
        else:
            rule, _made = StreamRule.objects.update_or_create(team=team, role="" if team is not None else role, defaults={"query": asked})
        record("stream.mapped", rule or before or role, actor=user, object_type="streamrule", object_name=str(team or role),
               before={"query": before.query} if before else {}, after={"query": asked})  # fmt: skip
    return rule
