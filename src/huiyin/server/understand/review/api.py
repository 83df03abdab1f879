"""`/api/v1/review`: checking what the machine read, one opinion at a time, and how often it was right. The same queue as the screen's."""

from __future__ import annotations

from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from huiyin.insight.agreement import Agreement
from huiyin.insight.findings import Estimate
from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.understand.explorer.api import known_aspects
from huiyin.server.understand.review.models import Answer, ReviewItem
from huiyin.server.understand.review.selectors import Measured, answered_today, disputed_for, disputed_seen, figures, waiting_for
from huiyin.server.understand.review.services import ReviewRefused, answer, skip, undo
from huiyin.server.understand.review.showing import Shown, next_shown, shown
from huiyin.server.web.numbers import Number, number
from huiyin.server.web.rights import needs

router = Router(tags=["review"], auth=Holding("voices.correct"))
prefix = "/review"
_SHOWN = 30


class ItemOut(Schema):
    """An opinion to check: the whole text (masked), where the words stand (code points), and what the machine read."""

    id: int
    feedback_id: str
    text: str
    start: int
    end: int
    words: str
    read_polarity: int
    read_aspect: str
    confidence: float | None
    reasons: list[str]


class QueueOut(Schema):
    """The next opinion for the asker (null: nothing is to be checked), how many wait, and how many she answered today."""

    next: ItemOut | None
    waiting: int
    answered_today: int


class Judgement(Schema):
    """What it says: `polarity` and `aspect` (empty: none); what is left out stays as read. `removed`: these words are no opinion."""

    polarity: Literal[-1, 0, 1] | None = None
    aspect: str | None = Field(None, max_length=300)
    removed: bool = False


class SideOut(Schema):
    """One of two answers; who gave it is not told."""

    turn: int
    removed: bool
    polarity: int | None
    aspect: str


class DisputeOut(Schema):
    """What two people answered differently."""

    item: ItemOut
    sides: list[SideOut]


class Settling(Schema):
    """Whose answer holds: the first or the second."""

    turn: Literal[1, 2]


class MeasuredOut(Schema):
    """How often the machine was right among what was drawn at random; `missing` answers are wanted before a share is shown."""

    name: str
    n: int
    missing: int
    polarity: Number
    aspect: Number


class AgreementOut(Schema):
    """How far two blind answers agree: observed share, Cohen's kappa, Krippendorff's alpha."""

    share: Number
    kappa: Number
    alpha: Number


class FiguresOut(Schema):
    """All that has been measured."""

    overall: MeasuredOut
    aspects: list[MeasuredOut]
    months: list[MeasuredOut]
    versions: list[MeasuredOut]
    polarity_agreement: AgreementOut
    aspect_agreement: AgreementOut
    raters: int
    disputed: int
    checked_random: int
    checked_unsure: int
    wanted: int


@router.get("/next", response=QueueOut, url_name="review_next")
@needs("voices.correct")
def next_one(request: HttpRequest) -> Any:
    """The next opinion to check; it is the asker's for three minutes."""
    return _queue(request)


@router.get("/figures", response=FiguresOut, url_name="review_figures")
@needs("voices.correct")
def measured(request: HttpRequest) -> Any:
    """How often the machine is right, and how far people agree."""
    found = figures()
    return {
        "overall": _measured(found.overall),
        **{name: [_measured(one) for one in getattr(found, name)] for name in ("aspects", "months", "versions")},
        "polarity_agreement": _agreement(found.polarity, found.polarity_alpha),
        "aspect_agreement": _agreement(found.aspect, found.aspect_alpha),
        **{name: getattr(found, name) for name in ("raters", "disputed", "wanted")},
        "checked_random": found.random,
        "checked_unsure": found.unsure,
    }


@router.get("/disputes", response=list[DisputeOut], url_name="review_disputes")
@needs("voices.correct")
def disputes(request: HttpRequest) -> Any:
    """What two others answered differently, for a third to settle; thirty at most."""
    found = [seen for item in disputed_seen(request.user)[:_SHOWN] if (seen := shown(item, request.user))]
    return [{"item": _told(seen), "sides": _sides(seen.item)} for seen in found]


@router.post("/undo", response=QueueOut, url_name="review_undo")
@needs("voices.correct")
def take_back(request: HttpRequest) -> Any:
    """Take back the asker's latest answer of the last hour; that opinion comes next."""
    item = undo(request.user)
    if item is None:
        raise HttpError(409, "there is nothing to take back")
    return _queue(request, shown(item, request.user))


@router.get("/{int:item_id}", response=ItemOut, url_name="review_item")
@needs("voices.correct")
def one(request: HttpRequest, item_id: int) -> Any:
    """One opinion that was drawn."""
    return _told(_seen(request, item_id))


@router.post("/{int:item_id}", response=QueueOut, url_name="review_answer")
@needs("voices.correct")
def judge(request: HttpRequest, item_id: int, body: Judgement) -> Any:
    """Say what it says; answers with the next one. The answer is laid over the facts at once, and no later reading changes it."""
    item = _seen(request, item_id).item
    aspect = item.read_aspect if body.aspect is None else body.aspect
    if aspect not in known_aspects() | {"", item.read_aspect}:
        raise HttpError(422, "aspect: not in the taxonomy")
    polarity = item.read_polarity if body.polarity is None else body.polarity
    _answered(request, item, None if body.removed else polarity, aspect)
    return _queue(request)


@router.post("/{int:item_id}/skip", response={204: None}, url_name="review_skip")
@needs("voices.correct")
def leave(request: HttpRequest, item_id: int) -> Any:
    """Leave it to others; it does not come back to the asker."""
    skip(request.user, get_object_or_404(ReviewItem, pk=item_id))
    return Status(204, None)


@router.post("/{int:item_id}/settle", response={204: None}, url_name="review_settle")
@needs("voices.correct")
def settle(request: HttpRequest, item_id: int, body: Settling) -> Any:
    """Decide between two answers that differ; not by one of the two."""
    item = get_object_or_404(disputed_for(request.user), pk=item_id)
    _seen(request, item_id)
    chosen = next((one for one in item.answers.all() if one.turn == body.turn), None)
    if chosen is None:
        raise Http404
    _answered(request, item, None if chosen.kind == Answer.Kind.REMOVED else chosen.polarity, chosen.aspect)
    return Status(204, None)


def _answered(request: HttpRequest, item: ReviewItem, polarity: int | None, aspect: str) -> None:
    try:
        answer(request.user, item, polarity, aspect)
    except ReviewRefused:
        raise HttpError(409, "somebody else has answered it meanwhile, or the asker has already") from None


def _seen(request: HttpRequest, item_id: int) -> Shown:
    found = shown(get_object_or_404(ReviewItem, pk=item_id), request.user)
    if found is None:
        raise Http404
    return found


def _queue(request: HttpRequest, seen: Shown | None = None) -> dict[str, Any]:
    found = seen or next_shown(request.user)
    return {
        "next": _told(found) if found else None,
        "waiting": waiting_for(request.user).count(),
        "answered_today": answered_today(request.user),
    }


def _told(seen: Shown) -> dict[str, Any]:
    item = seen.item
    same = ("feedback_id", "start", "end", "read_polarity", "read_aspect", "reasons")
    told = {"id": item.pk, "text": seen.voice.fields["text"], "words": seen.said, "confidence": item.read_confidence}
    return told | {name: getattr(item, name) for name in same}


def _sides(item: ReviewItem) -> list[dict[str, Any]]:
    given = sorted((one for one in item.answers.all() if one.turn in (1, 2)), key=lambda one: one.turn)
    return [{"turn": one.turn, "removed": one.kind == Answer.Kind.REMOVED, "polarity": one.polarity, "aspect": one.aspect} for one in given]


def _measured(one: Measured) -> dict[str, Any]:
    return {"name": one.name, "n": one.n, "missing": one.missing, "polarity": number(one.polarity), "aspect": number(one.aspect)}


def _agreement(one: Agreement, alpha: Estimate) -> dict[str, Any]:
    return {"share": number(one.raw), "kappa": number(one.kappa), "alpha": number(alpha)}
