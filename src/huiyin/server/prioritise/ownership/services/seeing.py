"""Remembering who opened which problem."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone

from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.ownership.models import Seen


def problem_seen(user: Any, problem_id: str) -> None:
    """Count that a person opened a problem's page today. A look is no change of anything, so it leaves no audit row."""
    with state_write():
        row, _made = Seen.objects.get_or_create(user=user, problem_id=problem_id, day=timezone.localdate())
        Seen.objects.filter(pk=row.pk).update(count=F("count") + 1)
