"""Weekly numbers of every problem in one query: what the sparks of a list and its judged trends are drawn from.

Count of a week: voices of that week that complain of the problem, as the register defines it; the exposure is all voices of the week. A
voice has one day, so counts by day add up to weeks exactly. Judging is that of `insight.trends`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices
from huiyin.insight.findings import Trend
from huiyin.insight.problems.definitions import Definition
from huiyin.insight.problems.listing import numbers_of
from huiyin.insight.trends import WEEKS, judge
from huiyin.insight.weeks import every_week


@dataclass(frozen=True, slots=True)
class Weekly:
    """Mondays without gaps (W), voices received (W,), and complaining voices (W,) by problem id."""

    mondays: tuple[str, ...]
    received: NDArray[np.int64]
    series: dict[str, NDArray[np.int64]]

    def trends(self, problem_ids: Sequence[str]) -> dict[str, Trend]:
        """The judged trend of each problem; false discoveries are controlled over all that are asked."""
        nothing = np.zeros(len(self.mondays), dtype=np.int64)
        found = judge(list(self.mondays), self.received, [self.series.get(one, nothing) for one in problem_ids])
        return dict(zip(problem_ids, found, strict=True))


def monday_of(day: date) -> str:
    """The Monday of a day's week.

    >>> monday_of(date(2026, 1, 8))
    '2026-01-05'
    """
    return (day - timedelta(days=day.weekday())).isoformat()


def weekly(store: Voices, definitions: Sequence[Definition], where: Filter | None = None) -> Weekly:
    """The last `WEEKS` weeks within a filter; its first day is left out, for a trend needs what was before."""
    within = replace(where or Filter(), since=None)
    totals = store.query("SELECT day, count(*) AS n FROM voice WHERE day IS NOT NULL GROUP BY day ORDER BY day", where=within)
    if not totals.num_rows:
        return Weekly((), np.zeros(0, np.int64), {})
    days = totals["day"].to_pylist()
    mondays = every_week({monday_of(day) for day in days})[-WEEKS:]
    place = {monday: at for at, monday in enumerate(mondays)}
    received = np.zeros(len(mondays), dtype=np.int64)
    for day, count in zip(days, totals["n"].to_pylist(), strict=True):
        if (at := place.get(monday_of(day))) is not None:
            received[at] += count
    numbers = numbers_of(store, definitions)
    rows = store.query(
        f"SELECT problem, day, count(DISTINCT feedback_id) AS n FROM ({numbers.sql}) named WHERE day IS NOT NULL GROUP BY problem, day",
        numbers.values,
        within,
        tables=numbers.tables,
    )
    series: dict[str, NDArray[np.int64]] = {}
    for problem, day, count in zip(rows["problem"].to_pylist(), rows["day"].to_pylist(), rows["n"].to_pylist(), strict=True):
        if (at := place.get(monday_of(day))) is not None:
            series.setdefault(definitions[int(problem)].problem_id, np.zeros(len(mondays), dtype=np.int64))[at] += count
    return Weekly(tuple(mondays), received, series)
