"""The calendar of weekly series: every Monday, also of weeks in which nothing came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta


def every_week(weeks: Iterable[str]) -> list[str]:
    """All Mondays from the first to the last: a week in which nothing came stands there empty.

    >>> every_week(["2026-01-05", "2026-01-19"])
    ['2026-01-05', '2026-01-12', '2026-01-19']
    """
    days = sorted(date.fromisoformat(week) for week in weeks)
    if not days:
        return []
    return [(days[0] + timedelta(weeks=step)).isoformat() for step in range((days[-1] - days[0]).days // 7 + 1)]
