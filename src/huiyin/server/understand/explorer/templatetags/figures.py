"""Figures as they are written here."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

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
