"""`/api/v1/privacy`: erasing a customer, with the receipt; how long voices are kept; one voice in the clear. Each asks why, and is recorded."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from huiyin.server.collect.sources.models import Source
from huiyin.server.foundation.jobs.api import JobStarted
from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.privacy import services
from huiyin.server.understand.privacy.forms import EraseForm, ReasonForm, RetentionForm
from huiyin.server.understand.privacy.models import Erasure
from huiyin.server.understand.privacy.selectors import in_scope, retentions, said_by
from huiyin.server.web.rights import needs

router = Router(tags=["privacy"])
prefix = "/privacy"
_ERASES = Holding("voices.erase")


class ErasingWhy(Schema):
    """Why a customer is erased."""

    reason: Literal["request", "duty", "mistake"]
    note: str = Field("", max_length=200)


class UnmaskingWhy(Schema):
    """Why a voice is seen in the clear."""

    reason: Literal["callback", "check", "safety", "request"]
    note: str = Field("", max_length=200)


class Receipt(Schema):
    """One erasure: what was deleted where, and what a look afterwards still found; `holds` once that is nothing."""

    id: int
    customer: str
    reason: str
    state: Literal["asked", "done"]
    asked_at: datetime
    erased_at: datetime | None
    settled_at: datetime | None
    deleted: dict[str, int]
    left: dict[str, int]
    holds: bool
    backups: int = Field(description="backups made before it that are still there")


class ClearVoice(Schema):
    """A voice as it came in; `kept` is false where its payload is gone by the source's retention."""

    kept: bool
    title: str
    text: str
    customer: str
    fields: dict[str, str]


class RetentionIn(Schema):
    """Days for which payloads and voices are kept; 0 keeps them. A payload is not kept longer than its voice."""

    keep_days: int = Field(ge=0, le=36500)
    voices_days: int = Field(ge=0, le=36500)


class RetentionOut(RetentionIn):
    """Of one source."""

    source: int
    name: str


@router.post("/customers/{customer}/erase", response={202: Receipt}, url_name="privacy_erase", auth=_ERASES)
@needs("voices.erase")
def erase(request: HttpRequest, customer: str, body: ErasingWhy) -> Any:
    """Erase a customer, by pseudonym, everywhere. A job does it; the receipt says when it is done."""
    if not said_by(customer, scope_filter(request.user)):
        raise Http404
    form = EraseForm({**body.dict(), "meant": True})
    return Status(202, _told(services.customer_erase(request.user, customer, _why(form))))


@router.get("/erasures", response=list[Receipt], url_name="privacy_erasures")
@needs("voices.erase")
def erasures(request: HttpRequest) -> Any:
    """The receipts, the latest first; two hundred at most."""
    return [_told(one) for one in Erasure.objects.all()[:200]]


@router.get("/erasures/{int:number}", response=Receipt, url_name="privacy_receipt")
@needs("voices.erase")
def receipt(request: HttpRequest, number: int) -> Any:
    """One receipt."""
    return _told(get_object_or_404(Erasure, pk=number))


@router.get("/retention", response=list[RetentionOut], url_name="privacy_retentions")
@needs("voices.erase")
def listed(request: HttpRequest) -> Any:
    """How long what is kept, source by source."""
    return [_kept(one.source, one.voices_days) for one in retentions()]


@router.post("/retention/{int:source_id}", response=RetentionOut, url_name="privacy_retention", auth=_ERASES)
@needs("voices.erase")
def keep(request: HttpRequest, source_id: int, body: RetentionIn) -> Any:
    """How long a source's voices are kept, from tonight on."""
    source = get_object_or_404(Source, pk=source_id)
    form = RetentionForm({"source": source_id, **body.dict()})
    form.is_valid()
    services.retention_set(request.user, source, form.cleaned_data["keep_days"], form.cleaned_data["voices_days"])
    source.refresh_from_db()
    return _kept(source, form.cleaned_data["voices_days"])


@router.post("/voices/{feedback_id}/unmask", response=ClearVoice, url_name="privacy_unmask", auth=Holding("voices.unmask"))
@needs("voices.unmask")
def unmask(request: HttpRequest, feedback_id: str, body: UnmaskingWhy) -> Any:
    """A voice in the clear, once it is written down who saw it and why."""
    if not in_scope(feedback_id, scope_filter(request.user)):
        raise Http404
    clear = services.voice_unmask(request.user, feedback_id, _why(ReasonForm(body.dict())))
    return {"kept": clear.kept, "title": clear.title, "text": clear.text, "customer": clear.customer, "fields": dict(clear.fields)}


@router.post("/backups/renew", response={202: JobStarted}, url_name="privacy_backups_renew", auth=_ERASES)
@needs("voices.erase")
def renew_backups(request: HttpRequest) -> Any:
    """A fresh backup in the place of all others, so that none holds those who were erased."""
    return Status(202, {"job": services.backups_renew(request.user).pk})


def _why(form: ReasonForm) -> str:
    """The reason as the screens keep it.

    Raises:
        HttpError: 422, the note cannot be kept.
    """
    if not form.is_valid():
        raise HttpError(422, "; ".join(f"{name}: {error}" for name, errors in form.errors.items() for error in errors))
    return form.said


def _kept(source: Source, voices_days: int) -> dict[str, Any]:
    return {"source": source.pk, "name": source.name, "keep_days": source.keep_days, "voices_days": voices_days}


def _told(one: Erasure) -> dict[str, Any]:
    same = {name: getattr(one, name) for name in ("customer", "reason", "state", "asked_at", "erased_at", "settled_at", "left", "holds")}
    return {"id": one.pk, "deleted": one.counts, "backups": one.backups().count(), **same}
