"""Shares as they are written here."""

from __future__ import annotations

from django import template

from huiyin.insight.findings import Estimate

register = template.Library()


@register.filter
def share(estimate: Estimate) -> str:
    """62% with what it is a share of; a dash where nothing could be asked.

    >>> share(Estimate(0.621, 0.6, 0.64, 2400))
    '62.1% / 2,400'
    """
    if estimate.value is None:
        return "—"
    return f"{100 * estimate.value:.1f}% / {estimate.n:,}"
