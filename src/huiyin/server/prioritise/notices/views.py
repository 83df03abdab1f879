"""The page of notices. Everything on it is the reader's own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.server.prioritise.notices.selectors import KINDS, notices_of, settings_of
from huiyin.server.prioritise.notices.services import notices_choose, notices_read
from huiyin.server.prioritise.problems.notes import mentions_of
from huiyin.server.web.fragments import go_to, number_asked, render_screen
from huiyin.server.web.rights import needs


@require_GET
@needs("problems.read")
def notices(request: HttpRequest) -> HttpResponse:
    """What the reader is told."""
    rows, silent = notices_of(request.user), settings_of(request.user).silent
    context = {
        "rows": rows,
        "mentions": mentions_of(request.user),
        "newest": rows[0].entry.pk if rows and rows[0].unread else 0,
        "kinds": [(key, label, key not in silent) for key, (label, _verbs) in KINDS.items()],
    }
    return render_screen(request, "notices/notices.html", context)


@require_POST
@needs("problems.read")
def read(request: HttpRequest) -> HttpResponse:
    """All that stood on the page has been read; what came since has not."""
    notices_read(request.user, number_asked(request.POST.get("to", "")))
    return go_to(request, "notices:notices", toast=_("已全部标为已读"))


@require_POST
@needs("problems.read")
def choose(request: HttpRequest) -> HttpResponse:
    """Which kinds the reader hears of."""
    notices_choose(request.user, request.POST.getlist("kind"))
    return go_to(request, "notices:notices", toast=_("已保存"))
