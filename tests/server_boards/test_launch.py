"""A launch is followed day by day while it is fresh, week by week later; every point counts the voices of its own days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from huiyin.facts import Filter
from huiyin.server.prioritise.boards.widgets import shown
from huiyin.server.prioritise.problems.asked import last_day

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("ago", "step"), [(9, 1), (27, 1), (28, 7), (70, 7)])
def test_days_first_then_weeks(company, ago, step):
    last = last_day()
    day = last - timedelta(days=ago)
    found = shown("launch", {"metric": "voices", "day": day.isoformat()}, Filter(until=last))
    assert len(found.rows) == (ago + 1) // step
    whole = Filter(since=day, until=day + timedelta(days=step * len(found.rows) - 1))
    counted = shown("tile", {"metric": "voices"}, whole).data["figure"].value.value
    assert sum(mark.count for mark in found.marks) == counted
    assert [date.fromisoformat(row[0]) for row in found.rows] == [day] * len(found.rows)
