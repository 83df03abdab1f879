"""Writes of boards: every one is recorded, and nobody writes to a board that is not hers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from huiyin.server.foundation.audit.services import record, record_change
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.boards.models import Board, Mission, Widget
from huiyin.server.prioritise.boards.templates_of_posts import POSTS
from huiyin.server.prioritise.problems.register import name_of, register

MOST_WIDGETS = 40


def mission_pin(user: Any, problem_id: str, pinned: bool) -> None:
    """Make a problem the company's mission, or take the mission down.

    Raises:
        KeyError: there is no such problem.
    """
    one = register().living(problem_id)
    with state_write():
        ended = Mission.objects.filter(ended_at=None).update(ended_at=timezone.now())
        if pinned:
            Mission.objects.create(problem_id=one.problem_id, pinned_by=user)
        if pinned or ended:
            verb = "mission.pinned" if pinned else "mission.unpinned"
            record(verb, one.problem_id, actor=user, object_type="mission", object_name=name_of(one))


def board_make(user: Any, name: str, post: str = "") -> Board:
    """A board, empty or from the template of a post."""
    with state_write():
        board = Board.objects.create(name=name[:80], owner=user)
        for place, spec in enumerate(POSTS[post].specs if post in POSTS else ()):
            _added(board, spec.kind, spec.settings, spec.width, place)
        record("board.made", board, actor=user, object_name=board.name)
    return board


def board_duplicate(user: Any, board: Board, name: str) -> Board:
    """One's own copy of a board."""
    with state_write():
        copy = Board.objects.create(name=name[:80], owner=user)
        for one in board.widgets.all():
            Widget.objects.create(board=copy, kind=one.kind, title=one.title, settings=one.settings, place=one.place, width=one.width)
        record("board.made", copy, actor=user, object_name=copy.name)
    return copy


def board_change(user: Any, board: Board, name: str, shared: str) -> None:
    """Another name, other readers."""
    with state_write():
        before = {"name": board.name, "shared": board.shared}
        board.name, board.shared = name[:80], shared
        board.save(update_fields=["name", "shared"])
        record_change("board.changed", board, actor=user, before=before, after={"name": board.name, "shared": board.shared})


def board_delete(user: Any, board: Board) -> None:
    """Take a board away; it can be taken back."""
    with state_write():
        board.gone_at = timezone.now()
        board.save(update_fields=["gone_at"])
        record("board.deleted", board, actor=user, object_name=board.name)


def board_restore(user: Any, board: Board) -> None:
    """Take back a deletion."""
    with state_write():
        board.gone_at = None
        board.save(update_fields=["gone_at"])
        record("board.restored", board, actor=user, object_name=board.name)


def board_arrange(user: Any, board: Board, order: Sequence[int]) -> None:
    """Put the widgets into an order; those that are not named keep theirs behind."""
    with state_write():
        known = {one.pk: one for one in board.widgets.all()}
        wanted = [known[pk] for pk in dict.fromkeys(order) if pk in known]
        wanted += [one for one in known.values() if one not in wanted]
        for place, one in enumerate(wanted):
            one.place = place
        Widget.objects.bulk_update(wanted, ["place"])
        record("board.arranged", board, actor=user, object_name=board.name, after={"order": [one.pk for one in wanted]})


def board_exported(user: Any, board: Board, name: str) -> None:
    """Note that somebody took its numbers along, or those of one of its widgets."""
    with state_write():
        record("board.exported", board, actor=user, object_name=name)


def home_exported(user: Any, post: str) -> None:
    """Note that somebody took the first page of a post along."""
    with state_write():
        record("home.exported", "", actor=user, object_type="home", object_name=post)


def widget_add(user: Any, board: Board, kind: str, settings: Mapping[str, Any], width: str, title: str = "") -> Widget:
    """One more widget, at the end."""
    with state_write():
        one = _added(board, kind, settings, width, board.widgets.count(), title)
        record("widget.added", board, actor=user, object_name=board.name, after={"widget": kind, "settings": dict(settings)})
    return one


def widget_change(user: Any, one: Widget, settings: Mapping[str, Any], width: str, title: str) -> None:
    """Other settings of a widget."""
    with state_write():
        before = {"settings": one.settings, "widget": one.kind}
        one.settings, one.width, one.title = dict(settings), width, title[:80]
        one.save(update_fields=["settings", "width", "title"])
        record_change("widget.changed", one.board, actor=user, before=before, after={"settings": one.settings, "widget": one.kind})


def widget_remove(user: Any, one: Widget) -> None:
    """A widget less."""
    with state_write():
        board = one.board
        record("widget.removed", board, actor=user, object_name=board.name, before={"widget": one.kind, "settings": one.settings})
        one.delete()


def _added(board: Board, kind: str, settings: Mapping[str, Any], width: str, place: int, title: str = "") -> Widget:
    return Widget.objects.create(board=board, kind=kind, settings=dict(settings), width=width, place=place, title=title[:80])
