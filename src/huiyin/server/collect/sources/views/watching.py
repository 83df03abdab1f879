"""The ingest monitor, one source, its runs and what could not be used."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from huiyin.server.collect.feedback.selectors import rejected_rows, waiting_count
from huiyin.server.collect.sources.adapters import adapter_of
from huiyin.server.collect.sources.files import rejects_file
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.selectors import line_of, runs_of
from huiyin.server.collect.sources.selectors import monitor as monitor_lines
from huiyin.server.collect.sources.services import rejects_run_again, run_cancel, run_start
from huiyin.server.collect.sources.webhook.presets import PRESETS
from huiyin.server.foundation.jobs.trouble import troubles
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs

PAGE = 50


@require_GET
@needs("sources.read")
def monitor(request: HttpRequest) -> HttpResponse:
    """Every source: volume, lag, errors, silence."""
    lines = monitor_lines()
    context = {"lines": lines, "waiting": waiting_count(), "troubles": troubles()}
    return render_screen(request, "sources/monitor.html", context)


@require_GET
@needs("sources.read")
def source(request: HttpRequest, number: int) -> HttpResponse:
    """One source."""
    found = get_object_or_404(Source, pk=number)
    adapter = adapter_of(found.kind)
    hook = request.build_absolute_uri(f"/sources/hooks/{found.key}/") if found.kind == "webhook" else ""
    api = request.build_absolute_uri(f"/api/v1/feedback?source={found.key}") if found.kind == "rest" else ""
    context = {"source": found, "adapter": adapter, "line": line_of(found), "runs": runs_of(found), "hook": hook, "api": api}
    context["preset"] = PRESETS.get(found.config.get("preset", ""))
    return render_screen(request, "sources/source.html", context)


@require_POST
@needs("sources.manage")
def run_now(request: HttpRequest, number: int) -> HttpResponse:
    """Fetch it now."""
    started = run_start(get_object_or_404(Source, pk=number), actor=request.user)
    return go_to(request, "sources:run", started.pk)


@require_GET
@needs("sources.read")
def run(request: HttpRequest, number: int) -> HttpResponse:
    """A run while it goes and after; the fragment asks for itself again until it is over."""
    found = get_object_or_404(SourceRun.objects.select_related("source", "job"), pk=number)
    # A run that failed and will be tried again still goes; only its job knows.
    going = not found.job.finished if found.job else found.state in (SourceRun.State.WAITING, SourceRun.State.RUNNING)
    return render_screen(request, "sources/run.html", {"run": found, "source": found.source, "job": found.job, "going": going})


@require_POST
@needs("sources.manage")
def run_stop(request: HttpRequest, number: int) -> HttpResponse:
    """Stop it; what was taken in stays."""
    found = get_object_or_404(SourceRun, pk=number)
    run_cancel(found, actor=request.user)
    return go_to(request, "sources:run", found.pk, toast=_("正在停，已存下的都保留"))


@require_GET
@needs("sources.read")
def rejects(request: HttpRequest, number: int) -> HttpResponse:
    """What could not be used, and why. The words stay masked here: only the beginning, the place and the reason are shown."""
    found = get_object_or_404(Source, pk=number)
    page = Paginator(rejected_rows(found.pk), PAGE).get_page(request.GET.get("page"))
    return render_screen(request, "sources/rejects.html", {"source": found, "page": page})


@require_GET
@needs("sources.manage")
def rejects_export(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The same as CSV, to mend and hand in again."""
    return rejects_file(get_object_or_404(Source, pk=number))


@require_POST
@needs("sources.manage")
def rejects_again(request: HttpRequest, number: int) -> HttpResponse:
    """Give them another try."""
    found = get_object_or_404(Source, pk=number)
    done = rejects_run_again(found, actor=request.user)
    toast = ngettext("%(done)s 条重新交去阅读", "%(done)s 条重新交去阅读", done) % {"done": done}
    return go_to(request, "sources:rejects", found.pk, toast=toast)
