"""`/api/v1/sources`: the kinds there are, every source with its health, setting up, testing, fetching, and what could not be used.

Secrets go in and never come out: which of them are set is told.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from huiyin.files import FilesError
from huiyin.server.collect.feedback.selectors import rejected_rows
from huiyin.server.collect.sources.adapter import Adapter, SourceRefused
from huiyin.server.collect.sources.adapters import adapter_of, adapters
from huiyin.server.collect.sources.files import preview_shown, rejects_file
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.selectors import Line, line_of, monitor, runs_of
from huiyin.server.collect.sources.services import rejects_run_again, run_cancel, run_start, source_change, source_make
from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.web.parts import part_of
from huiyin.server.web.rights import needs

router = Router(tags=["sources"])
_WRITES = Holding("sources.manage")
_Value = str | int | float | bool | dict[str, Any] | list[Any] | None


class SettingOut(Schema):
    """A field of a kind; a `secret` is sealed and never shown again."""

    name: str
    label: str
    kind: Literal["text", "secret", "number", "lines", "choice", "yes"]
    required: bool
    choices: list[str]


class KindOut(Schema):
    """A kind of source; `pulls`: it fetches by schedule."""

    kind: str
    name: str
    about: str
    pulls: bool
    settings: list[SettingOut]


class SourceLine(Schema):
    """A source and its health. Lags are seconds from received to readable; `silent_hours` is set where it keeps silent longer than it may."""

    id: int
    kind: str
    key: str
    name: str
    channel: str
    enabled: bool
    cron: str
    keep_days: int
    stale_after_hours: int
    records: int
    waiting: int
    rejected: int
    last_day: int
    last_received: datetime | None
    last_run_at: datetime | None
    lag_p50: float | None
    lag_p95: float | None
    silent_hours: float | None
    last_run_failed: bool
    trouble: bool


class RunOut(Schema):
    """A run: where it stands and what it brought; `job` see `/jobs/{id}`."""

    id: int
    source: int
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    job: int | None
    started_at: datetime
    finished_at: datetime | None
    read: int
    created: int
    changed: int
    same: int
    rejected: int
    error: str


class SourceOut(SourceLine):
    """A source with its settings, the names of the secrets that are set, and its latest runs."""

    settings: dict[str, Any]
    secrets_set: list[str]
    runs: list[RunOut]


class SourceIn(Schema):
    """A new source; `settings` are the fields of its kind, secrets among them."""

    kind: str
    name: str = Field(min_length=1, max_length=100, pattern=r"\S")
    channel: str = Field("", max_length=100)
    cron: str = Field("", max_length=120)
    keep_days: int = Field(0, ge=0, le=36500)
    stale_after_hours: int = Field(0, ge=0, le=8760)
    settings: dict[str, _Value] = {}


class SourceChange(Schema):
    """What changes; what is left out stays, a single setting too."""

    name: str | None = Field(None, min_length=1, max_length=100, pattern=r"\S")
    channel: str | None = Field(None, max_length=100)
    cron: str | None = Field(None, max_length=120)
    enabled: bool | None = None
    keep_days: int | None = Field(None, ge=0, le=36500)
    stale_after_hours: int | None = Field(None, ge=0, le=8760)
    settings: dict[str, _Value] | None = None


class TrialOut(Schema):
    """What a test found."""

    usable: bool
    message: str
    message_en: str


class RejectOut(Schema):
    """What could not be used: where it stood and why; its words are not told."""

    id: int
    received_at: datetime
    place: str
    reason: str
    detail: str


class RejectPage(Schema):
    """A part of the rejects, the latest first; `next` is the `before` of the part that follows, null at the end."""

    items: list[RejectOut]
    next: int | None


class RejectsTaken(Schema):
    """How many were given another try."""

    taken: int


@router.get("/sources", response=list[SourceLine], url_name="sources")
@needs("sources.read")
def listed(request: HttpRequest) -> Any:
    """Every source; those in trouble first."""
    return [_line(one) for one in monitor()]


@router.post("/sources", response={201: SourceOut}, url_name="source_make", auth=_WRITES)
@needs("sources.manage")
def make(request: HttpRequest, body: SourceIn) -> Any:
    """A new source."""
    habits = {name: getattr(body, name) for name in ("channel", "cron", "keep_days", "stale_after_hours")}
    try:
        made = source_make(body.kind, body.name, body.settings, actor=request.user, **habits)
    except SourceRefused as refused:
        raise unusable(refused) from None
    return Status(201, _whole(made))


@router.get("/sources/kinds", response=list[KindOut], url_name="source_kinds")
@needs("sources.read")
def kinds(request: HttpRequest) -> Any:
    """The kinds there are, with the settings of each."""
    return [_kind(one) for one in adapters().values()]


@router.get("/sources/runs/{int:number}", response=RunOut, url_name="source_run")
@needs("sources.read")
def run(request: HttpRequest, number: int) -> Any:
    """A run, while it goes and after."""
    return _run(get_object_or_404(SourceRun, pk=number))


@router.post("/sources/runs/{int:number}/cancel", response=RunOut, url_name="source_run_cancel", auth=_WRITES)
@needs("sources.manage")
def run_stop(request: HttpRequest, number: int) -> Any:
    """Stop it; what was taken in stays."""
    run_cancel(get_object_or_404(SourceRun, pk=number), actor=request.user)
    return _run(get_object_or_404(SourceRun, pk=number))


@router.get("/sources/{int:number}", response=SourceOut, url_name="source")
@needs("sources.read")
def one(request: HttpRequest, number: int) -> Any:
    """One source."""
    return _whole(get_object_or_404(Source, pk=number))


@router.post("/sources/{int:number}", response=SourceOut, url_name="source_change", auth=_WRITES)
@needs("sources.manage")
def change(request: HttpRequest, number: int, body: SourceChange) -> Any:
    """Change it, switch it on or off. Sources are not deleted, for what they brought names them."""
    found = get_object_or_404(Source, pk=number)
    given = {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
    if "settings" in given:
        given["values"] = {**found.config, **given.pop("settings")}
    try:
        source_change(found, actor=request.user, **given)
    except SourceRefused as refused:
        raise unusable(refused) from None
    return _whole(found)


@router.post("/sources/{int:number}/test", response=TrialOut, url_name="source_test", auth=_WRITES)
@needs("sources.manage")
def test(request: HttpRequest, number: int) -> Any:
    """Try the set-up without taking anything in."""
    found = get_object_or_404(Source, pk=number)
    try:
        said: Any = _adapter(found).test(found)
    except (SourceRefused, FilesError) as refused:
        return {"usable": False, "message": refused.message_zh, "message_en": refused.message_en}
    return {"usable": True, "message": said.message_zh, "message_en": said.message_en}


@router.post("/sources/{int:number}/preview", response=list[dict[str, str]], url_name="source_preview", auth=_WRITES)
@needs("sources.manage")
def preview(request: HttpRequest, number: int) -> Any:
    """The first records as they would be taken in; nothing is kept."""
    found = get_object_or_404(Source, pk=number)
    try:
        return [dict(preview_shown(one)) for one in _adapter(found).preview(found)]
    except (SourceRefused, FilesError) as refused:
        raise HttpError(422, refused.message_en[:2000]) from None


@router.post("/sources/{int:number}/run", response={202: RunOut}, url_name="source_run_now", auth=_WRITES)
@needs("sources.manage")
def run_now(request: HttpRequest, number: int) -> Any:
    """Fetch it now."""
    found = get_object_or_404(Source, pk=number)
    if not _adapter(found).pulls:
        raise HttpError(409, "this kind of source is not fetched")
    return Status(202, _run(run_start(found, actor=request.user)))


@router.get("/sources/{int:number}/runs", response=list[RunOut], url_name="source_runs")
@needs("sources.read")
def runs(request: HttpRequest, number: int, most: int = Query(20, ge=1, le=200)) -> Any:
    """The latest runs."""
    return [_run(each) for each in runs_of(get_object_or_404(Source, pk=number), most)]


@router.get("/sources/{int:number}/rejects", response=RejectPage, url_name="source_rejects")
@needs("sources.read")
def rejects(request: HttpRequest, number: int, before: int = Query(2**62, ge=1, le=2**62), size: int = Query(100, ge=1, le=500)) -> Any:
    """What could not be used, and why; `before` is the id of the last one seen."""
    return part_of(rejected_rows(get_object_or_404(Source, pk=number).pk), before, size)


@router.get("/sources/{int:number}/rejects/export", url_name="source_rejects_export", openapi_extra={
    "responses": {"200": {"content": {"text/csv": {}}}}
})  # fmt: skip
@needs("sources.manage")
def rejects_export(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The same as CSV."""
    return rejects_file(get_object_or_404(Source, pk=number))


@router.post("/sources/{int:number}/rejects/again", response=RejectsTaken, url_name="source_rejects_again", auth=_WRITES)
@needs("sources.manage")
def rejects_again(request: HttpRequest, number: int) -> Any:
    """Give them another try."""
    return {"taken": rejects_run_again(get_object_or_404(Source, pk=number), actor=request.user)}


def unusable(refused: SourceRefused) -> HttpError:
    """What a program is told of settings that cannot work: the field, and why. A counterpart's own words may be long; the end is cut."""
    return HttpError(422, (f"{refused.field}: {refused.message_en}" if refused.field else refused.message_en)[:2000])


def _adapter(source: Source) -> Adapter:
    """The adapter of a source.

    Raises:
        Http404: its kind is no more.
    """
    try:
        return adapter_of(source.kind)
    except KeyError:
        raise Http404 from None


def _kind(one: Adapter) -> dict[str, Any]:
    fields = [
        {"name": each.name, "label": str(each.label), "kind": each.kind, "required": each.required, "choices": [key for key, _name in each.choices]}
        for each in one.settings
    ]
    return {"kind": one.kind, "name": str(one.name), "about": str(one.about), "pulls": one.pulls, "settings": fields}


def _line(line: Line) -> dict[str, Any]:
    source, came = line.source, line.arrivals
    names = ("kind", "key", "name", "channel", "enabled", "cron", "keep_days", "stale_after_hours", "last_run_at")
    return {
        "id": source.pk,
        **{name: getattr(source, name) for name in names},
        "records": came.total,
        "waiting": came.new,
        "rejected": came.rejected,
        "last_day": came.day,
        "last_received": came.last,
        "lag_p50": line.p50,
        "lag_p95": line.p95,
        "silent_hours": line.silent.total_seconds() / 3600 if line.silent else None,
        "last_run_failed": line.failed,
        "trouble": line.trouble,
    }


def _whole(source: Source) -> dict[str, Any]:
    kept = sorted(name for name, value in source.secrets.items() if value)
    return {**_line(line_of(source)), "settings": source.config, "secrets_set": kept, "runs": [_run(one) for one in runs_of(source)]}


def _run(one: SourceRun) -> dict[str, Any]:
    names = ("state", "started_at", "finished_at", "read", "created", "changed", "same", "rejected")
    return {"id": one.pk, "source": one.source_id, "job": one.job_id, "error": one.error_text, **{name: getattr(one, name) for name in names}}
