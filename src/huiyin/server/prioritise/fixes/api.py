"""`/api/v1/fixes`: what was done, and whether it helped."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.prioritise.fixes.models import Fix
from huiyin.server.prioritise.fixes.selectors import Judged, judged
from huiyin.server.prioritise.fixes.services import FixRefused, fix_make, fix_remove
from huiyin.server.web.rights import needs

router = Router(tags=["fixes"])
prefix = "/fixes"


class FixIn(Schema):
    """A fix or launch; `query` says whom it reaches, as the query of an address."""

    problem_id: str = Field(max_length=20)
    name: str = Field(min_length=1, max_length=120)
    day: date
    query: str = Field("", max_length=1000)
    note: str = Field("", max_length=4000)


class FixOut(Schema):
    """A fix and its verdict. `ratio` is the rate after ÷ the rate to be expected without it, with its 95 % interval."""

    id: int
    problem_id: str
    name: str
    day: date
    query: str
    verdict: Literal["worked", "not_shown", "worse", "moved", "cannot_tell"]
    reason: str | None
    method: str
    ratio: float | None
    low: float | None
    high: float | None
    n: int
    moved_to: list[str]


@router.get("", response=list[FixOut], url_name="fixes")
@needs("problems.read")
def fixes(request: HttpRequest) -> Any:
    """All fixes, the latest first."""
    return [_told(one) for one in judged(scope_filter(request.user))]


@router.post("", response={201: FixOut}, url_name="fixes_make", auth=Holding("problems.write"))
@needs("problems.write")
def make(request: HttpRequest, body: FixIn) -> Any:
    """Put a fix on record."""
    try:
        made = fix_make(request.user, body.problem_id, body.name, body.day, body.query, body.note)
    except FixRefused as error:
        raise HttpError(422, str(error)) from None
    except KeyError:
        raise Http404 from None
    return Status(201, next(_told(one) for one in judged(scope_filter(request.user)) if one.fix.pk == made.pk))


@router.post("/{int:number}/remove", response={204: None}, url_name="fixes_remove", auth=Holding("problems.write"))
@needs("problems.write")
def remove(request: HttpRequest, number: int) -> Any:
    """Take a fix off the record."""
    fix_remove(request.user, get_object_or_404(Fix, pk=number))
    return Status(204, None)


def _told(one: Judged) -> dict[str, Any]:
    effect = one.judgement.effect
    return {
        "id": one.fix.pk,
        "problem_id": one.problem.problem_id,
        "name": one.fix.name,
        "day": one.fix.day,
        "query": one.fix.query,
        "verdict": one.judgement.verdict,
        "reason": one.judgement.reason,
        "method": one.judgement.method,
        "ratio": effect.value,
        "low": effect.low,
        "high": effect.high,
        "n": effect.n,
        "moved_to": [each.name for each in one.judgement.displaced],
    }
