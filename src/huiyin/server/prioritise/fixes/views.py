"""Screens of fixes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.prioritise.fixes.models import Fix
from huiyin.server.prioritise.fixes.selectors import fixes_of, judged
from huiyin.server.prioritise.fixes.services import FixRefused, fix_make, fix_remove
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs


def section(request: HttpRequest, problem_id: str) -> dict[str, Any]:
    """What `fixes/_section.html` shows on a problem's page."""
    return {
        "fixes": fixes_of(problem_id, scope_filter(request.user)),
        "problem_id": problem_id,
        "writes": request.user.has_perm("problems.write"),
    }


@require_GET
@needs("problems.read")
def fixes(request: HttpRequest) -> HttpResponse:
    """All fixes and their verdicts."""
    return render_screen(request, "fixes/fixes.html", {"rows": judged(scope_filter(request.user))})


@require_POST
@needs("problems.write")
def make(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Put a fix on record."""
    back = reverse("problems:problem", args=[problem_id]) + "#fixes"
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        return go_to(request, back, toast=_("写上日期"))
    try:
        fix_make(request.user, problem_id, request.POST.get("name", ""), day, request.POST.get("query", ""), request.POST.get("note", ""))
    except FixRefused as error:
        return go_to(request, back, toast=str(error))
    except KeyError:
        raise Http404 from None
    return go_to(request, back, toast=_("已登记，满三周给出判定"))


@require_POST
@needs("problems.write")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take a fix off the record."""
    fix = get_object_or_404(Fix, pk=number)
    fix_remove(request.user, fix)
    return go_to(request, reverse("problems:problem", args=[fix.problem_id]) + "#fixes", toast=_("已去掉"))
