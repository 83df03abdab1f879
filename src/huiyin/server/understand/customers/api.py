"""`/api/v1/customers`: customers by pseudonym, one customer's timeline, the path of scores, and what happened. Voices are masked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.customers.selectors import customer_of, customers_of, said_by
from huiyin.server.understand.explorer.api import VoiceOut, told
from huiyin.server.understand.operations.selectors import happened
from huiyin.server.web.rights import needs

router = Router(tags=["customers"])
prefix = "/customers"
_PAGES = 5000


class CustomerLine(Schema):
    """A customer of the list; `against` counts voices that complain."""

    customer: str
    voices: int
    against: int
    first_day: date | None
    last_day: date | None
    channels: int


class CustomerPage(Schema):
    """A page of customers."""

    items: list[CustomerLine]
    total: int
    page: int


class ThemeOut(Schema):
    """What the customer speaks of."""

    aspect: str
    name: str
    opinions: int
    negative: int


class ScoreOut(Schema):
    """One answer on the path of scores."""

    day: date
    score: float
    scale_max: float
    feedback_id: str


class HappeningOut(Schema):
    """An order, a ticket, an end of contract."""

    kind: str
    occurred_at: datetime | None
    order_id: str | None
    product: str | None
    store: str | None
    amount: float | None
    status: str | None


class CustomerOut(Schema):
    """One customer with a page of voices, newest first; `happened` is null for who may not read operations."""

    customer: str
    voices: int
    positive: int
    negative: int
    first_day: date | None
    last_day: date | None
    themes: list[ThemeOut]
    scores: list[ScoreOut]
    page: int
    said: list[VoiceOut]
    happened: list[HappeningOut] | None


@router.get("", response=CustomerPage, url_name="customers")
@needs("voices.read")
def listed(request: HttpRequest, order: Literal["latest", "most", "worst"] = "latest", page: int = Query(1, ge=1, le=_PAGES)) -> Any:
    """Everybody who said something that may be seen."""
    rows, total = customers_of(scope_filter(request.user), order, page)
    return {"items": [{**row, "customer": row["customer_id"]} for row in rows], "total": total, "page": page}


@router.get("/{customer}", response=CustomerOut, url_name="customer")
@needs("voices.read")
def one(request: HttpRequest, customer: str, page: int = Query(1, ge=1, le=_PAGES)) -> Any:
    """One customer's timeline."""
    within = scope_filter(request.user)
    found = customer_of(customer, within)
    if found is None:
        raise Http404
    return {
        "customer": found.customer,
        "voices": found.voices,
        "positive": found.positive,
        "negative": found.negative,
        "first_day": found.first,
        "last_day": found.last,
        "themes": found.themes,
        "scores": found.path,
        "page": page,
        "said": [told(voice) for voice in said_by(customer, within, page)],
        "happened": happened(customer, within) if request.user.has_perm("operations.read") else None,
    }
