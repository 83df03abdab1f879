"""Changing what a problem is and whether it waits: pin, snooze, rename, merge, split, define."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.insight.problems import RegisterError
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.prioritise.problems.deciding import Refused, problem_define, problem_pin, problem_snooze, problem_wake
from huiyin.server.prioritise.problems.errors import said
from huiyin.server.prioritise.problems.forms import DefineForm, MergeForm, RenameForm, SnoozeForm, SplitForm
from huiyin.server.prioritise.problems.register import name_of, register
from huiyin.server.prioritise.problems.services import problem_merge, problem_rename, problem_split, problem_unmerge
from huiyin.server.prioritise.problems.splitting import parts_of, ways_of
from huiyin.server.prioritise.problems.views.one import definition_of
from huiyin.server.web.fragments import first_error, go_to
from huiyin.server.web.rights import needs


@require_POST
@needs("problems.write")
def pin(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Put it on top, or no longer: pressing again takes it back."""
    one = definition_of(problem_id)
    pinned = request.POST.get("off") != "1"
    problem_pin(request.user, one.problem_id, pinned)
    return go_to(request, _back(request, one.problem_id), toast=_("已置顶") if pinned else _("已取消置顶"))


@require_POST
@needs("problems.write")
def snooze(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Let it wait until a day."""
    one = definition_of(problem_id)
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        return go_to(request, _back(request, one.problem_id), toast=first_error(form))
    until = form.cleaned_data["until"]
    try:
        problem_snooze(request.user, one.problem_id, until, form.cleaned_data["reason"])
    except Refused as error:
        return go_to(request, _back(request, one.problem_id), toast=said(error))
    return go_to(request, _back(request, one.problem_id), toast=_("到 %(day)s 前不看，之后自己回来") % {"day": until.isoformat()})


@require_POST
@needs("problems.write")
def wake(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Back into the list at once."""
    one = definition_of(problem_id)
    problem_wake(request.user, one.problem_id)
    return go_to(request, _back(request, one.problem_id), toast=_("已回到清单"))


@require_POST
@needs("problems.write")
def rename(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Another name."""
    one = definition_of(problem_id)
    form = RenameForm(request.POST)
    if not form.is_valid():
        return go_to(request, _page(one.problem_id), toast=first_error(form))
    problem_rename(request.user, one.problem_id, form.cleaned_data["name"])
    return go_to(request, _page(one.problem_id), toast=_("现在叫「%(name)s」") % {"name": name_of(register().problems[one.problem_id])})


@require_POST
@needs("problems.write")
def merge(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Let it go into another; its address leads there from now on."""
    one = definition_of(problem_id)
    form = MergeForm(request.POST)
    if not form.is_valid():
        return go_to(request, _page(one.problem_id), toast=_("选上并入哪个"))
    try:
        kept = problem_merge(request.user, one.problem_id, form.cleaned_data["into"])
    except RegisterError:
        return go_to(request, _page(one.problem_id), toast=_("这两个并不到一起：不是同一个范围，或其中一个已经不在"))
    return go_to(request, f"{_page(kept)}?merged={one.problem_id}", toast=_("已并入「%(name)s」") % {"name": name_of(register().problems[kept])})


@require_POST
@needs("problems.write")
def unmerge(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Take a merge back."""
    kept = definition_of(problem_id).problem_id
    try:
        problem_unmerge(request.user, problem_id)
    except RegisterError:
        return go_to(request, _page(kept), toast=_("分不回来了：并入超过三十天，或之后又拆过、并过、换过标签体系"))
    return go_to(request, _page(problem_id), toast=_("已恢复成两个问题"))


@require_GET
@needs("problems.write")
def ways(request: HttpRequest, problem_id: str) -> HttpResponse:
    """What it can be split by; counted when somebody wants to change the problem, not for every reader of its page."""
    one = definition_of(problem_id)
    return render(request, "problems/_ways.html", {"one": one, "ways": ways_of(one, scope_filter(request.user))})


@require_POST
@needs("problems.write")
def split(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Take a part out: some of its aspects, or what was said of some products, regions …"""
    one = definition_of(problem_id)
    form = SplitForm(request.POST)
    if not form.is_valid():
        return go_to(request, _page(one.problem_id), toast=first_error(form))
    by, values = form.cleaned_data["by"], form.values
    offered = {value for way in ways_of(one, scope_filter(request.user), (by,)) for value, _name, _count in way.values}
    parts = parts_of(one, by, values, form.cleaned_data["name"]) if set(values) <= offered else []
    if not parts:
        return go_to(request, _page(one.problem_id), toast=_("两边都要留下一些才分得开"))
    ids = problem_split(request.user, one.problem_id, parts)
    return go_to(request, _page(ids[1]), toast=_("已分出「%(name)s」") % {"name": form.cleaned_data["name"]})


@require_POST
@needs("problems.write")
def define(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Say what it is."""
    one = definition_of(problem_id)
    form = DefineForm(request.POST)
    if not form.is_valid():
        return go_to(request, _page(one.problem_id), toast=first_error(form))
    given = form.cleaned_data
    problem_define(request.user, one.problem_id, given["definition"], given["include"], given["exclude"])
    return go_to(request, _page(one.problem_id), toast=_("已保存"))


def _page(problem_id: str) -> str:
    return reverse("problems:problem", args=[problem_id])


def _back(request: HttpRequest, problem_id: str) -> str:
    """The list with its filter where the button stood there, else the problem's page."""
    query = request.POST.get("list")
    return reverse("problems:list") + ("?" + query.lstrip("?") if query.lstrip("?") else "") if query is not None else _page(problem_id)
