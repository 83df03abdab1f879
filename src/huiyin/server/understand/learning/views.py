"""Screens of learning."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.learning import renewal, selectors
from huiyin.server.understand.learning.models import Candidate
from huiyin.server.understand.learning.services import (
    LearningRefused,
    candidate_decline,
    history_reread,
    model_use,
    training_start,
)
from huiyin.server.web.fragments import go_to, number_asked, render_screen
from huiyin.server.web.rights import needs


@require_GET
@needs("voices.correct")
def learning(request: HttpRequest) -> HttpResponse:
    """What can be learnt from, what is in use, what waits for a decision."""
    context = _context(request)
    response = render_screen(request, "learning/learning.html", context)
    if getattr(request, "htmx", False) and not context["watch"]:
        # What was watched is over: the buttons outside the part that is watched change too.
        response.headers["HX-Refresh"] = "true"
    return response


def _context(request: HttpRequest) -> dict[str, Any]:
    candidate, rereading = selectors.waiting(), selectors.rereading()
    here: dict[str, Any] = {
        "material": selectors.material(),
        "candidate": candidate,
        "in_use": selectors.in_use(),
        "former": selectors.former(),
        "rereading": rereading,
        "rereading_now": rereading is not None and rereading.state in selectors.UNDERWAY,
        "may": request.user.has_perm("models.manage"),
    }
    if candidate is not None:
        here["rows"] = selectors.compared(candidate)
        here["job"] = selectors.training_job(candidate) if candidate.state == Candidate.State.TRAINING else None
        here["share"] = selectors.changed_share(candidate.preview)
        here["examples"] = selectors.examples_of(candidate.preview, scope_filter(request.user)) if candidate.state == Candidate.State.READY else []
        here["counts"] = candidate.preview.get("opinions", {})
    here |= _renewal(request)
    here["watch"] = here["rereading_now"] or here.get("trying") or (candidate is not None and candidate.state == Candidate.State.TRAINING)
    return here


def _renewal(request: HttpRequest) -> dict[str, Any]:
    """History that an older engine read, and what was found when some of it was tried."""
    count = renewal.behind()
    if not count:
        return {}
    tried = renewal.latest_preview()
    found = tried.result if tried is not None and tried.state == Job.State.DONE else {}
    return {
        "older": count,
        "trying": tried is not None and tried.state in selectors.UNDERWAY,
        "tried": found,
        "tried_share": selectors.changed_share(found),
        "tried_examples": selectors.examples_of(found, scope_filter(request.user)),
    }


@require_POST
@needs("models.manage")
def try_engine(request: HttpRequest) -> HttpResponse:
    """See what the engine of now would read otherwise."""
    renewal.preview_start(request.user)
    return go_to(request, "learning:learning", toast=_("正在试读一部分，稍等"))


@require_POST
@needs("models.manage")
def start(request: HttpRequest) -> HttpResponse:
    """Train with the corrections there are."""
    candidate = training_start(request.user)
    trained = candidate.state != Candidate.State.TRAINING
    return go_to(request, "learning:learning", toast=_("自上次训练以来没有新的改正") if trained else _("开始训练，几十秒到几分钟"))


@require_POST
@needs("models.manage")
def accept(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """Take the candidate into use."""
    return _use(request, get_object_or_404(Candidate, pk=candidate_id))


@require_POST
@needs("models.manage")
def decline(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """Leave everything as it is."""
    try:
        candidate_decline(request.user, get_object_or_404(Candidate, pk=candidate_id))
    except LearningRefused:
        return go_to(request, "learning:learning", toast=_("这个模型已经有人定过了"))
    return go_to(request, "learning:learning", toast=_("不用这个模型，一切照旧"))


@require_POST
@needs("models.manage")
def back(request: HttpRequest) -> HttpResponse:
    """Back to a model that was in use before, or to the shipped one."""
    given = request.POST.get("candidate", "")
    return _use(request, get_object_or_404(Candidate, pk=number_asked(given)) if given.isdecimal() else None)


def _use(request: HttpRequest, candidate: Candidate | None) -> HttpResponse:
    try:
        model_use(request.user, candidate)
    except LearningRefused:
        return go_to(request, "learning:learning", toast=_("这个模型已经不能用了"))
    return go_to(request, "learning:learning", toast=_("已换上，新来的声音用它读；历史要不要重读由你定"))


@require_POST
@needs("models.manage")
def reread_history(request: HttpRequest) -> HttpResponse:
    """Read all voices again with the model in use."""
    running = selectors.rereading()
    if running is not None and running.state in selectors.UNDERWAY:
        return go_to(request, "learning:learning", toast=_("正在重读"))
    history_reread(request.user)
    return go_to(request, "learning:learning", toast=_("开始重读历史，人的改正都会保留"))
