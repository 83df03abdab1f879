"""Where notices stand in the side bar. Its count is what the reader has not read."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huiyin.server.prioritise.notices.selectors import notices_of
from huiyin.server.web.navigation import Count, Entry


def _unread(request: HttpRequest) -> Count | None:
    waiting = len(notices_of(request.user, only_unread=True))
    return Count(waiting) if waiting else None


ENTRIES = [Entry("prioritise", _("通知"), "notices:notices", icon="bell", right="problems.read", order=40, count=_unread)]
