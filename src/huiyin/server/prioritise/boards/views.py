"""Screens of boards."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.server.prioritise.boards.files import rows_of, sheets_of
from huiyin.server.prioritise.boards.forms import BoardForm, WidgetForm
from huiyin.server.prioritise.boards.home import DAYS, days_asked, period_words
from huiyin.server.prioritise.boards.home import context as home_context
from huiyin.server.prioritise.boards.meeting import slides
from huiyin.server.prioritise.boards.models import Board, Widget
from huiyin.server.prioritise.boards.selectors import board_owned, board_seen, content, kinds_named, listed, listed_for, placed
from huiyin.server.prioritise.boards.services import (
    MOST_WIDGETS,
    board_arrange,
    board_change,
    board_delete,
    board_duplicate,
    board_exported,
    board_make,
    board_restore,
    home_exported,
    mission_pin,
    widget_add,
    widget_change,
    widget_remove,
)
from huiyin.server.prioritise.boards.templates_of_posts import POSTS, post_of
from huiyin.server.understand.explorer.asked import Asked
from huiyin.server.understand.explorer.chips import chips
from huiyin.server.understand.explorer.selectors import overview, page_of
from huiyin.server.web.fragments import first_error, go_to, number_asked, render_screen
from huiyin.server.web.rights import needs
from huiyin.server.web.taking import csv_file, dated, taken, workbook_file

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@require_GET
@needs("voices.read")
def boards(request: HttpRequest) -> HttpResponse:
    """All boards that a person finds, and templates to begin with."""
    found, own = listed(listed_for(request.user)), post_of(request.user)
    mine = [one for one in found if one.board.owner_id == request.user.pk]
    posts = sorted(POSTS.values(), key=lambda post: post is not own)
    context = {
        "mine": mine,
        "others": [one for one in found if one not in mine],
        "posts": [(post, kinds_named(spec.kind for spec in post.specs)) for post in posts],
        "own": own,
        "form": BoardForm(),
    }
    return render_screen(request, "boards/boards.html", context)


@require_GET
@needs("voices.read")
def board(request: HttpRequest, board_id: int) -> HttpResponse:
    """A board as its viewer may see it."""
    one = board_seen(request.user, board_id)
    days = days_asked(request)
    context = {
        "board": one,
        "pieces": placed(one, request.user, days),
        "days": days,
        "choices": DAYS,
        "own": one.owner_id == request.user.pk,
        "form": WidgetForm(),
        "board_form": BoardForm(initial={"name": one.name, "shared": one.shared}),
        "full": one.widgets.count() >= MOST_WIDGETS,
    }
    return render_screen(request, "boards/board.html", context)


@require_POST
@needs("voices.read")
def make(request: HttpRequest) -> HttpResponse:
    """A new board, empty or from a post's template."""
    post = request.POST.get("post", "")
    name = request.POST.get("name", "").strip() or (_("%(post)s看板") % {"post": POSTS[post].label} if post in POSTS else _("新看板"))
    return go_to(request, "boards:board", board_make(request.user, name, post).pk)


@require_POST
@needs("voices.read")
def change(request: HttpRequest, board_id: int) -> HttpResponse:
    """Name and readers."""
    one, form = board_owned(request.user, board_id), BoardForm(request.POST)
    if form.is_valid():
        board_change(request.user, one, form.cleaned_data["name"], form.cleaned_data["shared"] or "private")
    return go_to(request, "boards:board", one.pk, toast=_("已保存") if form.is_valid() else _("给看板起个名"))


@require_POST
@needs("voices.read")
def duplicate(request: HttpRequest, board_id: int) -> HttpResponse:
    """One's own copy."""
    one = board_seen(request.user, board_id)
    return go_to(request, "boards:board", board_duplicate(request.user, one, _("%(name)s 副本") % {"name": one.name}).pk)


@require_POST
@needs("voices.read")
def delete(request: HttpRequest, board_id: int) -> HttpResponse:
    """Away, with a way back."""
    one = board_owned(request.user, board_id)
    board_delete(request.user, one)
    return go_to(request, reverse("boards:boards") + f"?gone={one.pk}")


@require_POST
@needs("voices.read")
def restore(request: HttpRequest, board_id: int) -> HttpResponse:
    """Back again."""
    one = get_object_or_404(Board, pk=board_id, owner=request.user)
    board_restore(request.user, one)
    return go_to(request, "boards:board", one.pk)


@require_POST
@needs("voices.read")
def arrange(request: HttpRequest, board_id: int) -> HttpResponse:
    """The widgets in the order in which they were put."""
    board_arrange(request.user, board_owned(request.user, board_id), [number_asked(one) for one in request.POST.getlist("widget")])
    return HttpResponse(status=204)


@require_POST
@needs("voices.read")
def add(request: HttpRequest, board_id: int) -> HttpResponse:
    """One widget more."""
    one, form = board_owned(request.user, board_id), WidgetForm(request.POST)
    if not form.is_valid() or one.widgets.count() >= MOST_WIDGETS:
        return go_to(request, "boards:board", one.pk, toast=first_error(form) or _("看板满了"))
    widget_add(request.user, one, form.cleaned_data["kind"], form.settings, form.cleaned_data["width"], form.cleaned_data["title"])
    return go_to(request, "boards:board", one.pk)


@require_http_methods(["GET", "POST"])
@needs("voices.read")
def widget(request: HttpRequest, board_id: int, widget_id: int) -> HttpResponse:
    """The settings of a widget."""
    one = get_object_or_404(Widget, pk=widget_id, board=board_owned(request.user, board_id))
    held = {**one.settings, "kind": one.kind, "title": one.title, "width": one.width}
    held["earlier"] = ", ".join(one.settings.get("earlier", ()))
    held["values"] = ", ".join(one.settings.get("values", ()))
    form = WidgetForm(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        widget_change(request.user, one, form.settings, form.cleaned_data["width"], form.cleaned_data["title"])
        return go_to(request, "boards:board", board_id, toast=_("已保存"))
    return render_screen(request, "boards/settings.html", {"form": form, "widget": one, "board": one.board}, 422 if request.method == "POST" else 200)


@require_POST
@needs("voices.read")
def remove(request: HttpRequest, board_id: int, widget_id: int) -> HttpResponse:
    """A widget less."""
    widget_remove(request.user, get_object_or_404(Widget, pk=widget_id, board=board_owned(request.user, board_id)))
    return go_to(request, "boards:board", board_id, toast=_("已去掉"))


@require_GET
@needs("voices.export")
def widget_csv(request: HttpRequest, board_id: int, widget_id: int) -> StreamingHttpResponse:
    """The data of a widget, as the viewer may see it."""
    one = get_object_or_404(Widget, pk=widget_id, board=board_seen(request.user, board_id))
    found = content(one, request.user, days_asked(request))
    board_exported(request.user, one.board, f"{one.board} · {found.title}")
    return csv_file(rows_of(found), f"{found.title}.csv")


@require_GET
@needs("voices.export")
def board_xlsx(request: HttpRequest, board_id: int) -> HttpResponse:
    """All widgets of a board as a workbook."""
    one = board_seen(request.user, board_id)
    board_exported(request.user, one, one.name)
    return workbook_file(sheets_of(one.name, placed(one, request.user, days_asked(request))), f"{one.name}.xlsx")


@require_GET
@needs("voices.export")
def meeting(request: HttpRequest) -> HttpResponse:
    """The first page as slides to take to the meeting."""
    page = home_context(request)
    if page is None:
        raise Http404
    said = slides(page, request.user.has_perm("ownership.read"))
    home_exported(request.user, str(page["post"].label))
    return taken(said, PPTX, dated("meeting", "pptx"))


@require_POST
@needs("mission.pin")
def pin(request: HttpRequest) -> HttpResponse:
    """Make a problem the company's mission, or take it down."""
    pinned = request.POST.get("pinned") == "1"
    try:
        mission_pin(request.user, request.POST.get("problem", ""), pinned)
    except KeyError:
        raise Http404 from None
    return go_to(request, "home", toast=_("已定为公司使命，每个人的首页都看得到") if pinned else _("已取下"))


@require_GET
@needs("voices.read")
def voices(request: HttpRequest) -> HttpResponse:
    """The voices behind a mark, for the panel at the right."""
    asked = Asked.of(request)
    behind = overview(asked).behind
    context = {"voices": page_of(asked), "behind": behind, "chips": chips(asked), "query": asked.address()}
    return render_screen(request, "boards/voices.html", context)


@require_GET
@needs("voices.read")
def mine(request: HttpRequest) -> HttpResponse:
    """我的: the figures of one's own post and scope, and one's own boards."""
    from huiyin.server.foundation.people.scope import scope_filter
    from huiyin.server.prioritise.metrics.telling import filter_words

    found = home_context(request)
    more: dict[str, Any] = {"boards": listed_for(request.user).filter(owner=request.user), "scope": filter_words(scope_filter(request.user))}
    if found:
        more |= {"found": found, "tiles": found["tiles"], "pieces": [*found["rail"], *found["main"]], "period": period_words(found["where"])}
    return render_screen(request, "boards/mine.html", more)
