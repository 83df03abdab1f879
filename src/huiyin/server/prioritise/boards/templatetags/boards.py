"""Marks, verdicts and the data of charts, as templates write them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe

from huiyin.server.prioritise.boards.shown import Shown
from huiyin.server.prioritise.metrics.figures import Figure, Mark
from huiyin.server.prioritise.metrics.telling import Card, count_text
from huiyin.server.prioritise.metrics.telling import card as made_card

register = template.Library()


@register.simple_tag
def mark(one: Mark) -> SafeString:
    """Attributes that say how many of what a link opens; the side panel opens it in place."""
    return format_html('data-count="{}" data-counted="{}" data-voices title="{}"', one.count, one.unit, count_text(one))


@register.filter
def tone(one: Figure) -> str:
    """The colour of a verdict: proven worse, proven better, or none."""
    return {True: "good", False: "harm", None: ""}[one.good]


@register.filter
def card(one: Figure) -> Card:
    """How it was computed."""
    return made_card(one)


@register.filter
def chart_data(one: Shown) -> SafeString:
    """The drawing's numbers as data, never as a script that runs."""
    return mark_safe(json_script(one.data["chart"]))


@register.filter
def plain_cell(value: Any) -> str:
    """A cell of the table behind a drawing."""
    if value is None or value == "":
        return "—"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
