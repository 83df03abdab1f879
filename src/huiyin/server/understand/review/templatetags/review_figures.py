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


@register.filter
def points(change: float | None) -> str:
    """A difference of shares in percentage points, with its sign.

    >>> points(0.052), points(-0.004), points(0.0)
    ('+5.2', '−0.4', '0.0')
    """
    if change is None:
        return "—"
    size = f"{abs(change) * 100:.1f}"
    return size if float(size) == 0 else f"+{size}" if change > 0 else f"−{size}"
