"""The first page of every post is reckoned before somebody opens it: when the server starts, and when the days it tells of move on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils import timezone

from huiyin.facts import FactsError, Filter
from huiyin.server.foundation.live.events import subscribe
from huiyin.server.prioritise.boards.home import USUAL, content_of, period
from huiyin.server.prioritise.boards.templates_of_posts import POSTS
from huiyin.server.prioritise.ownership.mapping import map_lines
from huiyin.server.prioritise.ownership.selectors import OwnershipMap
from huiyin.server.prioritise.ownership.volume import owned_share
from huiyin.server.prioritise.problems.page import survey_of
from huiyin.server.understand.reckoning.behind import behind
from huiyin.server.understand.reckoning.keeping import KEPT

ORDER = 40
"""After the thread that renews answers."""
_left: list[Callable[[], None]] = []
_day: list[date] = []
"""The day for which it was done."""


def start() -> None:
    """Reckon now, and again with the first voices of every day."""
    _day.clear()
    _left.append(subscribe("reading.done", lambda _topic, _data: _once_a_day()))
    _once_a_day()


def stop() -> None:
    """Hear of no more voices."""
    while _left:
        _left.pop()()


def first_pages() -> None:
    """What everybody's page says for whoever may see all, what every problem's page compares with, and how much stands on the map of owners;
    parts of it serve the others.
    """
    if behind(Filter()).value.voices:
        usual = period(Filter(), USUAL)
        for post in POSTS.values():
            content_of(post, usual)
        survey_of(usual)
        owned_share(Filter(), known := OwnershipMap())
        map_lines(known, Filter())


def _once_a_day() -> None:
    today = timezone.localdate()
    if today not in _day:
        _day[:] = [today]
        KEPT.beforehand(_quietly)


def _quietly() -> None:
    try:
        first_pages()
    except FactsError:
        # The store does not stand open: nobody can be shown anything either.
        _day.clear()
