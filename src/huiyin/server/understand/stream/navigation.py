"""Where the stream stands in the side bar, with what is unread."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huiyin.server.understand.stream.selectors import unread_remembered
from huiyin.server.web.navigation import Count, Entry


def _unread(request: HttpRequest) -> Count | None:
    count = unread_remembered(request.user)
    return Count(count) if count else None


ENTRIES = [Entry("collect", _("今日原声"), "stream:stream", icon="broadcast", right="voices.read", order=8, count=_unread)]
