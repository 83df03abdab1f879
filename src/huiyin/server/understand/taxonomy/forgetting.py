"""What this app forgets with a customer: her words that were taken as examples."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.taxonomy.models import TakenExample

NAMES = {"taxonomy.examples": _("标签体系里的例子")}
"""The places, as a receipt calls them."""


def forget(customer: str, feedback_ids: Iterable[str]) -> dict[str, int]:
    """Remove what is kept of these voices; gives kind → how many. Asked again, it finds nothing."""
    ids, gone = list(feedback_ids), 0
    with state_write():
        for at in range(0, len(ids), 500):
            gone += TakenExample.objects.filter(feedback_id__in=ids[at : at + 500]).delete()[0]
    return {"taxonomy.examples": gone}
