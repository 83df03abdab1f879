"""Numbers as the screens of sources write them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def counted(count: Any) -> str:
    """1,864 up to 9,999, then 1.89 万; in English with separators throughout.

    >>> counted(1864)
    '1,864'
    """
    number = int(count or 0)
    if number < 10_000 or not (get_language() or "").startswith("zh"):
        return f"{number:,}"
    return f"{number / 10_000:.2f}".rstrip("0").rstrip(".") + " 万"
