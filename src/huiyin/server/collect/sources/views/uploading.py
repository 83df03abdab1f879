"""Handing in files: choose, look at the columns, watch."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huiyin.files import FilesError
from huiyin.server.collect.sources.forms import ROLE_NAMES, ColumnsForm, UploadForm
from huiyin.server.collect.sources.models import SourceRun
from huiyin.server.collect.sources.selectors import upload_sources
from huiyin.server.collect.sources.services import source_make
from huiyin.server.collect.sources.upload.services import Guess, keep_file, look_at, upload_prepare, upload_start
from huiyin.server.collect.sources.views.words import in_words
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs


@require_http_methods(["GET", "POST"])
@needs("sources.manage")
def upload(request: HttpRequest) -> HttpResponse:
    """Step one: the files."""
    form = UploadForm(upload_sources(), request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        names = [keep_file(one) for one in given["files"]]
        try:
            look_at(names, {})
        except FilesError as refused:
            form.add_error("files", f"{in_words(refused)} {_hint(refused)}".strip())
        else:
            name = given["name"] or PurePath(given["files"][0].name).stem
            source = given["source"] or source_make("upload", name, actor=request.user)
            draft = upload_prepare(source, names, actor=request.user)
            return go_to(request, "sources:columns", draft.pk)
    return render_screen(request, "sources/upload.html", {"form": form})


def _hint(refused: FilesError) -> str:
    class Hint:
        message_zh, message_en = refused.hint_zh, refused.hint_en

    return in_words(Hint())


@require_http_methods(["GET", "POST"])
@needs("sources.manage")
def columns(request: HttpRequest, number: int) -> HttpResponse:
    """Step two: which column is what."""
    draft = get_object_or_404(SourceRun.objects.select_related("source"), pk=number)
    if not draft.options.get("draft"):
        return go_to(request, "sources:run", draft.pk)
    try:
        guess = look_at(draft.options["files"], {})
    except FilesError as refused:
        return render_screen(request, "sources/columns.html", {"source": draft.source, "refused": in_words(refused)})
    first = guess.sources[0]
    guessed = {role: column.name for role, column in first.mapping.items()}
    form = ColumnsForm(first.columns, guessed, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            look_at(draft.options["files"], form.read)
        except FilesError as refused:
            form.add_error(None, in_words(refused))
        else:
            run = upload_start(draft, form.read, actor=request.user)
            return go_to(request, "sources:run", run.pk)
    context = {"source": draft.source, "draft": draft, "form": form, "file": first, "guess": guess, "columns": _told(guess, guessed)}
    return render_screen(request, "sources/columns.html", context)


def _told(guess: Guess, guessed: dict[str, str]) -> list[dict[str, Any]]:
    """Each column with its first values, and what it was taken for."""
    roles = {name: role for role, name in guessed.items()}
    first = guess.sources[0]
    free = _("自由属性")
    return [
        {
            "name": one,
            "samples": first.samples.get(one, []),
            "role": ROLE_NAMES.get(roles[one], roles[one]) if one in roles else free,
            "known": one in roles,
        }
        for one in first.columns
    ]
