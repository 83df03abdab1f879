"""Showing personal data that is masked by default. Each time is recorded before anything is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.people.models import User
from huiyin.server.foundation.writing import state_write


def unmasking_record(user: User, *, feedback_id: str, fields: Sequence[str], reason: str = "") -> Any:
    """Records that the person now sees those fields of a voice in the clear; call it before showing them.

    Raises:
        PermissionDenied: the person may not unmask.
    """
    if not user.has_perm("voices.unmask"):
        raise PermissionDenied("voices.unmask")
    with state_write():
        return record("voice.unmasked", feedback_id, actor=user, object_type="feedback", after={"fields": sorted(fields), "reason": reason})
