"""Geometry of the small drawings of the list, and figures as the list writes them. Widths are SVG attributes: the policy allows no styles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from huiyin.insight.findings import Estimate, Trend
from huiyin.server.foundation.audit import words as audit_words
from huiyin.server.prioritise.problems import words

register = template.Library()
_BAR, _TALL = 84.0, 12


@register.filter
def decimals(value: Any, digits: int = 2) -> str:
    """A number with so many digits and a true minus; — where there is none."""
    return "—" if value is None else words.sign(float(value), int(digits))


@register.filter
def loss(value: Any) -> str:
    """A harm as what is lost: −1.9."""
    return "—" if value is None else words.sign(-float(value), 2)


@register.filter
def percent(value: Any, digits: int = 0) -> str:
    """A share of one as a percentage."""
    return "—" if value is None else f"{float(value) * 100:.{int(digits)}f}%"


@register.filter
def share_range(one: Estimate) -> str:
    """27–41%."""
    return "—" if one.low is None or one.high is None else f"{one.low * 100:.0f}–{one.high * 100:.0f}%"


@register.filter
def tied(row: Any) -> str:
    """与第 N 名难分, or nothing."""
    return words.tie(row)


@register.filter
def harm_range(row: Any) -> str:
    """The interval of what is lost."""
    return words.harm_range(row)


@register.simple_tag
def interval_bar(one: Estimate | None, low: float, high: float, turned: bool = False) -> str:
    """Grey track, soft band, tick; the scale low … high is shared down a column. `turned` draws a loss, the largest at the left."""
    if one is None or one.value is None or one.low is None or one.high is None or high <= low:
        return ""

    def x(value: float) -> float:
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        return round(1 + (_BAR - 2) * (1 - share if turned else share), 1)

    first, last = sorted((x(one.low), x(one.high)))
    return format_html(
        '<svg class="interval" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true"><path class="track" d="M0 6h{}"/>'
        '<rect x="{}" y="3" width="{}" height="6" rx="1"/><path class="tick" d="M{} 1v10"/></svg>',
        int(_BAR),
        _TALL,
        int(_BAR),
        _TALL,
        int(_BAR),
        first,
        max(round(last - first, 1), 1.5),
        x(one.value),
    )


@register.simple_tag
def rank_bars(chances: Sequence[float], rank: int) -> str:
    """P(rank 1) … P(rank 5) as five bars against the likeliest of them; the shown rank in ink."""
    most = max(*chances, 1e-9)
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="6" height="{}"><title>{}</title></rect>',
        (
            (
                "now" if at + 1 == rank else "",
                at * 9,
                round(19 - max(18 * chance / most, 1), 1),
                round(max(18 * chance / most, 1), 1),
                _("第 %(rank)s 名：%(chance)s") % {"rank": at + 1, "chance": f"{chance:.0%}"},
            )
            for at, chance in enumerate(chances)
        ),
    )
    spoken = _("排第 %(rank)s 的把握") % {"rank": rank}
    return format_html('<svg class="chances" viewBox="0 0 45 20" width="45" height="20" role="img" aria-label="{}">{}</svg>', spoken, bars)


@register.simple_tag
def spark(points: Sequence[tuple[str, float | None]], trend: Trend | None) -> str:
    """Twelve weeks; a colour only where the change is judged, a dashed line where it happened. Weeks without enough voices are gaps."""
    known = [value for _week, value in points if value is not None]
    if len(known) < 2:
        return format_html('<span class="mark">{}</span>', "—")
    most, width, height = max(known) or 1.0, 92.0, 26.0
    step = (width - 6) / max(len(points) - 1, 1)
    at = [
        (round(2 + step * place, 1), None if value is None else round(height - 3 - (height - 7) * value / most, 1))
        for place, (_w, value) in enumerate(points)
    ]
    drawn, pen = "", False
    for x, y in at:
        if y is None:
            pen = False
            continue
        drawn += f"{'L' if pen else 'M'}{x} {y}"
        pen = True
    last = next((x, y) for x, y in reversed(at) if y is not None)
    kind = {"up": "harm", "down": "good"}.get(trend.verdict, "flat") if trend else "flat"
    weeks = [week for week, _value in points]
    broke: SafeString | str = ""
    if trend and trend.since in weeks:
        broke = format_html('<path class="broke" d="M{} 1V25"/>', at[weeks.index(trend.since)][0])
    return format_html(
        '<svg class="spark {}" viewBox="0 0 92 26" width="92" height="26" role="img" aria-label="{}">{}<path d="{}"/>'
        '<circle cx="{}" cy="{}" r="2.4"/></svg>',
        kind,
        trend_words(trend),
        broke,
        drawn,
        *last,
    )


@register.filter
def trend_words(trend: Trend | None) -> str:
    """确有上升, 确有下降, 无明显变化 with the size; nothing told where there is too little."""
    if trend is None or trend.verdict == "unknown":
        return _("还看不出走势")
    if trend.verdict == "flat" or trend.ratio.value is None:
        return _("无明显变化")
    said = _("自 %(day)s 那周确有上升，是之前的 %(ratio)s 倍") if trend.verdict == "up" else _("自 %(day)s 那周确有下降，是之前的 %(ratio)s 倍")
    return said % {"day": trend.since, "ratio": f"{trend.ratio.value:.2f}"}


@register.filter
def verb_words(entry: Any) -> str:
    """What was done, in the reader's words."""
    return str(audit_words.VERBS.get(entry.verb, entry.verb))


@register.filter
def after_words(entry: Any) -> str:
    """What it is now, in words; nothing where nothing was said."""
    return audit_words.in_words(entry.after) if entry.after else ""


@register.filter
def clipped(name: str) -> str:
    """A name that fits beside a bar: nine Chinese signs, or twice as many narrow ones.

    >>> clipped("Choosing and editing the address")
    'Choosing and edit…'
    """
    wide, kept = 0, ""
    for sign in name:
        wide += 1 if ord(sign) < 0x2E80 else 2
        if wide > 18:
            return kept.rstrip()[:17] + "…"
        kept += sign
    return name
