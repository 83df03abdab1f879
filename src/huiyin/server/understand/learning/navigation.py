"""Where learning stands in the side bar."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huiyin.server.understand.learning.models import Candidate
from huiyin.server.web.navigation import Count, Entry


def _count(request: HttpRequest) -> Count | None:
    """A candidate waits for somebody who may decide."""
    if not request.user.has_perm("models.manage"):
        return None
    return Count(1) if Candidate.objects.filter(state=Candidate.State.READY).exists() else None


ENTRIES = [Entry("understand", _("教机器"), "learning:learning", icon="school", right="voices.correct", order=61, count=_count)]
