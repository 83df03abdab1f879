"""What colleagues say of a problem, what they put beside it, and who follows it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.server.prioritise.problems.deciding import Refused, link_add, link_remove, problem_comment, problem_follow
from huiyin.server.prioritise.problems.errors import said
from huiyin.server.prioritise.problems.forms import CommentForm, LinkForm
from huiyin.server.prioritise.problems.views.one import definition_of
from huiyin.server.web.fragments import go_to
from huiyin.server.web.rights import needs


@require_POST
@needs("problems.talk")
def comment(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Say something; whoever may read the list may."""
    one = definition_of(problem_id)
    form = CommentForm(request.POST)
    where = reverse("problems:problem", args=[one.problem_id]) + "#comments"
    if not form.is_valid():
        return go_to(request, where, toast=_("写点什么再发"))
    problem_comment(request.user, one.problem_id, form.cleaned_data["text"])
    return go_to(request, where, toast=_("已发出"))


@require_POST
@needs("problems.talk")
def follow(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Hear of it, or no longer."""
    one = definition_of(problem_id)
    follows = request.POST.get("off") != "1"
    problem_follow(request.user, one.problem_id, follows)
    return go_to(request, "problems:problem", one.problem_id, toast=_("已关注") if follows else _("不再关注"))


@require_POST
@needs("problems.write")
def add_link(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Put an address beside it."""
    one = definition_of(problem_id)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return go_to(request, "problems:problem", one.problem_id, toast=_("写上标题和网址"))
    try:
        link_add(request.user, one.problem_id, form.cleaned_data["title"], form.cleaned_data["url"])
    except Refused as error:
        return go_to(request, "problems:problem", one.problem_id, toast=said(error))
    return go_to(request, "problems:problem", one.problem_id, toast=_("已加上链接"))


@require_POST
@needs("problems.write")
def remove_link(request: HttpRequest, problem_id: str, number: int) -> HttpResponse:
    """Take an address away."""
    one = definition_of(problem_id)
    link_remove(request.user, one.problem_id, number)
    return go_to(request, "problems:problem", one.problem_id, toast=_("已去掉链接"))
