"""What the list is asked, out of its address: filter, period, weights, which tab, which row is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from huiyin.facts import Filter
from huiyin.insight.ranking import AS_THEY_ARE, Weights
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.explorer.asked import Asked as VoicesAsked
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import reckoned

DAYS = 90
PERIODS = ("30", "90", "365", "all")
TABS = ("all", "mine", "unowned", "chronic", "neglected", "wishes", "snoozed")
WEIGHTS = ("frequency", "intensity", "harm")
PARTS = ("product", "region", "segment", "channel", "brand", "store")
"""What the list is narrowed by."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`filter` is what the address says, `within` what is read: with the period's days and the person's rows."""

    filter: Filter
    within: Filter
    period: str
    weights: Weights
    tab: str
    open: str
    wrong: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """Out of a request."""
        return cls.of_query(request.GET, request.user)

    @classmethod
    def of_query(cls, query: Any, user: Any) -> Asked:
        """Out of the query of an address, for a person."""
        found = VoicesAsked.of_query(query, user)
        given = Filter(**{part: getattr(found.filter, part) for part in PARTS}, since=found.filter.since, until=found.filter.until)
        own = given.since or given.until
        period = "own" if own else query.get("period", str(DAYS))
        period = period if period in PERIODS or period == "own" else str(DAYS)
        dated = given if own else within_period(given, period)
        tab = query.get("tab", "all")
        weights = Weights(*(_weight(query.get(f"w_{part}", "1")) for part in WEIGHTS))
        return cls(given, dated & scope_filter(user), period, weights, tab if tab in TABS else "all", query.get("open", ""), found.wrong)

    @property
    def usual(self) -> bool:
        """Whether this is the list that is kept every day."""
        return self.weights == AS_THEY_ARE and self.within == usual(Filter())

    @property
    def dates(self) -> Filter:
        """The days of what is read, alone: for links that hear exactly what was counted."""
        return Filter(since=self.within.since, until=self.within.until)

    def address(self, **other: Any) -> str:
        """The query of an address that asks the same but for what is said."""
        chosen: Filter = other.get("filter", self.filter)
        period = other.get("period", self.period)
        tab, weights = other.get("tab", self.tab), other.get("weights", self.weights)
        pairs: list[tuple[str, str]] = []
        pairs += [("tab", tab)] if tab != "all" else []
        pairs += [("period", period)] if period not in (str(DAYS), "own") else []
        pairs += [(f"w_{part}", f"{getattr(weights, part):g}") for part in WEIGHTS if getattr(weights, part) != 1]
        parts = [chosen.to_query(), urlencode(pairs)]
        return "?" + "&".join(part for part in parts if part)

    @property
    def undated(self) -> Filter:
        """What the address says but for its days."""
        return replace(self.filter, since=None, until=None)

    def without(self, part: str, value: str) -> str:
        """The address without one value."""
        changed: dict[str, Any] = {part: tuple(one for one in getattr(self.filter, part) if one != value)}
        return self.address(filter=replace(self.filter, **changed))

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a form that adds to the address carries along."""
        pairs = [(part, value) for part in PARTS for value in getattr(self.filter, part)]
        pairs += [("tab", self.tab)] if self.tab != "all" else []
        return pairs

    @property
    def dated(self) -> list[tuple[str, str]]:
        """The period as the address says it, for forms that ask for something else."""
        if self.period == "own":
            return [(name, day.isoformat()) for name in ("since", "until") if (day := getattr(self.filter, name))]
        return [("period", self.period)] if self.period != str(DAYS) else []

    @property
    def weighed(self) -> list[tuple[str, str]]:
        """The weights as the address says them."""
        return [(f"w_{part}", f"{getattr(self.weights, part):g}") for part in WEIGHTS if getattr(self.weights, part) != 1]


def usual(within: Filter) -> Filter:
    """The list that opens: the last `DAYS` days until the last day that was heard."""
    return within_period(within, str(DAYS))


def within_period(within: Filter, period: str) -> Filter:
    """A filter over the last days that were heard; unchanged for all, and where nothing was heard."""
    last = last_day()
    if period == "all" or last is None:
        return within
    return replace(within, since=last - timedelta(days=int(period) - 1), until=last)


def last_day() -> date | None:
    """The last day that was heard, today at the latest: a voice with a date to come moves no window."""

    def read() -> date | None:
        rows = facts_store().query("SELECT max(day) AS day FROM voice WHERE day <= ?", [today])
        day: date | None = rows["day"][0].as_py()
        return day

    today = timezone.localdate()
    return reckoned(("last_day", today), read).value


def _weight(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        return 1.0
    return min(max(found, 0.0), 3.0) if found == found else 1.0
