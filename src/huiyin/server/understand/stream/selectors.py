"""Reads of streams: whose is which, what is new in it, who listens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Sum
from django.utils import timezone

from huiyin.facts import FactsError, Filter
from huiyin.insight import records
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import wilson
from huiyin.server.foundation.people.models import Team, User
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.explorer.selectors import Voice, with_opinions
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.behind import behind
from huiyin.server.understand.stream.models import StreamRead, StreamRule

PAGE = 30
HEARD = 5
"""Voices within seven days from which on somebody counts as listening."""
_REMEMBERED = 15
"""Seconds for which the number in the side bar may be old."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How many of a team listen."""

    name: str
    listening: int
    people: int
    share: Estimate


def rule_of(user: Any) -> StreamRule | None:
    """The rule of the person's team, else of the teams above it, else of the first of her roles that has one."""
    if user.team is not None:
        teams = user.team.line()
        rules = {rule.team_id: rule for rule in StreamRule.objects.filter(team__in=teams)}
        for team in teams:
            if team.pk in rules:
                return rules[team.pk]
    by_role = {rule.role: rule for rule in StreamRule.objects.filter(team=None, role__in=user.role_names)}
    return next((by_role[role] for role in sorted(by_role) if role != "everyone"), by_role.get("everyone"))


def stream_filter(user: Any) -> Filter:
    """What the person's stream holds, within the rows she may see."""
    rule = rule_of(user)
    return (Filter.from_query(rule.query) if rule else Filter()) & scope_filter(user)


def seen_until(user: Any) -> datetime:
    """Up to which arrival the stream was shown; at the earliest the beginning of today."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    last = StreamRead.objects.filter(user=user, seen__isnull=False).order_by("-seen").values_list("seen", flat=True).first()
    return max(today, last) if last else today


def unread_count(user: Any) -> int:
    """Voices that arrived today and were not shown yet."""
    sql = "SELECT count(*) AS n FROM voice WHERE received_at > CAST(? AS TIMESTAMPTZ)"
    return int(facts_store().query(sql, [seen_until(user).isoformat()], stream_filter(user))["n"][0].as_py())


def unread_remembered(user: Any) -> int:
    """The same for the side bar, at most some seconds old; 0 while there are no facts."""
    key = f"stream.unread.{user.pk}"
    known = cache.get(key)
    if known is None:
        try:
            known = unread_count(user)
        except FactsError:
            known = 0
        cache.set(key, known, _REMEMBERED)
    return int(known)


def latest(user: Any, page: int) -> tuple[list[Voice], int]:
    """A page of the stream, the last arrived first, and how many voices it holds."""
    store, within = facts_store(), stream_filter(user)
    sql = "SELECT feedback_id, day FROM voice ORDER BY received_at DESC NULLS LAST, feedback_id DESC LIMIT ? OFFSET ?"
    picked = store.query(sql, [PAGE, (page - 1) * PAGE], within)
    return with_opinions(records.rows_of(store, picked)), behind(within).value.voices


def newest_arrival(user: Any) -> datetime | None:
    """When the last voice of the stream arrived."""
    found: datetime | None = facts_store().query("SELECT max(received_at) AS last FROM voice", where=stream_filter(user))["last"][0].as_py()
    return found


def reach() -> list[Reach]:
    """Of every team, the share of people who were shown at least `HEARD` voices within seven days."""
    since = timezone.localdate() - timedelta(days=6)
    heard = StreamRead.objects.filter(day__gte=since).values("user").annotate(total=Sum("voices")).filter(total__gte=HEARD)
    listening = {row["user"] for row in heard}
    people: dict[int | None, list[int]] = {}
    for number, team in User.objects.filter(is_active=True).values_list("pk", "team_id"):
        people.setdefault(team, []).append(number)
    names = dict(Team.objects.values_list("pk", "name"))
    rows = [(names.get(team, ""), members) for team, members in people.items()]
    found = [(name, sum(one in listening for one in members), len(members)) for name, members in rows]
    return [Reach(name, count, total, wilson(count, total, 100)) for name, count, total in sorted(found)]
