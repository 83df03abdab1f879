"""What can be chosen: the commonest values of a column, kept like any answer."""

from __future__ import annotations

from huiyin.facts import Filter
from huiyin.insight import records
from huiyin.insight.records import Counted
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import reckoned


def commonest(column: str, within: Filter, most: int, counted: Counted = "voices") -> list[tuple[str, int]]:
    """See `insight.records.commonest`."""
    key = ("commonest", column, within.to_query(), most, counted)
    return reckoned(key, lambda: records.commonest(facts_store(), column, within, most, counted)).value
