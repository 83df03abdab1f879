"""Shares as people read them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """0.874 → 87%; nothing where there is nothing.

    >>> percent(0.874), percent(None)
    ('87%', '—')
    """
    return "—" if share is None else f"{share:.0%}"
