"""Handing in transcripts and recordings: choose, look at the first calls, take in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from huiyin.server.collect.sources.forms import CallsForm
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.transcripts.adapter import look_at_calls
from huiyin.server.collect.sources.upload.adapter import folder_of_uploads
from huiyin.server.collect.sources.upload.services import keep_file, upload_prepare, upload_start
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs


@require_http_methods(["GET", "POST"])
@needs("sources.manage")
def upload(request: HttpRequest, number: int) -> HttpResponse:
    """Step one: the files."""
    source = get_object_or_404(Source, pk=number, kind="transcripts")
    form = CallsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        names = [keep_file(one) for one in form.cleaned_data["files"]]
        draft = upload_prepare(source, names, actor=request.user)
        return go_to(request, "sources:calls_look", draft.pk)
    return render_screen(request, "sources/calls.html", {"source": source, "form": form})


@require_http_methods(["GET", "POST"])
@needs("sources.manage")
def look(request: HttpRequest, number: int) -> HttpResponse:
    """Step two: who was taken for the customer, what would not be taken."""
    draft = get_object_or_404(SourceRun.objects.select_related("source"), pk=number, source__kind="transcripts")
    if not draft.options.get("draft"):
        return go_to(request, "sources:run", draft.pk)
    files = draft.options["files"]
    if not all((folder_of_uploads() / one).is_file() for one in files):
        return go_to(request, "sources:calls", draft.source.pk)
    if request.method == "POST":
        return go_to(request, "sources:run", upload_start(draft, {}, actor=request.user).pk)
    return render_screen(request, "sources/calls_look.html", {"source": draft.source, "look": look_at_calls(draft.source, files)})
