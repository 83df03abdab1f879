"""Which boards a person may see, and what a board shows her."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from huiyin.facts import Filter
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.prioritise.boards.home import period
from huiyin.server.prioritise.boards.models import Board, Widget
from huiyin.server.prioritise.boards.shown import Shown
from huiyin.server.prioritise.boards.widgets import KINDS, shown


@dataclass(frozen=True, slots=True)
class Placed:
    """A widget with its content."""

    widget: Widget
    shown: Shown


def listed_for(user: Any) -> QuerySet[Board]:
    """Boards of one's own, of the team, and those for everyone. One shared by link is found by its link only."""
    seen = Q(owner=user) | Q(shared="everyone")
    if user.team_id:
        seen |= Q(shared="team", owner__team_id=user.team_id)
    return Board.objects.filter(seen, gone_at=None).select_related("owner")


@dataclass(frozen=True, slots=True)
class Listed:
    """A board on the list: what stands on it, in words."""

    board: Board
    size: int
    holds: str


def listed(boards: QuerySet[Board]) -> list[Listed]:
    """Boards with the kinds of their pieces, as arranged."""
    found = []
    for one in boards.prefetch_related("widgets"):
        kinds = [piece.kind for piece in one.widgets.all()]
        found.append(Listed(one, len(kinds), kinds_named(kinds)))
    return found


def kinds_named(kinds: Iterable[str]) -> str:
    """指标、问题前五、走势."""
    return "、".join(str(KINDS[one][0]) for one in dict.fromkeys(kinds) if one in KINDS)


def open_to(user: Any) -> QuerySet[Board]:
    """Boards that a person may open."""
    seen = Q(owner=user) | Q(shared__in=("everyone", "link"))
    if user.team_id:
        seen |= Q(shared="team", owner__team_id=user.team_id)
    return Board.objects.filter(seen, gone_at=None)


def board_seen(user: Any, number: int) -> Board:
    """A board that the person may open.

    Raises:
        Http404: there is none such.
    """
    return get_object_or_404(open_to(user), pk=number)


def board_owned(user: Any, number: int) -> Board:
    """A board of the person's own.

    Raises:
        Http404: there is none such.
    """
    return get_object_or_404(Board, pk=number, owner=user, gone_at=None)


def placed(board: Board, user: Any, days: int) -> list[Placed]:
    """The widgets of a board, narrowed to what the viewer may see."""
    return [Placed(one, content(one, user, days)) for one in board.widgets.all()]


def content(one: Widget, user: Any, days: int) -> Shown:
    """A widget over its own filter and period, or over the board's period where it has none."""
    asked = Filter.from_query(one.settings.get("filter", ""))
    own = one.settings.get("days")
    where = period(scope_filter(user), int(own) if own is not None else days) & asked
    return shown(one.kind, one.settings, where, one.title)
