"""`/api/v1/webhooks`: endpoints, and what was sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.prioritise.webhooks.models import Delivery, Endpoint
from huiyin.server.prioritise.webhooks.sending import endpoint_test
from huiyin.server.prioritise.webhooks.services import (
    EndpointRefused,
    deliveries_again,
    endpoint_change,
    endpoint_make,
    endpoint_remove,
    secret_renew,
)
from huiyin.server.web.rights import needs

router = Router(tags=["webhooks"], auth=Holding("webhooks.manage"))
prefix = "/webhooks"


class EndpointIn(Schema):
    """A program that wants to hear of events; `kinds` are beginnings of event types, none: all."""

    name: str = Field(min_length=1, max_length=60)
    url: str = Field(min_length=8, max_length=2000)
    kinds: list[str] = []


class EndpointChange(Schema):
    """What changes; what is left out stays."""

    name: str | None = Field(None, min_length=1, max_length=60)
    url: str | None = Field(None, min_length=8, max_length=2000)
    kinds: list[str] | None = None
    enabled: bool | None = None


class EndpointOut(Schema):
    """An endpoint, without its secret."""

    id: int
    name: str
    url: str
    kinds: list[str]
    enabled: bool


class EndpointMade(EndpointOut):
    """A new endpoint with its secret, which is told this once."""

    secret: str


class DeliveryOut(Schema):
    """An event sent, or to be sent."""

    id: int
    event: str
    kind: str
    state: str
    attempts: int
    status: int | None
    trouble: str
    made_at: datetime


class Again(Schema):
    """Deliveries to send again; none named: all that did not come through."""

    deliveries: list[int] | None = Field(None, max_length=1000)


class Sent(Schema):
    """How many go out again."""

    count: int


@router.get("", response=list[EndpointOut], url_name="webhooks")
@needs("webhooks.manage")
def endpoints(request: HttpRequest) -> Any:
    """All endpoints."""
    return list(Endpoint.objects.all())


@router.post("", response={201: EndpointMade}, url_name="webhooks_make")
@needs("webhooks.manage")
def make(request: HttpRequest, body: EndpointIn) -> Any:
    """A new endpoint."""
    try:
        made, secret = endpoint_make(request.user, body.name, body.url, body.kinds)
    except EndpointRefused as error:
        raise HttpError(422, str(error)) from None
    return Status(201, {**_told(made), "secret": secret})


@router.post("/{int:number}", response=EndpointOut, url_name="webhooks_change")
@needs("webhooks.manage")
def change(request: HttpRequest, number: int, body: EndpointChange) -> Any:
    """Change it; switched on again, what waits for it goes out."""
    found = get_object_or_404(Endpoint, pk=number)
    given = {**_told(found), **{name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}}
    try:
        endpoint_change(request.user, found, given["name"], given["url"], given["kinds"], given["enabled"])
    except EndpointRefused as error:
        raise HttpError(422, str(error)) from None
    return found


@router.post("/{int:number}/secret", response=EndpointMade, url_name="webhooks_secret")
@needs("webhooks.manage")
def renew(request: HttpRequest, number: int) -> Any:
    """Another secret, told this once; the former one signs for a day more."""
    found = get_object_or_404(Endpoint, pk=number)
    return {**_told(found), "secret": secret_renew(request.user, found)}


@router.post("/{int:number}/test", response=DeliveryOut, url_name="webhooks_test")
@needs("webhooks.manage")
def test(request: HttpRequest, number: int) -> Any:
    """Send a test event at once; the answer says what came of it."""
    try:
        return endpoint_test(request.user, get_object_or_404(Endpoint, pk=number))
    except EndpointRefused as error:
        raise HttpError(409, str(error)) from None


@router.post("/{int:number}/remove", response={204: None}, url_name="webhooks_remove")
@needs("webhooks.manage")
def remove(request: HttpRequest, number: int) -> Any:
    """Forget an endpoint."""
    endpoint_remove(request.user, get_object_or_404(Endpoint, pk=min(number, 2**62)))
    return Status(204, None)


@router.get("/{int:number}/deliveries", response=list[DeliveryOut], url_name="webhooks_deliveries")
@needs("webhooks.manage")
def deliveries(request: HttpRequest, number: int, before: int = Query(2**62, ge=1, le=2**62), size: int = Query(100, ge=1, le=500)) -> Any:
    """What was sent, newest first; `before` is the id of the last one seen."""
    found = get_object_or_404(Endpoint, pk=min(number, 2**62))
    return list(Delivery.objects.filter(endpoint=found, pk__lt=before)[:size])


@router.post("/{int:number}/again", response=Sent, url_name="webhooks_again")
@needs("webhooks.manage")
def again(request: HttpRequest, number: int, body: Again) -> Any:
    """Send events again; they keep their ids."""
    chosen = [min(one, 2**62) for one in body.deliveries if one > 0] if body.deliveries is not None else None
    return {"count": deliveries_again(request.user, get_object_or_404(Endpoint, pk=min(number, 2**62)), chosen)}


def _told(one: Endpoint) -> dict[str, Any]:
    return {"id": one.pk, **{name: getattr(one, name) for name in ("name", "url", "kinds", "enabled")}}
