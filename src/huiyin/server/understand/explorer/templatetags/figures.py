"""Figures as they are written here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from huiyin.facts.corrections import TAG
from huiyin.server.understand.explorer import names

register = template.Library()
_TEN_THOUSAND, _HUNDRED_MILLION = 10_000, 100_000_000


@register.filter
def figure(count: Any) -> str:
    """1,864 up to 9,999, then 1.89 万 and 3.2 亿; in English with separators throughout.

    >>> figure(1864)
    '1,864'
    """
    number = int(count or 0)
    if not (get_language() or "").startswith("zh") or abs(number) < _TEN_THOUSAND:
        return f"{number:,}"
    if abs(number) < _HUNDRED_MILLION:
        return f"{number / _TEN_THOUSAND:.2f}".rstrip("0").rstrip(".") + " 万"
    return f"{number / _HUNDRED_MILLION:.2f}".rstrip("0").rstrip(".") + " 亿"


@register.filter
def tag_query(name: str) -> str:
    """The query of an address that asks for the voices with a tag."""
    return urlencode({f"attr.{TAG}{name}": "1"})


@register.filter
def cells(voice: Any, columns: Sequence[str]) -> list[str]:
    """A voice's values for the columns of a table, as people read them."""
    return [_cell(name, voice.fields[name]) for name in columns]


def _cell(name: str, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if name == "occurred_at":
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if name == "customer_id":
        return str(value)[-4:].upper()
    if isinstance(value, float):
        return f"{value:+.2f}" if name == "sentiment" else f"{value:g}"
    return str({"intent": names.INTENT, "emotion": names.EMOTION, "urgency": names.URGENCY}.get(name, {}).get(value, value))
