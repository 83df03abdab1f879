"""Where the list stands in the side bar. Its count are the places where colleagues named the reader and wait."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huiyin.server.prioritise.problems.models import Mention
from huiyin.server.web.navigation import Count, Entry


def _named(request: HttpRequest) -> Count | None:
    waiting = Mention.objects.filter(user_id=request.user.pk, seen_at=None).count()
    return Count(waiting) if waiting else None


ENTRIES = [Entry("prioritise", _("问题清单"), "problems:list", icon="list-numbers", right="problems.read", order=10, tab=3, count=_named)]
