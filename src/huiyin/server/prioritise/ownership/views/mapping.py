"""The map: seen, changed in place, out as a file and in again."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.server.foundation.people.models import Team, User
from huiyin.server.foundation.people.rights import RIGHTS
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.foundation.people.selectors import teams_as_tree
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.prioritise.ownership.mapping import MapLine, map_lines
from huiyin.server.prioritise.ownership.models import Responsibility
from huiyin.server.prioritise.ownership.selectors import OwnershipMap, answer_days, arbiter_now
from huiyin.server.prioritise.ownership.services.mapping import (
    Wanted,
    arbitration_set,
    responsibilities_import,
    responsibility_remove,
    responsibility_set,
)
from huiyin.server.prioritise.ownership.tables import FileWrong, lines_of_file
from huiyin.server.prioritise.ownership.volume import known_values, owned_share
from huiyin.server.web.fragments import go_to, number_asked, render_screen
from huiyin.server.web.rights import needs

_LARGEST = 5 * 1024 * 1024


@require_GET
@needs("ownership.read")
def tree(request: HttpRequest) -> HttpResponse:
    """The whole map."""
    return _map(request, request.GET.get("node", ""))


@require_GET
@needs("ownership.read")
def node(request: HttpRequest, node_id: str) -> HttpResponse:
    """One node: who answers for it."""
    return render_screen(request, "ownership/node.html", _node(request, node_id))


@require_POST
@needs("ownership.manage")
def line(request: HttpRequest, node_id: str) -> HttpResponse:
    """Set a line of the map at a node."""
    refused = _set(request, node_id)
    if refused:
        return render_screen(request, "ownership/node.html", _node(request, node_id, refused), 422)
    return go_to(request, f"{_address()}?node={node_id}#row-{node_id}", toast=_("已保存"))


@require_POST
@needs("ownership.manage")
def remove(request: HttpRequest, line_id: int) -> HttpResponse:
    """Take a line away."""
    found = get_object_or_404(Responsibility, pk=line_id)
    try:
        responsibility_remove(request.user, found)
    except Refused as refused:
        return go_to(request, "ownership:map", toast=str(refused))
    return go_to(request, f"{_address()}?node={found.node}", toast=_("已去掉"))


@require_http_methods(["GET", "POST"])
@needs("ownership.manage")
def settings(request: HttpRequest) -> HttpResponse:
    """Files, the arbiter, the days an answer may take."""
    wrong: list[str] = []
    if request.method == "POST" and "days" in request.POST:
        arbiter = User.objects.filter(pk=number_asked(request.POST.get("arbiter", ""))).first()
        try:
            arbitration_set(request.user, arbiter, number_asked(request.POST["days"]))
            return go_to(request, "ownership:settings", toast=_("已保存"))
        except Refused as refused:
            wrong = [str(refused)]
    elif request.method == "POST":
        given = request.FILES.get("file")
        try:
            if given is None or (given.size or 0) > _LARGEST:
                raise FileWrong([_("选一个不超过 %(most)s MB 的文件。") % {"most": _LARGEST // 1024 // 1024}])
            lines = lines_of_file(given.name or "", given.read(), OwnershipMap())
            count = responsibilities_import(request.user, lines, replace="replace" in request.POST)
            return go_to(request, "ownership:map", toast=_("已读入 %(count)s 行") % {"count": count})
        except FileWrong as refused:
            wrong = refused.troubles
        except Refused as refused:
            wrong = [str(refused)]
    judges = User.objects.filter(is_active=True, grants__role__in=RIGHTS["ownership.manage"]).distinct()
    context = {"wrong": wrong, "arbiter": arbiter_now(), "judges": judges, "days": answer_days()}
    return render_screen(request, "ownership/settings.html", context, 422 if wrong else 200)


def _map(request: HttpRequest, chosen: str) -> HttpResponse:
    within, known = scope_filter(request.user), OwnershipMap()
    lines = map_lines(known, within)
    share = owned_share(within, known)
    gaps = [one for one in lines if one.leaf and one.gaps]
    context: dict[str, Any] = {
        "lines": lines,
        "share": share,
        "gaps": gaps,
        "lost": known.lost,
        "chosen": chosen,
        "leaves": sum(one.leaf for one in lines),
    }
    if request.GET.get("only") == "gaps":
        context["lines"] = [one for one in lines if one.gaps]
        context["only_gaps"] = True
    if any(one.node.id == chosen for one in lines):
        context |= _node(request, chosen, lines=lines)
    return render_screen(request, "ownership/map.html", context)


def _node(request: HttpRequest, node_id: str, refused: str = "", lines: list[MapLine] | None = None) -> dict[str, Any]:
    within = scope_filter(request.user)
    shown = next((one for one in lines or map_lines(OwnershipMap(), within) if one.node.id == node_id), None)
    if shown is None:
        raise Http404
    manages = request.user.has_perm("ownership.manage")
    return {
        "line": shown,
        "refused": refused,
        "manages": manages,
        "teams": teams_as_tree() if manages else [],
        "people": User.objects.filter(is_active=True).order_by("display_name", "id") if manages else [],
        "products": known_values("product", within) if manages else [],
        "regions": known_values("region", within) if manages else [],
    }


def _set(request: HttpRequest, node_id: str) -> str:
    """Set what was posted; gives what was wrong with it."""
    said = request.POST
    team = Team.objects.filter(pk=number_asked(said.get("team", ""))).first()
    if team is None:
        return _("选一个小组。")
    deputy = Team.objects.filter(pk=number_asked(said.get("deputy", ""))).first()
    person = User.objects.filter(pk=number_asked(said.get("person", "")), is_active=True).first()
    try:
        responsibility_set(request.user, Wanted(node_id, team, said.get("product", ""), said.get("region", ""), deputy, person))
    except Refused as refused:
        return str(refused)
    return ""


def _address() -> str:
    return reverse("ownership:map")
