"""The list of every day, kept; any past one can be shown again as it stood.

What is kept is the list that opens: everybody's rows, the last `DAYS` days until the last day that was heard, weights as they are. It is
kept under the local day on which it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone

from huiyin.facts import FactsError, Filter
from huiyin.insight.problems import Moved, Row, Snapshot, compare, days, replay, take
from huiyin.server.foundation.live.events import publish
from huiyin.server.prioritise.problems.asked import usual
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.understand.reading.facts import facts_store, facts_write
from huiyin.server.understand.reckoning.keeping import reckoned

_WEEK = timedelta(days=7)
_LONGEST = timedelta(days=21)
"""A list older than this says nothing about last week."""


def snapshot_take(day: date | None = None) -> int:
    """Keep today's list; gives its rows. The same day again replaces it."""
    found = listing(usual(Filter())).value
    if not found.rows:
        return 0
    with facts_write() as store:
        take(store, found, day or timezone.localdate())
    publish("problems", {"kept": len(found.rows)})
    return len(found.rows)


def first_snapshot_due() -> bool:
    """Whether there are voices and no list was ever kept."""
    try:
        return not kept_days() and bool(listing(usual(Filter())).value.rows)
    except FactsError:
        return False


def kept_days() -> list[date]:
    """Days whose list can be shown, oldest first."""
    return days(facts_store())


def list_of(day: date) -> Snapshot | None:
    """The list as it stood on a day."""
    return replay(facts_store(), day)


def week_ago() -> Snapshot | None:
    """The list of a week ago: the last one kept at least seven days before today, unless it is much older."""
    today = timezone.localdate()

    def read() -> Snapshot | None:
        fitting = [day for day in kept_days() if today - _LONGEST <= day <= today - _WEEK]
        return list_of(fitting[-1]) if fitting else None

    return reckoned(("week_ago", today), read).value


def moves(rows: tuple[Row, ...]) -> Mapping[str, Moved]:
    """How each place changed against a week ago; empty where no such list was kept."""
    before = week_ago()
    return {one.problem_id: one for one in compare(rows, before.rows)} if before else {}


def ranks_of(problem_id: str) -> list[tuple[date, Row]]:
    """The row of a problem in every kept list that holds it."""
    kept = tuple(kept_days())

    def read() -> list[tuple[date, Row]]:
        found = []
        for day in kept[-370:]:
            snapshot = list_of(day)
            found += [(day, row) for row in (snapshot.rows if snapshot else ()) if row.problem_id == problem_id]
        return found

    return reckoned(("ranks", problem_id, kept), read).value
