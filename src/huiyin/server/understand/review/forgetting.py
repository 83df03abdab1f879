"""What checking keeps of a voice: its id and where its opinion stood."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from huiyin.server.understand.review.models import ReviewItem

NAMES = {"review_items": _("核对里抽到的")}
"""The places, as a receipt calls them."""


def forget(customer: str, feedback_ids: Sequence[str]) -> dict[str, int]:
    """Delete what was drawn of these voices, with the answers to it; inside the caller's transaction."""
    found = ReviewItem.objects.filter(feedback_id__in=list(feedback_ids))
    count = found.count()
    found.delete()
    return {"review_items": count}
