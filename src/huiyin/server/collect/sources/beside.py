"""What stands beside the words of a voice: asked by the page of a voice, answered by the kind of source it came from."""

from __future__ import annotations

from collections.abc import Sequence

from huiyin.server.collect.feedback.models import Attachment, Inbox, inbox_number
from huiyin.server.collect.sources.adapter import Beside
from huiyin.server.collect.sources.adapters import adapters


def beside_of(feedback_id: str) -> Sequence[Beside]:
    """What more there is to show of a voice. The caller has checked that the reader may see it."""
    number = inbox_number(feedback_id)
    row = Inbox.objects.select_related("source").filter(pk=number).first() if number is not None else None
    adapter = adapters().get(row.source.kind) if row else None
    return adapter.beside(row) if row and adapter else ()


def attachment_of(feedback_id: str, number: int) -> Attachment | None:
    """One attachment of a voice. The caller has checked that the reader may see it."""
    return Attachment.objects.filter(pk=number, inbox_id=inbox_number(feedback_id)).first()
