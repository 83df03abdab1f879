"""Teams: tree, make, change, remove."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.server.foundation.people.forms import TeamForm
from huiyin.server.foundation.people.models import Team
from huiyin.server.foundation.people.selectors import teams_as_tree
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.people.services.teams import team_change, team_make, team_remove
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs


@require_GET
@needs("people.read")
def teams(request: HttpRequest) -> HttpResponse:
    """The tree with its members."""
    rows = [{"depth": depth, "team": team} for depth, team in teams_as_tree()]
    return render_screen(request, "people/teams.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@needs("people.manage")
def team(request: HttpRequest, team_id: int | None = None) -> HttpResponse:
    """A new team, or one to change."""
    subject = get_object_or_404(Team, pk=team_id) if team_id else None
    first = {"name": subject.name, "parent": subject.parent_id, **subject.scope} if subject else None
    form = TeamForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actor: Any = request.user
        try:
            if subject:
                team_change(subject, actor=actor, name=given["name"], parent=given["parent"], scope=form.scope)
            else:
                team_make(actor=actor, name=given["name"], parent=given["parent"], scope=form.scope)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return go_to(request, "people:teams", toast=_("已保存「%(name)s」。") % {"name": given["name"]})
    return render_screen(request, "people/team.html", {"subject": subject, "form": form})


@require_POST
@needs("people.manage")
def remove(request: HttpRequest, team_id: int) -> HttpResponse:
    """Removes an empty team."""
    subject = get_object_or_404(Team, pk=team_id)
    actor: Any = request.user
    try:
        team_remove(subject, actor=actor)
    except Refused as refused:
        form = TeamForm(initial={"name": subject.name, "parent": subject.parent_id, **subject.scope})
        return render_screen(request, "people/team.html", {"subject": subject, "form": form, "refused": str(refused)}, status=409)
    return go_to(request, "people:teams", toast=_("删了团队「%(name)s」。") % {"name": subject.name})
