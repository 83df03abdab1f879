"""`/api/v1/boards`: boards with their numbers as their viewer may see them, and making, arranging, sharing them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.prioritise.boards.files import sheets_of
from huiyin.server.prioritise.boards.forms import WidgetForm
from huiyin.server.prioritise.boards.home import DAYS
from huiyin.server.prioritise.boards.models import Board, Widget
from huiyin.server.prioritise.boards.selectors import Placed, board_owned, board_seen, content, listed_for, placed
from huiyin.server.prioritise.boards.services import (
    MOST_WIDGETS,
    board_arrange,
    board_change,
    board_delete,
    board_duplicate,
    board_exported,
    board_make,
    board_restore,
    mission_pin,
    widget_add,
    widget_change,
    widget_remove,
)
from huiyin.server.prioritise.boards.templates_of_posts import POSTS
from huiyin.server.web.problem_documents import problem
from huiyin.server.web.rights import needs
from huiyin.server.web.taking import XLSX, workbook_file

router = Router(tags=["boards"])
prefix = "/boards"
_WRITES = Holding("boards.write")
_Name = Field(min_length=1, max_length=80, pattern=r"\S")


class TemplateOut(Schema):
    """A post's template."""

    key: str
    name: str
    widgets: int


class BoardOut(Schema):
    """A board; `shared` says who may open it."""

    id: int
    name: str
    shared: Literal["private", "team", "link", "everyone"]
    own: bool
    owner: str
    made_at: datetime


class WidgetOut(Schema):
    """A widget with the table behind it: `rows` are lists in the order of `head`; `empty` says why there is nothing."""

    id: int
    kind: str
    title: str
    width: str
    settings: dict[str, Any]
    sentence: str
    head: list[str]
    rows: list[list[Any]]
    empty: str


class BoardWhole(BoardOut):
    """A board with its widgets in order, narrowed to what the asker may see."""

    days: int
    widgets: list[WidgetOut]


class BoardIn(Schema):
    """A new board: empty, or from the template of a post."""

    name: str = _Name
    template: str = ""


class BoardChange(Schema):
    """Another name, other readers; what is left out stays."""

    name: str | None = Field(None, min_length=1, max_length=80, pattern=r"\S")
    shared: Literal["private", "team", "link", "everyone"] | None = None


class CopyIn(Schema):
    """The name of the copy."""

    name: str = _Name


class OrderIn(Schema):
    """Ids of widgets in their new order; those that are not named stay behind."""

    widgets: list[int] = Field(max_length=MOST_WIDGETS)


class WidgetIn(Schema):
    """A widget; `settings` are those that its kind has on the screen: metric, dimension, second, days, grain, filter, values, day, earlier, text."""

    kind: str
    title: str = Field("", max_length=80)
    width: Literal["quarter", "third", "half", "full"] = "half"
    settings: dict[str, str | int | list[str]] = {}


class MissionIn(Schema):
    """The problem that all of the company stands behind, or no longer."""

    problem: str
    pinned: bool = True


@router.get("", response=list[BoardOut], url_name="boards")
@needs("voices.read")
def listed(request: HttpRequest) -> Any:
    """One's own boards, the team's, and those for everyone."""
    return [_told(one, request) for one in listed_for(request.user)]


@router.post("", response={201: BoardOut}, url_name="board_make", auth=_WRITES)
@needs("boards.write")
def make(request: HttpRequest, body: BoardIn) -> Any:
    """A new board."""
    if body.template and body.template not in POSTS:
        raise HttpError(422, "template: see /boards/templates")
    return Status(201, _told(board_make(request.user, body.name, body.template), request))


@router.get("/templates", response=list[TemplateOut], url_name="board_templates")
@needs("voices.read")
def templates(request: HttpRequest) -> Any:
    """What a board may begin with."""
    return [{"key": one.key, "name": str(one.label), "widgets": len(one.specs)} for one in POSTS.values()]


@router.post("/mission", response={204: None}, url_name="board_mission", auth=Holding("mission.pin"))
@needs("mission.pin")
def pin(request: HttpRequest, body: MissionIn) -> Any:
    """Make a problem the company's mission, or take it down."""
    try:
        mission_pin(request.user, body.problem, body.pinned)
    except KeyError:
        return problem(404, "no_such_problem", "没有这个问题", "there is no such problem")
    return Status(204, None)


@router.get("/{int:board_id}", response=BoardWhole, url_name="board")
@needs("voices.read")
def one(request: HttpRequest, board_id: int, days: int = 90) -> Any:
    """A board with its numbers over the last so many days (0: all); a widget with a period of its own keeps it."""
    found = board_seen(request.user, board_id)
    _known(days)
    return {**_told(found, request), "days": days, "widgets": [_widget(each) for each in placed(found, request.user, days)]}


@router.post("/{int:board_id}", response=BoardOut, url_name="board_change", auth=_WRITES)
@needs("boards.write")
def change(request: HttpRequest, board_id: int, body: BoardChange) -> Any:
    """Another name, other readers."""
    found = board_owned(request.user, board_id)
    board_change(request.user, found, body.name or found.name, body.shared or found.shared)
    return _told(found, request)


@router.post("/{int:board_id}/duplicate", response={201: BoardOut}, url_name="board_duplicate", auth=_WRITES)
@needs("boards.write")
def duplicate(request: HttpRequest, board_id: int, body: CopyIn) -> Any:
    """One's own copy of a board that one may open."""
    return Status(201, _told(board_duplicate(request.user, board_seen(request.user, board_id), body.name), request))


@router.post("/{int:board_id}/remove", response={204: None}, url_name="board_remove", auth=_WRITES)
@needs("boards.write")
def remove(request: HttpRequest, board_id: int) -> Any:
    """Take it away; `restore` brings it back."""
    board_delete(request.user, board_owned(request.user, board_id))
    return Status(204, None)


@router.post("/{int:board_id}/restore", response=BoardOut, url_name="board_restore", auth=_WRITES)
@needs("boards.write")
def restore(request: HttpRequest, board_id: int) -> Any:
    """Take back a deletion."""
    found = get_object_or_404(Board, pk=board_id, owner=request.user)
    board_restore(request.user, found)
    return _told(found, request)


@router.post("/{int:board_id}/arrange", response={204: None}, url_name="board_arrange", auth=_WRITES)
@needs("boards.write")
def arrange(request: HttpRequest, board_id: int, body: OrderIn) -> Any:
    """The widgets in another order."""
    board_arrange(request.user, board_owned(request.user, board_id), body.widgets)
    return Status(204, None)


@router.get("/{int:board_id}/export", url_name="board_export", openapi_extra={"responses": {"200": {"content": {XLSX: {}}}}})
@needs("voices.export")
def export(request: HttpRequest, board_id: int, days: int = 90) -> HttpResponse:
    """All widgets as a workbook; taking it is recorded."""
    found = board_seen(request.user, board_id)
    _known(days)
    board_exported(request.user, found, found.name)
    return workbook_file(sheets_of(found.name, placed(found, request.user, days)), f"{found.name}.xlsx")


@router.post("/{int:board_id}/widgets", response={201: WidgetOut}, url_name="board_widget_add", auth=_WRITES)
@needs("boards.write")
def add(request: HttpRequest, board_id: int, body: WidgetIn) -> Any:
    """One widget more, at the end."""
    found = board_owned(request.user, board_id)
    if found.widgets.count() >= MOST_WIDGETS:
        raise HttpError(409, f"a board has {MOST_WIDGETS} widgets at most")
    made = widget_add(request.user, found, body.kind, _settings(body), body.width, body.title)
    return Status(201, _widget(Placed(made, content(made, request.user, 90))))


@router.post("/{int:board_id}/widgets/{int:widget_id}", response=WidgetOut, url_name="board_widget", auth=_WRITES)
@needs("boards.write")
def set_up(request: HttpRequest, board_id: int, widget_id: int, body: WidgetIn) -> Any:
    """Other settings of a widget; its kind stays."""
    found = get_object_or_404(Widget, pk=widget_id, board=board_owned(request.user, board_id))
    if body.kind != found.kind:
        raise HttpError(422, "kind: the kind of a widget stays; remove it and add another")
    widget_change(request.user, found, _settings(body), body.width, body.title)
    return _widget(Placed(found, content(found, request.user, 90)))


@router.post("/{int:board_id}/widgets/{int:widget_id}/remove", response={204: None}, url_name="board_widget_remove", auth=_WRITES)
@needs("boards.write")
def take_out(request: HttpRequest, board_id: int, widget_id: int) -> Any:
    """A widget less."""
    widget_remove(request.user, get_object_or_404(Widget, pk=widget_id, board=board_owned(request.user, board_id)))
    return Status(204, None)


def _known(days: int) -> None:
    """Refuse a period that the screen does not have.

    Raises:
        HttpError: 422.
    """
    if days not in DAYS:
        raise HttpError(422, f"days: one of {', '.join(map(str, DAYS))}")


def _settings(body: WidgetIn) -> dict[str, Any]:
    """What the screen's form makes of the same answers.

    Raises:
        HttpError: 422, naming the setting.
    """
    given = {name: ", ".join(value) if isinstance(value, list) else value for name, value in body.settings.items()}
    form = WidgetForm({**given, "kind": body.kind, "title": body.title, "width": body.width})
    if not form.is_valid():
        raise HttpError(422, "; ".join(f"{name}: {errors[0]}" for name, errors in form.errors.items())[:2000])
    return form.settings


def _told(one: Board, request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    told = {name: getattr(one, name) for name in ("name", "shared", "made_at")}
    return {"id": one.pk, **told, "own": one.owner_id == user.pk, "owner": one.owner.display_name}


def _widget(one: Placed) -> dict[str, Any]:
    shown = one.shown
    told = {name: getattr(one.widget, name) for name in ("kind", "width", "settings")}
    table = {"sentence": str(shown.sentence), "head": [str(name) for name in shown.head], "rows": [list(row) for row in shown.rows]}
    return {"id": one.widget.pk, **told, **table, "title": str(shown.title), "empty": str(shown.empty)}
