"""What the inbox keeps beside its rows, for the erasing of a customer."""

from __future__ import annotations

from collections.abc import Sequence

from huiyin.server.collect.feedback.attachments import attachments_delete
from huiyin.server.collect.feedback.models import inbox_number


def forget(customer: str, feedback_ids: Sequence[str]) -> dict[str, int]:
    """Delete photos and recordings of some voices, within the transaction around; gives how many by kind."""
    return attachments_delete(number for one in feedback_ids if (number := inbox_number(one)) is not None)
