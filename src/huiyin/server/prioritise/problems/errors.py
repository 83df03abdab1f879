"""Why something was refused, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _


def said(error: Exception) -> str:
    """The sentence of a `deciding.Refused`."""
    return {
        "past_day": _("那天已经过去，换一天"),
        "no_reason": _("写上为什么"),
        "nothing_said": _("写点什么再发"),
        "no_address": _("网址要以 http:// 或 https:// 开头"),
        "no_title": _("写上标题"),
        "too_many_links": _("链接太多了，先去掉几个"),
    }.get(str(error), str(error))
