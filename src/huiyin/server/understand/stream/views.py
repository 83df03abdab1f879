"""Screens of streams."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.server.foundation.people.models import Team
from huiyin.server.foundation.people.roles import ASSIGNABLE, LABELS
from huiyin.server.understand.explorer.asked import Asked
from huiyin.server.understand.explorer.chips import chips
from huiyin.server.understand.explorer.models import SavedView
from huiyin.server.understand.stream.models import StreamRule
from huiyin.server.understand.stream.selectors import HEARD, PAGE, latest, newest_arrival, reach, rule_of, seen_until, unread_count
from huiyin.server.understand.stream.services import stream_map, stream_seen
from huiyin.server.web.fragments import go_to, number_asked, page_asked, render_screen
from huiyin.server.web.rights import needs


@require_GET
@needs("voices.read")
def stream(request: HttpRequest) -> HttpResponse:
    """The newest voices that touch one's own work, the last arrived first."""
    page = page_asked(request, 500)
    voices, total = latest(request.user, page)
    rule, seen = rule_of(request.user), seen_until(request.user)
    context: dict[str, Any] = {
        "voices": voices,
        "total": total,
        "unread": unread_count(request.user) if page == 1 else 0,
        "seen": seen,
        "arrived": newest_arrival(request.user) if page == 1 else None,
        "rule": rule,
        "before": page - 1,
        "after": page + 1 if page * PAGE < total else 0,
    }
    return render_screen(request, "stream/stream.html", context)


@require_POST
@needs("voices.read")
def seen(request: HttpRequest) -> HttpResponse:
    """The page was shown: its voices are read."""
    count, until = request.POST.get("voices", ""), parse_datetime(request.POST.get("until", "") or "")
    if until is not None and (timezone.is_naive(until) or until > timezone.now()):
        until = None
    stream_seen(request.user, min(number_asked(count), PAGE), until)
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@needs("stream.manage")
def mapping(request: HttpRequest) -> HttpResponse:
    """Which role and team hears what, and how many listen."""
    if request.method == "POST":
        team = Team.objects.filter(pk=request.POST.get("team") or 0).first()
        role = request.POST.get("role", "")
        if team is None and role not in ASSIGNABLE:
            return go_to(request, "stream:mapping", toast=_("没有这个角色或团队"))
        try:
            stream_map(request.user, request.POST.get("query", ""), role=role, team=team)
        except ValueError:
            return go_to(request, "stream:mapping", toast=_("这个筛选读不懂，从原声页复制地址试试"))
        return go_to(request, "stream:mapping", toast=_("改好了"))
    held = {(rule.team_id, rule.role): rule for rule in StreamRule.objects.all()}
    rows = [{"role": role, "name": LABELS[role], "rule": held.get((None, role))} for role in ASSIGNABLE]
    rows += [{"team": team.pk, "name": team.name, "rule": held.get((team.pk, ""))} for team in Team.objects.order_by("name")]
    for row in rows:
        row["chips"] = _chips(row["rule"], request.user)
    views = SavedView.objects.filter(shared=True)
    return render_screen(request, "stream/mapping.html", {"rows": rows, "views": views, "reach": reach(), "heard": HEARD})


def _chips(rule: StreamRule | None, user: Any) -> list[Any]:
    from django.http import QueryDict

    return chips(Asked.of_query(QueryDict(rule.query), user)) if rule else []
