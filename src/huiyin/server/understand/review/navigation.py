"""Where checking stands in the side bar."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huiyin.facts import FactsError
from huiyin.server.understand.review.selectors import disputed_seen
from huiyin.server.web.navigation import Count, Entry


def _count(request: HttpRequest) -> Count | None:
    """Disagreements that this person could settle."""
    try:
        waiting = len(disputed_seen(request.user))
    except FactsError:
        return None
    return Count(waiting) if waiting else None


ENTRIES = [Entry("understand", _("核对"), "review:queue", icon="checkbox", right="voices.correct", order=60, count=_count)]
