"""What topics keep of a voice: its id and where its opinion stands."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from huiyin.server.understand.topics.models import Member

NAMES = {"topic_examples": _("新话题里的位置")}
"""The places, as a receipt calls them."""


def forget(customer: str, feedback_ids: Sequence[str]) -> dict[str, int]:
    """Delete the places of these voices' opinions; inside the caller's transaction."""
    return {"topic_examples": Member.objects.filter(feedback_id__in=list(feedback_ids)).delete()[0]}
