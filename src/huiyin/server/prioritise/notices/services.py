"""Writes of notices: what was read, and what a person wants to hear."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from huiyin.server.foundation.audit.services import record_change
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.notices.models import NoticeSettings
from huiyin.server.prioritise.notices.selectors import KINDS


def notices_read(user: Any, read_to: int) -> None:
    """She has read up to an audit row, never back. No audit row of its own: reading changes nothing for anybody else."""
    with state_write():
        kept, _made = NoticeSettings.objects.select_for_update().get_or_create(user=user)
        if read_to > kept.read_to:
            kept.read_to = read_to
            kept.save()


def notices_choose(user: Any, heard: Iterable[str]) -> None:
    """Hear of these kinds and no other."""
    wanted = set(heard)
    with state_write():
        kept, _made = NoticeSettings.objects.select_for_update().get_or_create(user=user)
        before, kept.silent = kept.silent, [key for key in KINDS if key not in wanted]
        kept.save()
        record_change("notices.chosen", kept, actor=user, before={"silent": before}, after={"silent": kept.silent})
