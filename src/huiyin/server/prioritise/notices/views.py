"""The page of notices, and the bell in the top bar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.server.prioritise.notices.bell import unread
from huiyin.server.prioritise.notices.models import Kind
from huiyin.server.prioritise.notices.selectors import notices_of, wanted_by
from huiyin.server.prioritise.notices.services import notices_choose, notices_see
from huiyin.server.web.fragments import go_to, number_asked, page_asked, render_screen
from huiyin.server.web.rights import needs

_PAGE = 50


@require_GET
@needs("problems.read")
def notices(request: HttpRequest) -> HttpResponse:
    """What happened to the problems she follows, newest first."""
    unread_only = request.GET.get("unread") == "1"
    rows, page = notices_of(request.user, unread_only), page_asked(request, 10_000)
    found = list(rows[(page - 1) * _PAGE : page * _PAGE + 1])
    wanted = wanted_by(request.user)
    context = {
        "rows": found[:_PAGE],
        "page": page,
        "more": len(found) > _PAGE,
        "unread_only": unread_only,
        "unread": unread(request.user),
        "kinds": [(value, label, value in wanted) for value, label in Kind.choices if value != Kind.NAMED],
    }
    return render_screen(request, "notices/notices.html", context)


@require_GET
@needs("problems.read")
def bell(request: HttpRequest) -> HttpResponse:
    """How many are unread."""
    return render(request, "notices/_bell.html", {"unread": unread(request.user)})


@require_GET
@needs("problems.read")
def follow(request: HttpRequest, number: int) -> HttpResponse:
    """To where it happened; it is seen from now on. Somebody else's leads to her own list."""
    found = notices_of(request.user).filter(pk=number).first()
    if found is None:
        return redirect("notices:list")
    notices_see(request.user, number)
    return redirect(found.url)


@require_POST
@needs("problems.read")
def see(request: HttpRequest) -> HttpResponse:
    """Mark one as read, or all."""
    asked = request.POST.get("notice")
    notices_see(request.user, None if asked is None else number_asked(asked))
    return go_to(request, "notices:list", toast="" if asked else _("全部标为已读"))


@require_POST
@needs("problems.read")
def choose(request: HttpRequest) -> HttpResponse:
    """Say which kinds she wants."""
    notices_choose(request.user, request.POST.getlist("kind"))
    return go_to(request, "notices:list", toast=_("已保存"))
