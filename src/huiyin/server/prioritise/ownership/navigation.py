"""Where ownership stands in the side bar."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huiyin.facts import FactsError
from huiyin.server.prioritise.ownership.models import Claim
from huiyin.server.prioritise.ownership.teams import waiting_for
from huiyin.server.web.navigation import Count, Entry

_REMEMBERED = 15


def _count(request: HttpRequest) -> Count | None:
    """What waits for the person's team, or for her as the arbiter; of the facts at most some seconds old, for every page asks it."""
    last = Claim.objects.order_by("-id").values_list("id", flat=True).first()
    try:
        waiting, late = cache.get_or_set(f"ownership.waiting.{request.user.pk}.{last}", lambda: waiting_for(request), _REMEMBERED)
    except FactsError:
        return None
    return Count(waiting, urgent=late) if waiting else None


ENTRIES = [
    Entry("prioritise", _("我的小组"), "ownership:mine", icon="users-group", right="ownership.read", order=40, count=_count),
    Entry("prioritise", _("责任地图"), "ownership:map", icon="sitemap", right="ownership.read", order=45),
]
