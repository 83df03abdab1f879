"""`/api/v1/jobs`: how far long work has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from huiyin.server.foundation.jobs.models import Job
from huiyin.server.web.rights import needs

router = Router(tags=["jobs"])
prefix = "/jobs"
_State = Literal["waiting", "running", "done", "dead", "cancelled"]


class JobOut(Schema):
    """A piece of work; `dead` gave up and waits for a person. `percent` is null where the whole is not known."""

    id: int
    kind: str
    state: _State
    attempts: int
    percent: int | None
    note: str
    error_text: str
    due: datetime
    created_at: datetime
    finished_at: datetime | None


class JobStarted(Schema):
    """The job that does what was asked, see `/jobs/{id}`."""

    job: int


@router.get("", response=list[JobOut], url_name="jobs")
@needs("jobs.read")
def listed(
    request: HttpRequest,
    state: _State | None = None,
    kind: str = Query("", max_length=80),
    before: int = Query(2**62, ge=1, le=2**62),
    size: int = Query(50, ge=1, le=200),
) -> Any:
    """Jobs, the latest first; `before` is the id of the last one seen."""
    found = Job.objects.filter(pk__lt=before).order_by("-id")
    asked = {name: value for name, value in (("state", state), ("kind", kind)) if value}
    return list(found.filter(**asked)[:size])


@router.get("/{int:number}", response=JobOut, url_name="job")
@needs("jobs.read")
def one(request: HttpRequest, number: int) -> Any:
    """One job."""
    return get_object_or_404(Job, pk=number)
