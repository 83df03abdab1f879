"""What topics keep of a voice: its id and where its opinion stands."""

from __future__ import annotations

from collections.abc import Sequence

from huiyin.server.understand.topics.models import Member


def forget(customer: str, feedback_ids: Sequence[str]) -> dict[str, int]:
    """Delete the places of these voices' opinions; inside the caller's transaction."""
    return {"topic_examples": Member.objects.filter(feedback_id__in=list(feedback_ids)).delete()[0]}
