"""`/api/v1/voices`: what the explorer shows, for programs. Personal data is masked, and each key sees the rows of its owner."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from huiyin.facts import Filter
from huiyin.insight import records
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.explorer.asked import ORDERS, Asked
from huiyin.server.understand.explorer.models import SavedView, Tag
from huiyin.server.understand.explorer.selectors import Voice, facets, ids_of, opinion_seen, timeline, views_of, voice_seen, with_opinions
from huiyin.server.understand.explorer.services import opinion_correct, view_delete, view_save, voices_tag
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.web.rights import needs
from huiyin.text import conditions

router = Router(tags=["voices"])
prefix = "/voices"
_STREAMED = 2000

FILTERS: list[dict[str, Any]] = [
    {"in": "query", "name": name, "required": False, "schema": {"type": "array", "items": {"type": "string"}}, "explode": True}
    for name in ("aspect", "channel", "product", "brand", "region", "store", "segment", "source", "intent", "emotion", "urgency", "touchpoint")
] + [
    {"in": "query", "name": "polarity", "required": False, "schema": {"type": "array", "items": {"type": "integer", "enum": [-1, 0, 1]}}},
    {"in": "query", "name": "since", "required": False, "schema": {"type": "string", "format": "date"}},
    {"in": "query", "name": "until", "required": False, "schema": {"type": "string", "format": "date"}},
    *(
        {
            "in": "query",
            "name": f"cond.{one.code}",
            "required": False,
            "description": f"conditions that opinions name: {one.names['en']}",
            "schema": {"type": "array", "items": {"type": "string", "enum": list(one.values)}},
        }
        for one in conditions.facets()
        if one.values
    ),
    *(
        {
            "in": "query",
            "name": f"band.conditions.{one.code}",
            "required": False,
            "description": f"numbers above the first and up to the second: {one.names['en']}; `band.` and the name of an attribute likewise",
            "schema": {"type": "array", "items": {"type": "string", "pattern": r"^\d*\.\.\d*$"}},
            "example": ["20..40"],
        }
        for one in conditions.facets()
        if not one.values
    ),
]
"""The parts of a filter, as addresses of screens have them."""
_WORDS = {"in": "query", "name": "q", "required": False, "schema": {"type": "string"}, "description": "words that the text holds, all of them"}


class OpinionOut(Schema):
    """One opinion inside a voice; `start` and `end` count code points of `text`."""

    mention_no: int
    start: int | None
    end: int | None
    target: str | None
    opinion: str | None
    aspect: str | None
    touchpoint: str | None
    polarity: int
    intensity: float | None
    emotion: str | None
    intent: str | None
    urgency: str | None
    confidence: float | None
    labelled_by: str | None
    conditions: dict[str, str] = Field(description="kind of condition → value, as the opinion's own words name it")


class VoiceOut(Schema):
    """One voice with its opinions, text masked."""

    feedback_id: str
    occurred_at: datetime | None
    source: str | None
    channel: str | None
    product: str | None
    brand: str | None
    region: str | None
    store: str | None
    segment: str | None
    customer_id: str | None
    score: float | None
    scale_max: float | None
    sentiment: float | None
    emotion: str | None
    intent: str | None
    urgency: str | None
    text: str | None
    tags: list[str]
    attributes: dict[str, str]
    opinions: list[OpinionOut]


class VoicePage(Schema):
    """A page of voices; `voices`, `customers` and `opinions` count everything within the filter."""

    items: list[VoiceOut]
    page: int
    size: int
    voices: int
    customers: int
    opinions: int
    next: str | None = Field(None, description="query of the next page; none on the last")


class VoiceCounts(Schema):
    """How much stands behind a filter."""

    voices: int
    customers: int
    opinions: int
    days: dict[str, int]


class FacetChoice(Schema):
    """One value of a facet."""

    value: str = Field(description="as the filter takes it; of conditions `kind:value`, which `cond.kind=value` asks for")
    label: str
    count: int


class FacetOut(Schema):
    """One part of the filter with its commonest values."""

    part: str
    choices: list[FacetChoice]


class VoicesDrawn(Schema):
    """Voices drawn blindly: with the same seed, filter and facts the same ones."""

    seed: int
    frame: int
    items: list[VoiceOut]


class OpinionIn(Schema):
    """What an opinion should say instead; `removed` where the words are no opinion."""

    aspect: str | None = None
    polarity: Literal[-1, 0, 1] | None = None
    intensity: float | None = Field(None, ge=0, le=1)
    intent: Literal["complaint", "praise", "wish", "need", "question", "churn", "none"] | None = None
    removed: bool = False


class Corrected(Schema):
    """How many opinions were corrected."""

    corrected: int


class Tagging(Schema):
    """A tag to put on voices, or to take off."""

    tag: str = Field(min_length=1, max_length=40, pattern=r"^[^\s].*$")
    feedback_ids: list[str] = Field(min_length=1, max_length=5000)
    off: bool = False


class Tagged(Schema):
    """How many voices were found and tagged."""

    tagged: int


class ViewIn(Schema):
    """A filter under a name."""

    name: str = Field(min_length=1, max_length=60, pattern=r"\S")
    query: str = Field("", max_length=4000)
    shared: bool = False


class ViewOut(Schema):
    """A saved view; `query` is a filter as these addresses take it."""

    id: int
    name: str
    query: str
    shared: bool
    own: bool


def asked_of(request: HttpRequest) -> Asked:
    """The filter of a request.

    Raises:
        HttpError: 422, a part of it cannot be read.
    """
    asked = Asked.of(request)
    if asked.wrong:
        raise HttpError(422, f"filter: {asked.wrong}")
    return asked


_DESCRIBED = {"parameters": [*FILTERS, _WORDS]}


@router.get("", response=VoicePage, url_name="voices", openapi_extra=_DESCRIBED)
@needs("voices.read")
def voices(request: HttpRequest, page: int = Query(1, ge=1, le=2000), size: int = Query(50, ge=1, le=200), order: str = "newest") -> Any:
    """Voices within a filter, the newest first unless `order` says otherwise (newest, oldest, most_negative, most_positive)."""
    if order not in ORDERS:
        raise HttpError(422, f"order: one of {', '.join(ORDERS)}")
    asked = asked_of(request)
    behind = records.count(facts_store(), asked.within)
    found = with_opinions(records.page(facts_store(), asked.within, asked.order, (page - 1) * size, size), most=100_000)
    more = page * size < behind.voices
    following = asked.address(page=page + 1).lstrip("?") + (f"&size={size}" if size != 50 else "") if more else None
    counts = {"voices": behind.voices, "customers": behind.customers, "opinions": behind.opinions}
    return {"items": [told(one) for one in found], "page": page, "size": size, "next": following, **counts}


@router.get("/count", response=VoiceCounts, url_name="voices_count", openapi_extra=_DESCRIBED)
@needs("voices.read")
def count(request: HttpRequest) -> Any:
    """How many voices, customers and opinions lie within a filter, and how many voices on each day."""
    found = records.overview(facts_store(), asked_of(request).within)
    days = {day.isoformat(): count for day, count in found.days.items()}
    return {"voices": found.behind.voices, "customers": found.behind.customers, "opinions": found.behind.opinions, "days": days}


@router.get("/facets", response=list[FacetOut], url_name="voices_facets", openapi_extra=_DESCRIBED)
@needs("voices.read")
def facet_counts(request: HttpRequest) -> Any:
    """The commonest values of each part of the filter, counted under the filter."""
    return [{"part": one.part, "choices": [_choice(choice) for choice in one.choices if choice.value]} for one in facets(asked_of(request))]


@router.get("/random", response=VoicesDrawn, url_name="voices_random", openapi_extra=_DESCRIBED)
@needs("voices.read")
def random(request: HttpRequest, seed: int = Query(1, ge=0, le=10**9), size: int = Query(10, ge=1, le=100)) -> Any:
    """Voices drawn blindly, good and bad as they come."""
    drawn = records.draw(facts_store(), size, asked_of(request).within, seed)
    return {"seed": seed, "frame": drawn.frame, "items": [told(one) for one in with_opinions(drawn.voices, most=100_000)]}


@router.get("/export", url_name="voices_export", openapi_extra=_DESCRIBED | {"responses": {"200": {"content": {"application/x-ndjson": {}}}}})
@needs("voices.export")
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Everything within a filter as JSON lines, a voice each; taking it is recorded."""
    asked = asked_of(request)
    with state_write():
        record("voices.exported", "", actor=request.user, object_type="feedback", object_name=asked.filter.to_query() or "—")
    return StreamingHttpResponse(_lines(asked), content_type="application/x-ndjson; charset=utf-8")


@router.get("/views", response=list[ViewOut], url_name="voices_views")
@needs("voices.read")
def views(request: HttpRequest) -> Any:
    """Saved views: one's own, and those that were shared."""
    return [_view(one, request.user) for one in views_of(request.user)]


@router.put("/views", response=ViewOut, url_name="voices_view_save")
@needs("voices.read")
def save_view(request: HttpRequest, body: ViewIn) -> Any:
    """Keep a filter under a name; the same name again replaces it."""
    try:
        query = Filter.from_query(body.query.lstrip("?")).to_query()
    except ValueError as error:
        raise HttpError(422, f"query: {error}") from None
    return _view(view_save(request.user, body.name.strip(), query, body.shared), request.user)


@router.post("/views/{int:view_id}/remove", response={204: None}, url_name="voices_view_delete")
@needs("voices.read")
def forget_view(request: HttpRequest, view_id: int) -> Any:
    """Forget a view of one's own."""
    view_delete(request.user, get_object_or_404(SavedView, pk=view_id, owner=request.user))
    return Status(204, None)


@router.get("/tags", response=list[str], url_name="voices_tags")
@needs("voices.read")
def tags(request: HttpRequest) -> Any:
    """All tags."""
    return list(Tag.objects.values_list("name", flat=True))


@router.post("/tags", response=Tagged, url_name="voices_tag", auth=Holding("voices.correct"))
@needs("voices.correct")
def tag(request: HttpRequest, body: Tagging) -> Any:
    """Put a tag on voices, or take it off. Voices outside the rows one may see are left alone."""
    found = ids_of(scope_filter(request.user), len(body.feedback_ids), body.feedback_ids)
    return {"tagged": voices_tag(request.user, found, body.tag, body.off) if found else 0}


@router.get("/{feedback_id}", response=VoiceOut, url_name="voices_voice")
@needs("voices.read")
def one_voice(request: HttpRequest, feedback_id: str) -> Any:
    """One voice."""
    return told(voice_seen(feedback_id, scope_filter(request.user)))


@router.get("/{feedback_id}/customer", response=list[VoiceOut], url_name="voices_customer")
@needs("voices.read")
def of_customer(request: HttpRequest, feedback_id: str) -> Any:
    """All that the same customer said, oldest first; only this voice where the customer is not known."""
    within = scope_filter(request.user)
    found = voice_seen(feedback_id, within)
    customer = found.fields["customer_id"]
    return [told(one) for one in (timeline(customer, within) if customer else [found])]


@router.post("/{feedback_id}/opinions/{mention_no}", response=Corrected, url_name="voices_correct", auth=Holding("voices.correct"))
@needs("voices.correct")
def correct(request: HttpRequest, feedback_id: str, mention_no: int, body: OpinionIn) -> Any:
    """Correct an opinion. The correction is kept, survives every later reading, and teaches the model."""
    mention = opinion_seen(feedback_id, mention_no, scope_filter(request.user))
    given = body.dict(exclude_unset=True)
    if given.get("aspect") and given["aspect"] not in known_aspects():
        raise HttpError(422, "aspect: not in the taxonomy")
    wanted = {"removed": True} if given.pop("removed", False) else {name: value for name, value in given.items() if value is not None}
    return {"corrected": opinion_correct(request.user, mention, wanted)}


def known_aspects() -> frozenset[str]:
    """Paths that the taxonomy in use has."""
    from huiyin.server.understand.explorer.names import aspect_names

    return frozenset(aspect_names())


def told(voice: Voice) -> dict[str, Any]:
    """A voice as these answers have it."""
    fields = {name: voice.fields.get(name) for name in VoiceOut.model_fields if name not in ("tags", "attributes", "opinions")}
    said = [{**{name: one.get(name) for name in OpinionOut.model_fields}, "conditions": dict(one["conditions"] or ())} for one in voice.mentions]
    return {**fields, "tags": voice.tags, "attributes": dict(voice.attributes), "opinions": said}


def _lines(asked: Asked) -> Iterator[str]:
    first = 0
    while True:
        page = records.page(facts_store(), asked.within, asked.order, first, _STREAMED)
        for one in with_opinions(page, most=10**7):
            yield json.dumps(VoiceOut(**told(one)).model_dump(mode="json"), ensure_ascii=False) + "\n"
        first += page.num_rows
        if page.num_rows < _STREAMED:
            return


def _choice(choice: Any) -> dict[str, Any]:
    return {"value": choice.value, "label": choice.label, "count": choice.count}


def _view(view: SavedView, user: Any) -> dict[str, Any]:
    return {"id": view.pk, "name": view.name, "query": view.query, "shared": view.shared, "own": view.owner_id == user.pk}
