"""The first page: one headline cause, four figures, what hurts most, what changed, and a voice; its order is the post's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.facts import FactsError, Filter
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.prioritise.boards.causes import head_cause
from huiyin.server.prioritise.boards.shown import Shown
from huiyin.server.prioritise.boards.templates_of_posts import POSTS, Post, post_of
from huiyin.server.prioritise.boards.widgets import shown
from huiyin.server.prioritise.fixes.selectors import next_check
from huiyin.server.prioritise.ownership.selectors import Owned, owner_of
from huiyin.server.prioritise.problems.asked import within_period
from huiyin.server.prioritise.problems.register import register
from huiyin.server.understand.reckoning.behind import behind

TEMPLATE = "boards/_home.html"
DAYS = (30, 90, 365, 0)
"""0 is all time, voices without a day included."""
USUAL = 90
_TILES = 4
_FRESH = timedelta(days=14)
"""For so long after joining the tour is offered."""


def context(request: HttpRequest) -> dict[str, Any] | None:
    """What the template needs; None while nobody within the person's scope has spoken."""
    within = scope_filter(request.user)
    try:
        heard = behind(within)
    except FactsError:
        return None
    if not heard.value.voices:
        return None
    post = POSTS.get(request.GET.get("post", "")) or post_of(request.user)
    days = days_asked(request)
    where = period(within, days)
    reckoned = content_of(post, where)
    cause = reckoned["cause"]
    return {
        **reckoned,
        "post": post,
        "posts": POSTS.values(),
        "days": days,
        "choices": DAYS,
        "where": where,
        "revised": heard.at,
        "behind": heard.value,
        "check": next_check(cause.problem_id) if cause is not None else None,
        "whose": _whose(cause.problem_id) if cause is not None and request.user.has_perm("ownership.read") else None,
        "fresh": request.user.joined_at > timezone.now() - _FRESH,
    }


def content_of(post: Post, where: Filter) -> dict[str, Any]:
    """What a post's page says of the facts."""
    return {
        "cause": head_cause(where),
        "tiles": tiles_of(post, where),
        "main": [shown(one.kind, one.settings, where) for one in post.main],
        "rail": [shown(one.kind, one.settings, where) for one in post.rail],
    }


def _whose(problem_id: str) -> Owned | None:
    """Who answers for the head cause and how far that is; None where it is no problem any more."""
    try:
        return owner_of(register().living(problem_id))
    except KeyError:
        return None


def days_asked(request: HttpRequest) -> int:
    """How many days the page reaches back."""
    given = request.GET.get("days", "")
    return int(given) if given.isdecimal() and int(given) in DAYS else USUAL


def period(within: Filter, days: int) -> Filter:
    """The last so many days that were heard, as the problem list has them; everything for 0 days."""
    return within_period(within, str(days) if days else "all")


def tiles_of(post: Post, where: Filter) -> list[Shown]:
    """The first four of the post's metrics that have a value; short of those, the ones that say why not."""
    found = [shown("tile", {"metric": key}, where) for key in post.tiles]
    speaking = [one for one in found if not one.data["figure"].reason]
    return (speaking + [one for one in found if one.data["figure"].reason])[:_TILES]


def period_words(where: Filter) -> str:
    """自 … 至 …."""
    return _("%(since)s 至 %(until)s") % {"since": where.since, "until": where.until} if where.since and where.until else _("全部时间")
