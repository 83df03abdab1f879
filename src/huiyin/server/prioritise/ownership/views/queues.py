"""What lies between the teams, a team's page, and every list as a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.people.models import Team
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.foundation.people.selectors import teams_as_tree
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.ownership import chain
from huiyin.server.prioritise.ownership.queues import MANY, between, bounced, pairs, ranked_problems, themes, watched
from huiyin.server.prioritise.ownership.rail import FOUR_WEEKS
from huiyin.server.prioritise.ownership.selectors import OwnershipMap, answer_days, arbiter_now
from huiyin.server.prioritise.ownership.services.claims import may_answer
from huiyin.server.prioritise.ownership.tables import map_rows, queue_rows, watched_rows
from huiyin.server.prioritise.ownership.teams import is_late, target_words, team_page
from huiyin.server.prioritise.problems.asked import usual
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.web.fragments import number_asked, render_screen
from huiyin.server.web.rights import needs
from huiyin.server.web.taking import Sheet, csv_file, dated, workbook_file

_KINDS = ("csv", "xlsx")


@require_GET
@needs("ownership.read")
def queue(request: HttpRequest) -> HttpResponse:
    """三不管."""
    within = scope_filter(request.user)
    lines = between(ranked_problems(within))
    counts = [(state, sum(one.owned.state == state for one in lines)) for state in (chain.UNOWNED, chain.DISPUTED, chain.AT_ARBITER)]
    state = request.GET.get("state", "")
    shown = [one for one in lines if one.owned.state == state] if state in dict(counts) else lines
    context = {"lines": shown, "total": len(lines), "counts": dict(counts), "state": state, "small": len(listing(usual(within)).value.too_small)}
    arbiter = arbiter_now()
    context |= {"arbiter": arbiter, "mine": arbiter is not None and arbiter.pk == request.user.pk}
    return render_screen(request, "ownership/queue.html", context)


@require_GET
@needs("ownership.read")
def seen(request: HttpRequest) -> HttpResponse:
    """旁观清单."""
    within = scope_filter(request.user)
    return render_screen(request, "ownership/seen.html", {"lines": watched(ranked_problems(within), within), "many": MANY})


@require_GET
@needs("ownership.read")
def handed(request: HttpRequest) -> HttpResponse:
    """Who hands what to whom."""
    problems = ranked_problems(scope_filter(request.user))
    lines = bounced(problems)
    context = {"lines": lines, "pairs": pairs(problems), "themes": themes(problems), "days": sum(one.owned.days_lost for one in lines)}
    return render_screen(request, "ownership/handed.html", context)


@require_GET
@needs("ownership.read")
def mine(request: HttpRequest) -> HttpResponse:
    """我的小组; without one, the first team there is to choose from."""
    team = getattr(request.user, "team", None)
    return _team(request, team) if team else render_screen(request, "ownership/team.html", {"page": None, "teams": teams_as_tree()})


@require_GET
@needs("ownership.read")
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Any team's page."""
    return _team(request, get_object_or_404(Team, pk=team_id))


@require_GET
@needs("ownership.read")
def export(request: HttpRequest, name: str, kind: str) -> Any:
    """A list as a file; taking it is recorded."""
    rows = _rows(request, name)
    if kind not in _KINDS or rows is None:
        raise Http404
    with state_write():
        record("ownership.exported", name, actor=request.user, object_type="ownership", object_name=f"{name}.{kind}")
    table, named = list(rows), dated(name, kind)
    return csv_file(table, named) if kind == "csv" else workbook_file([Sheet(table)], named)


def _rows(request: HttpRequest, name: str) -> Iterable[Sequence[Any]] | None:
    if name == "map":
        return map_rows(OwnershipMap())
    within = scope_filter(request.user)
    if name == "queue":
        return queue_rows(between(ranked_problems(within)))
    if name == "seen":
        return watched_rows(watched(ranked_problems(within), within))
    if name == "handed":
        return queue_rows(bounced(ranked_problems(within)))
    if name == "team":
        asked = Team.objects.filter(pk=number_asked(request.GET.get("team", ""))).first()
        page = team_page(asked or request.user.team, ranked_problems(within)) if asked or request.user.team else None
        return queue_rows([*page.waiting, *page.overdue, *page.accepted] if page else [])
    return None


def _team(request: HttpRequest, team: Team) -> HttpResponse:
    page = team_page(team, ranked_problems(scope_filter(request.user)))
    limit = answer_days()
    context = {
        "page": page,
        "teams": teams_as_tree(),
        "waiting": [(one, is_late(one.owned, limit), target_words(one.row), may_answer(request.user, one.owned.team)) for one in page.waiting],
        "lists": [("overdue", page.overdue), ("accepted", page.accepted), ("handed", page.handed_on), ("back", page.came_back)],
        "due": timezone.localdate() + FOUR_WEEKS,
    }
    return render_screen(request, "ownership/team.html", context)
