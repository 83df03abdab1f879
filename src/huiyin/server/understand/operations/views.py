"""Screens of operations."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.files import FilesError
from huiyin.insight.aftermath import LANDMARK
from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.views.words import in_words
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.operations import services
from huiyin.server.understand.operations.forms import ROLE_NAMES, ColumnsForm, FeedForm, FileForm
from huiyin.server.understand.operations.models import Feed, FeedRun
from huiyin.server.understand.operations.selectors import count_of, feeds_with_latest, kinds_of, who_left
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs


@require_GET
@needs("operations.read")
def operations(request: HttpRequest) -> HttpResponse:
    """What happened, how much of it meets voices, and who left after complaining."""
    within = scope_filter(request.user)
    context = {"kinds": kinds_of(within), "left": who_left(within), "landmark": LANDMARK, "feeds": feeds_with_latest()}
    return render_screen(request, "operations/operations.html", context)


@require_http_methods(["GET", "POST"])
@needs("operations.manage")
def make(request: HttpRequest, way: str) -> HttpResponse:
    """A new feed."""
    if way not in Feed.Way.values:
        raise Http404
    return _set_up(request, way, None)


@require_http_methods(["GET", "POST"])
@needs("operations.manage")
def change(request: HttpRequest, number: int) -> HttpResponse:
    """The set-up of a feed."""
    feed = get_object_or_404(Feed, pk=number)
    return _set_up(request, feed.way, feed)


def _set_up(request: HttpRequest, way: str, feed: Feed | None) -> HttpResponse:
    form = FeedForm(way, request.POST or None, feed=feed)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            saved = services.feed_save(feed, way, given["name"], given["kind"], actor=request.user, query=form.query, cron=given.get("cron", ""))
        except SourceRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, in_words(refused))
        else:
            return go_to(request, "operations:feed", saved.pk, toast=_("已保存"))
    status = 422 if request.method == "POST" else 200
    return render_screen(request, "operations/make.html", {"form": form, "way": way, "way_name": Feed.Way(way).label, "feed": feed}, status)


@require_GET
@needs("operations.manage")
def feed(request: HttpRequest, number: int) -> HttpResponse:
    """One feed: its runs, and what to do next."""
    found = get_object_or_404(Feed, pk=number)
    context = {"feed": found, "runs": list(found.runs.select_related("started_by")[:20]), "count": count_of(found.key), "form": FileForm()}
    return render_screen(request, "operations/feed.html", context)


@require_POST
@needs("operations.manage")
def upload(request: HttpRequest, number: int) -> HttpResponse:
    """Keep a file and go to its columns."""
    found = get_object_or_404(Feed, pk=number, way=Feed.Way.FILE)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return go_to(request, "operations:run", services.draft_make(found, form.cleaned_data["file"], actor=request.user).pk)
        except FilesError as refused:
            form.add_error("file", in_words(refused))
    context = {"feed": found, "runs": list(found.runs.all()[:20]), "count": count_of(found.key), "form": form}
    return render_screen(request, "operations/feed.html", context, 422)


@require_POST
@needs("operations.manage")
def fetch(request: HttpRequest, number: int) -> HttpResponse:
    """Ask a feed's database now."""
    found = get_object_or_404(Feed, pk=number, way=Feed.Way.SQL)
    return go_to(request, "operations:run", services.run_start(found, actor=request.user).pk)


@require_http_methods(["GET", "POST"])
@needs("operations.manage")
def run(request: HttpRequest, number: int) -> HttpResponse:
    """A draft's columns, or how a run goes and what it could not use."""
    found = get_object_or_404(FeedRun.objects.select_related("feed", "job"), pk=number)
    context = {"run": found, "feed": found.feed}
    if found.state == FeedRun.State.DRAFT:
        form = ColumnsForm(found.options["columns"], found.options["mapping"], request.POST or None)
        if request.method == "POST" and form.is_valid():
            services.run_start(found.feed, found, form.mapping, actor=request.user)
            return go_to(request, "operations:run", found.pk)
        roles = {name: ROLE_NAMES[role] for role, name in found.options["mapping"].items()}
        context["columns"] = [(name, roles.get(name, ""), found.options["samples"].get(name, [])) for name in found.options["columns"]]
        context["form"] = form
        return render_screen(request, "operations/columns.html", context)
    context["page"] = Paginator(found.rejects.all(), 50).get_page(request.GET.get("page"))
    return render_screen(request, "operations/run.html", context)


@require_POST
@needs("operations.manage")
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Forget a feed and all it brought."""
    found = get_object_or_404(Feed, pk=number)
    gone = services.feed_drop(found, actor=request.user)
    return go_to(request, "operations:operations", toast=_("删掉了 %(count)s 条") % {"count": gone})
