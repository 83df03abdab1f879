"""Writes of notices: seen, chosen, forgotten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.utils import timezone

from huiyin.server.foundation.audit.services import record_change
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.notices.models import Choice, Kind, Notice

KEPT = timedelta(days=180)


def notices_see(user: Any, number: int | None = None) -> int:
    """A person has seen one of her notices, or all. No audit row: it changes nothing for anybody else. Gives how many."""
    with state_write():
        rows = Notice.objects.filter(person=user, seen_at=None)
        if number is not None:
            rows = rows.filter(pk=number)
        seen = rows.update(seen_at=timezone.now())
        if seen:
            publish(f"notices.{user.pk}")
    return seen


def notices_choose(user: Any, wanted: Collection[str]) -> None:
    """Be told of these kinds only; of being named always."""
    with state_write():
        choice, _made = Choice.objects.select_for_update().get_or_create(person=user)
        before = choice.unwanted
        choice.unwanted = [kind for kind in Kind.values if kind != Kind.NAMED and kind not in wanted]
        choice.save()
        record_change("notices.chosen", choice, actor=user, before={"unwanted": before}, after={"unwanted": choice.unwanted})


def notices_forget() -> int:
    """Remove what is older than 180 days. Gives how many."""
    with state_write():
        return Notice.objects.filter(made_at__lt=timezone.now() - KEPT).delete()[0]
