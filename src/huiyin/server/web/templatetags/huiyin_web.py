"""Tags every template may use without loading them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.server.web.assets import asset_name, icon_paths
from huiyin.server.web.brought import brought

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> str:
    """A Tabler outline, 16 px, in the colour of the text beside it. With a label it speaks; without, it is silent."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="16" height="16" {} focusable="false">{}</svg>',
        spoken,
        mark_safe(icon_paths(name)),  # noqa: S308 - our own build's icon set, by a name from a template
    )


@register.simple_tag(takes_context=True)
def waiting_notices(context: template.Context) -> int | None:
    """How many notices wait for the reader, from the app that brings a `bell`; None without one, and for whoever is told nothing."""
    found: list[int | None] = [module.unread(context["request"].user) for module in brought("bell")]
    return found[0] if found else None


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file: `{% asset "server.css" %}`."""
    return str(static(asset_name(name)))


@register.simple_tag
def moment(at: datetime | None) -> str:
    """When, as people say it, with the exact time and zone on hover."""
    if at is None:
        return mark_safe('<span class="mark">—</span>')
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="seconds"), local.strftime("%Y-%m-%d %H:%M:%S %Z"), moment_words(at)
    )


def moment_words(at: datetime, now: datetime | None = None) -> str:
    """刚刚, 8 分钟前, 今天 08:12, 昨天 21:08, 11月13日, 2025年3月2日; the future plainly."""
    now = timezone.localtime(now or timezone.now())
    local = timezone.localtime(at)
    past = now - local
    if timedelta(0) <= past < timedelta(minutes=1):
        return _("刚刚")
    if timedelta(0) <= past < timedelta(hours=1):
        return _("%(minutes)s 分钟前") % {"minutes": int(past.total_seconds() // 60)}
    if local.date() == now.date():
        return _("今天 %(time)s") % {"time": local.strftime("%H:%M")}
    if (now.date() - local.date()).days == 1:
        return _("昨天 %(time)s") % {"time": local.strftime("%H:%M")}
    chinese = (get_language() or "").startswith("zh")
    if local.year == now.year:
        return f"{local.month}月{local.day}日" if chinese else date_format(local, "M j")
    return f"{local.year}年{local.month}月{local.day}日" if chinese else date_format(local, "M j, Y")


@register.inclusion_tag("web/_field.html")
def field(bound: Any, hint: str = "") -> dict[str, Any]:
    """One field of a form with its label, hint and errors, joined for a screen reader."""
    described = [f"{bound.auto_id}-hint"] if hint or bound.help_text else []
    described += [f"{bound.auto_id}-errors"] if bound.errors else []
    attributes: dict[str, str] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    kind = bound.field.widget.__class__.__name__
    return {"bound": bound, "widget": bound.as_widget(attrs=attributes), "hint": hint or bound.help_text, "kind": kind}


@register.inclusion_tag("web/_avatar.html")
def avatar(person: Any, square: bool = False) -> dict[str, Any]:
    """The surname, or the first letter, on one of four quiet grounds."""
    name = str(person)
    return {"letter": name[:1].upper(), "hue": sum(map(ord, name)) % 4, "square": square}


@register.filter
def indent(depth: int) -> str:
    """Full-width blanks before the name of a team that stands under another."""
    return "\u3000" * int(depth)
