"""How much stands behind a filter, kept like any answer."""

from __future__ import annotations

from huiyin.facts import Filter
from huiyin.insight import records
from huiyin.insight.records import Behind
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import Reckoned, reckoned


def behind(within: Filter) -> Reckoned[Behind]:
    """See `insight.records.count`."""
    return reckoned(("behind", within.to_query()), lambda: records.count(facts_store(), within))
