"""The source behind the form of manual entry."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.sources.adapter import Adapter


class Manual(Adapter):
    """A call, a visit, a note: written down by whoever heard it."""

    kind = "manual"
    name = _("人工录入")
    about = _("电话、到访、口头转述：谁听到谁记下")


ADAPTER = Manual()
