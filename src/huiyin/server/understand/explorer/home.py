"""What the first page says once there are voices: the problem that hurts most, the next four, the latest words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from huiyin.facts import FactsError, Filter
from huiyin.insight import problems, records
from huiyin.insight.findings import Quote
from huiyin.insight.problems import Definition, Row
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.explorer import names
from huiyin.server.understand.explorer.selectors import with_opinions
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.services import reading_setup
from huiyin.text import load_taxonomy

TEMPLATE = "voices/_home.html"
_SHOWN = 5
_FRESH = timedelta(days=14)
"""For so long after joining the tour is offered."""


@dataclass(frozen=True, slots=True)
class Top:
    """A problem of the first page: its row, how to hear it, one customer's words."""

    row: Row
    name: str
    query: str
    quote: Quote | None


def context(request: HttpRequest) -> dict[str, Any] | None:
    """What the template needs; None while nobody within the person's scope has spoken."""
    try:
        store = facts_store()
    except FactsError:
        return None
    within = scope_filter(request.user)
    behind = records.count(store, within)
    if not behind.voices:
        return None
    tops = _tops(store.revision, within.to_query(), reading_setup().taxonomy, get_language() or "zh-hans")
    latest = with_opinions(records.page(store, within, "newest", 0, 3))
    fresh = request.user.joined_at > timezone.now() - _FRESH
    return {"fresh": fresh, "behind": behind, "head": tops[0] if tops else None, "next": tops[1:], "voices": latest}


@lru_cache(maxsize=64)
def _tops(revision: int, where: str, taxonomy: str, language: str) -> tuple[Top, ...]:
    """The first problems of the list; made once for each state of the facts, scope and language."""
    store, within = facts_store(), Filter.from_query(where)
    pack = load_taxonomy(taxonomy)
    paths, known = {path: path for path in pack.paths}, names.aspect_names()
    definitions = tuple(Definition(path, names.aspect_name(path, known), (path,)) for path in paths)
    rows = problems.problem_list(store, definitions, within).rows[:_SHOWN]
    found = []
    for row in rows:
        asked = Filter(aspect=(row.problem_id,), polarity=(-1,))
        quotes = records.wall(store, within & asked, 1).quotes
        found.append(Top(row, row.name, asked.to_query(), quotes[0] if quotes else None))
    return tuple(found)
