"""Where ownership stands in the side bar."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huiyin.facts import FactsError
from huiyin.server.prioritise.ownership.teams import waiting_for
from huiyin.server.web.navigation import Count, Entry


def _count(request: HttpRequest) -> Count | None:
    """What waits for the person's team, or for her as the arbiter."""
    try:
        waiting, late = waiting_for(request)
    except FactsError:
        return None
    return Count(waiting, urgent=late) if waiting else None


ENTRIES = [
    Entry("prioritise", _("我的小组"), "ownership:mine", icon="users-group", right="ownership.read", order=40, count=_count),
    Entry("prioritise", _("责任地图"), "ownership:map", icon="sitemap", right="ownership.read", order=45),
]
