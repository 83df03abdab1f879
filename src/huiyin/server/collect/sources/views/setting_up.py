"""Adding a source, changing, testing, previewing, switching it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.files import FilesError
from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.adapters import adapter_of, adapters
from huiyin.server.collect.sources.files import preview_shown
from huiyin.server.collect.sources.forms import SourceForm
from huiyin.server.collect.sources.models import Source
from huiyin.server.collect.sources.services import new_secret, source_change, source_make
from huiyin.server.collect.sources.views.words import in_words
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs


@require_GET
@needs("sources.manage")
def add(request: HttpRequest) -> HttpResponse:
    """The kinds there are."""
    return render_screen(request, "sources/add.html", {"kinds": list(adapters().values())})


@require_http_methods(["GET", "POST"])
@needs("sources.manage")
def make(request: HttpRequest, kind: str) -> HttpResponse:
    """A new source of a kind."""
    adapter = adapters().get(kind)
    if adapter is None:
        raise Http404
    form = SourceForm(adapter, request.POST or None, initial={"name": adapter.name, "set_secret": new_secret() if kind == "webhook" else ""})
    if request.method == "POST" and form.is_valid():
        try:
            source = source_make(kind, values=form.values, actor=request.user, **form.habits)
        except SourceRefused as refused:
            _blame(form, refused)
        else:
            return go_to(request, "sources:source", source.pk, toast=_("已添加"))
    return render_screen(request, "sources/make.html", {"form": form, "adapter": adapter})


@require_http_methods(["GET", "POST"])
@needs("sources.manage")
def change(request: HttpRequest, number: int) -> HttpResponse:
    """The set-up of a source. Secrets show as dots and stay unless written over."""
    source = get_object_or_404(Source, pk=number)
    adapter = adapter_of(source.kind)
    form = SourceForm(adapter, request.POST or None, source=source)
    if request.method == "POST" and form.is_valid():
        try:
            source_change(source, actor=request.user, values=form.values, **form.habits)
        except SourceRefused as refused:
            _blame(form, refused)
        else:
            return go_to(request, "sources:source", source.pk, toast=_("已保存"))
    return render_screen(request, "sources/make.html", {"form": form, "adapter": adapter, "source": source})


def _blame(form: SourceForm, refused: SourceRefused) -> None:
    name = next((one for one in (refused.field, f"set_{refused.field}") if one in form.fields), None)
    form.add_error(name, in_words(refused))


@require_POST
@needs("sources.manage")
def test(request: HttpRequest, number: int) -> HttpResponse:
    """Try the set-up; the answer stands beside the button."""
    return _tried(request, number, lambda source: {"trial": in_words(adapter_of(source.kind).test(source))})


@require_POST
@needs("sources.manage")
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """The first records as they would be taken in."""
    return _tried(request, number, lambda source: {"records": [preview_shown(one) for one in adapter_of(source.kind).preview(source)]})


def _tried(request: HttpRequest, number: int, look: Callable[[Source], dict[str, Any]]) -> HttpResponse:
    """What a look through a source finds, or why there is nothing to find."""
    source = get_object_or_404(Source, pk=number)
    try:
        found = look(source)
    except (SourceRefused, FilesError) as refused:
        found = {"refused": in_words(refused)}
    return render_screen(request, "sources/trial.html", {"source": source} | found)


@require_POST
@needs("sources.manage")
def switch(request: HttpRequest, number: int) -> HttpResponse:
    """On or off."""
    source = get_object_or_404(Source, pk=number)
    source_change(source, actor=request.user, enabled=request.POST.get("enabled") == "1")
    return go_to(request, "sources:source", source.pk, toast=_("已启用") if source.enabled else _("已停用"))
