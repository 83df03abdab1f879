"""Where sources stand in the side bar."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.sources.selectors import in_trouble
from huiyin.server.web.navigation import Count, Entry


def _count(request: HttpRequest) -> Count | None:
    number = in_trouble()
    return Count(number, urgent=True) if number else None


ENTRIES = [
    Entry("collect", _("来源"), "sources:monitor", icon="plug", right="sources.read", order=20, count=_count),
    Entry("collect", _("记一条"), "sources:manual", icon="pencil", right="voices.send", order=30),
]
