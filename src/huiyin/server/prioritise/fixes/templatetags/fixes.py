"""Tags of verdicts."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from django import template
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

register = template.Library()
VERDICTS: dict[str, tuple[Any, str, str]] = {
    "worked": (_("有效"), "good", "check"),
    "not_shown": (_("无明显变化"), "", "equal"),
    "worse": (_("变坏"), "harm", "trending-up"),
    "moved": (_("转移"), "moved", "arrows-exchange"),
    "cannot_tell": (_("证据还不够"), "waiting", "dots"),
}
REFUSED = {
    "no_voices": _("范围里没有反馈"),
    "before_too_short": _("改之前的反馈不到六周"),
    "after_too_short": _("改之后不到三周，过些时候再看"),
    "too_few_voices": _("说到它的反馈太少"),
    "simultaneous_launch": _("两周内同一批客户还有别的改动，分不开"),
    "season_without_comparison": _("没有可比的对照，季节又看不出来"),
}


@register.inclusion_tag("fixes/_verdict.html")
def verdict(name: str) -> dict[str, Any]:
    """The badge of a verdict: icon and word."""
    word, colour, icon = VERDICTS[name]
    return {"word": word, "colour": colour, "icon": icon}


@register.filter
def refused(reason: str | None) -> str:
    """Why nothing can be told."""
    return str(REFUSED.get(reason or "", ""))


@register.filter
def change_words(change: tuple[float, float, float] | None) -> str:
    """−62%（95% 区间 −71% 至 −51%）."""
    if change is None:
        return "—"
    value, low, high = (f"{one:+.0f}%".replace("-", "−") for one in change)
    return _t("%(value)s（95%% 区间 %(low)s 至 %(high)s）") % {"value": value, "low": low, "high": high}


@register.filter
def reach(query: str) -> str:
    """Whom a fix reaches: 栖川平板 T11 · 华东."""
    return " · ".join(value for _name, value in parse_qsl(query))
