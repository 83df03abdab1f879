"""Hearing a customer's own voice: who did is recorded before anything is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from huiyin.server.collect.feedback.models import Attachment
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.writing import state_write

_ONE_HEARING = timedelta(hours=1)


def recording_heard(user: Any, feedback_id: str, recording: Attachment) -> None:
    """Record that the person hears a recording; call it before it is sent.

    A player asks for one recording in many parts, so within an hour it counts as one hearing, whichever part was asked for first.

    Raises:
        PermissionDenied: the person may not unmask.
    """
    if not user.has_perm("voices.unmask"):
        raise PermissionDenied("voices.unmask")
    known = AuditEntry.objects.filter(verb="voice.recording_heard", object_id=feedback_id, actor=user, at__gte=timezone.now() - _ONE_HEARING)
    if not any((one.after or {}).get("recording") == recording.pk for one in known):
        with state_write():
            record("voice.recording_heard", feedback_id, actor=user, object_type="feedback", after={"recording": recording.pk})
