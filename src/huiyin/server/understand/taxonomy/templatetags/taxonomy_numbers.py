"""Figures and words as the taxonomy's screens write them."""

from __future__ import annotations

from typing import Any

from django import template

from huiyin.server.foundation.audit.words import VERBS
from huiyin.server.understand.explorer.templatetags.figures import figure

register = template.Library()


@register.filter
def signed(value: Any) -> str:
    """A change with its sign.

    >>> signed(12), signed(-3.4), signed(0)
    ('+12', '−3', '0')
    """
    number = round(float(value or 0))
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{figure(abs(number))}"


@register.filter
def times(value: Any) -> str:
    """How many times as much: one digit below ten, none above.

    >>> times(2.345), times(31.4)
    ('2.3×', '31×')
    """
    number = float(value or 0)
    return f"{number:.1f}×" if number < 10 else f"{number:,.0f}×"


@register.filter
def verb_words(verb: str) -> Any:
    """A step's verb as people read it."""
    return VERBS.get(verb, verb)
