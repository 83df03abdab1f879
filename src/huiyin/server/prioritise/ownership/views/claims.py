"""The rail of a problem, and what is done from it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.server.foundation.people.models import Team, User
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.prioritise.ownership.rail import rail_context
from huiyin.server.prioritise.ownership.services.claims import claim_accept, claim_assign, claim_decide, claim_reject
from huiyin.server.web.fragments import go_to, number_asked, render_screen, with_toast
from huiyin.server.web.rights import needs


@require_GET
@needs("ownership.read")
def problem(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Whose a problem is: a page of its own, or the rail of the problem's page."""
    return _screen(request, problem_id)


@require_POST
@needs("ownership.manage")
def assign(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Give it to a team."""
    team = _team(request)
    if team is None:
        return _screen(request, problem_id, _("选一个小组。"))
    return _done(request, problem_id, _("已指派给「%(team)s」") % {"team": team}, claim_assign, team, request.POST.get("words", ""))


@require_POST
@needs("ownership.answer")
def accept(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Take it on."""
    person = User.objects.filter(pk=number_asked(request.POST.get("person", ""))).first()
    try:
        due = date.fromisoformat(request.POST.get("due", ""))
    except ValueError:
        due = None
    return _done(request, problem_id, _("已认领"), claim_accept, request.POST.get("target", ""), due, person)


@require_POST
@needs("ownership.answer")
def reject(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Say that it is another team's."""
    told = (request.POST.get("reason", ""), request.POST.get("words", ""), _team(request))
    return _done(request, problem_id, _("已转出"), claim_reject, *told)


@require_POST
@needs("ownership.manage")
def decide(request: HttpRequest, problem_id: str) -> HttpResponse:
    """The arbiter's word."""
    team = _team(request)
    if team is None:
        return _screen(request, problem_id, _("选一个小组。"))
    return _done(request, problem_id, _("已裁定"), claim_decide, team, request.POST.get("words", ""))


def _done(request: HttpRequest, problem_id: str, toast: str, service: Any, *told: Any) -> HttpResponse:
    try:
        service(request.user, problem_id, *told)
    except Refused as refused:
        return _screen(request, problem_id, str(refused))
    if getattr(request, "htmx", False):
        return with_toast(_screen(request, problem_id), toast)
    if request.POST.get("back") == "team":
        return go_to(request, "ownership:mine", toast=toast)
    return go_to(request, "ownership:problem", problem_id, toast=toast)


def _screen(request: HttpRequest, problem_id: str, refused: str = "") -> HttpResponse:
    try:
        context = rail_context(request, problem_id, refused)
    except KeyError:
        raise Http404 from None
    return render_screen(request, "ownership/rail.html", context, 422 if refused else 200)


def _team(request: HttpRequest) -> Team | None:
    return Team.objects.filter(pk=number_asked(request.POST.get("team", ""))).first()
