"""`/api/v1/metrics`: the catalogue, and every number a board shows, for other systems. Filters travel as in the address of a page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from huiyin.facts import Filter
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.prioritise.metrics.catalogue import DIMENSIONS, METRICS
from huiyin.server.prioritise.metrics.figures import broken_down, figure, series
from huiyin.server.prioritise.metrics.telling import card, told
from huiyin.server.understand.explorer.api import FILTERS
from huiyin.server.web.problem_documents import problem
from huiyin.server.web.rights import needs

router = Router(tags=["metrics"])
_GRAINS = ("day", "week", "month")
_DESCRIBED = {"parameters": FILTERS}


@router.get("/metrics", url_name="metrics")
@needs("voices.read")
def get_metrics(request: HttpRequest) -> HttpResponse:
    """The catalogue: key, name, definition, unit, direction, least n, where the formula stands."""
    found = [
        {
            "key": one.key,
            "name": str(one.name),
            "definition": str(one.words),
            "kind": one.way,
            "counted": one.counted,
            "unit": str(one.unit),
            "direction": one.direction,
            "minimum": one.minimum,
            "source": one.source,
        }
        for one in METRICS.values()
    ]
    return JsonResponse({"metrics": found, "dimensions": {key: str(name) for key, name in DIMENSIONS.items()}})


@router.get("/metrics/{key}", url_name="metric", openapi_extra=_DESCRIBED)
@needs("voices.read")
def get_metric(request: HttpRequest, key: str, compare: bool = False) -> HttpResponse:
    """One number with its interval, what stands behind it and how it was computed; `compare` adds the period before."""
    where = _asked(request, key)
    if isinstance(where, HttpResponse):
        return where
    found = figure(key, where, compare)
    made = card(found)
    how = {"definition": made.words, "filter": made.asked, "rows": made.rows, "data_until": made.until, "source": made.source}
    return JsonResponse({**told(found), "how": how})


@router.get("/metrics/{key}/series", url_name="metric_series", openapi_extra=_DESCRIBED)
@needs("voices.read")
def get_series(request: HttpRequest, key: str, grain: str = "week") -> HttpResponse:
    """The number period by period; `grain` is day, week or month."""
    where = _asked(request, key)
    if isinstance(where, HttpResponse):
        return where
    if grain not in _GRAINS:
        return problem(422, "bad_grain", "grain 要 day、week、month 之一", "grain is one of day, week, month")
    points: list[dict[str, Any]] = [
        {"start": one.start.isoformat(), "end": one.end.isoformat(), **told(one.figure)}
        for one in series(key, where, grain)  # type: ignore[arg-type]
    ]
    return JsonResponse({"metric": key, "grain": grain, "points": points})


@router.get("/metrics/{key}/by/{dimension}", url_name="metric_by", openapi_extra=_DESCRIBED)
@needs("voices.read")
def get_broken_down(request: HttpRequest, key: str, dimension: str) -> HttpResponse:
    """The number for each of the commonest values of a dimension."""
    where = _asked(request, key)
    if isinstance(where, HttpResponse):
        return where
    if dimension not in DIMENSIONS:
        return problem(404, "no_such_dimension", "没有这个维度", "there is no such dimension")
    pieces = [{"of": one.value, **told(one.figure)} for one in broken_down(key, where, dimension)]
    return JsonResponse({"metric": key, "dimension": dimension, "values": pieces})


def _asked(request: HttpRequest, key: str) -> Filter | HttpResponse:
    if key not in METRICS:
        return problem(404, "no_such_metric", "没有这个指标", "there is no such metric")
    try:
        return Filter.from_query(request.META.get("QUERY_STRING", "")) & scope_filter(request.user)
    except ValueError as error:
        part = str(error).split(":")[0]
        return problem(422, "bad_filter", f"读不懂 {part}", f"cannot read {part}")
