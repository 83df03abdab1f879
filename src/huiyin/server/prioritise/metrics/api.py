"""`/api/v1/metrics`: the catalogue, and every number a board shows, for other systems. Filters travel as in the address of a page."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from huiyin.facts import Filter
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.prioritise.metrics.catalogue import DIMENSIONS, METRICS
from huiyin.server.prioritise.metrics.figures import broken_down, figure, series
from huiyin.server.prioritise.metrics.telling import card, told
from huiyin.server.understand.explorer.api import FILTERS
from huiyin.server.web.problem_documents import problem
from huiyin.server.web.rights import needs

router = Router(tags=["metrics"])
Grain = Literal["day", "week", "month"]
_DESCRIBED = {"parameters": FILTERS}


class MetricOut(Schema):
    """A metric of the catalogue."""

    key: str
    name: str
    definition: str
    kind: str
    counted: str
    unit: str
    direction: int
    minimum: int = Field(description="with fewer answers no number is told")
    source: str = Field(description="where the formula stands")


class Catalogue(Schema):
    """All metrics, and the dimensions they can be broken down by."""

    metrics: list[MetricOut]
    dimensions: dict[str, str]


class EstimateOut(Schema):
    """A value, its 95 % interval and how many stand behind it."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class MarkOut(Schema):
    """How many of what, and where they are heard."""

    count: int
    counted: str
    filter: str
    url: str


class FigureOut(EstimateOut):
    """A number of a metric; `reason` says why it is not told."""

    metric: str
    unit: str
    counted: str
    reason: str
    before: EstimateOut | None
    change: EstimateOut | None
    verdict: str
    filter: str
    voices: MarkOut
    part: MarkOut | None


class How(Schema):
    """How a number was computed."""

    definition: str
    filter: str
    rows: str
    data_until: str
    source: str


class FigureWhole(FigureOut):
    """A number and how it was computed."""

    how: How


class PointOut(FigureOut):
    """A number of one period."""

    start: date
    end: date


class SeriesOut(Schema):
    """A number period by period."""

    metric: str
    grain: Grain
    points: list[PointOut]


class PieceOut(FigureOut):
    """The number of one value of a dimension."""

    of: str


class BrokenDown(Schema):
    """A number for each of the commonest values of a dimension."""

    metric: str
    dimension: str
    values: list[PieceOut]


@router.get("/metrics", response=Catalogue, url_name="metrics")
@needs("voices.read")
def get_metrics(request: HttpRequest) -> Any:
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
    return {"metrics": found, "dimensions": {key: str(name) for key, name in DIMENSIONS.items()}}


@router.get("/metrics/{key}", response=FigureWhole, url_name="metric", openapi_extra=_DESCRIBED)
@needs("voices.read")
def get_metric(request: HttpRequest, key: str, compare: bool = False) -> Any:
    """One number with its interval, what stands behind it and how it was computed; `compare` adds the period before."""
    where = _asked(request, key)
    if isinstance(where, HttpResponse):
        return where
    found = figure(key, where, compare)
    made = card(found)
    how = {"definition": made.words, "filter": made.asked, "rows": made.rows, "data_until": made.until, "source": made.source}
    return {**told(found), "how": how}


@router.get("/metrics/{key}/series", response=SeriesOut, url_name="metric_series", openapi_extra=_DESCRIBED)
@needs("voices.read")
def get_series(request: HttpRequest, key: str, grain: Grain = "week") -> Any:
    """The number period by period; `grain` is day, week or month."""
    where = _asked(request, key)
    if isinstance(where, HttpResponse):
        return where
    points = [{"start": one.start, "end": one.end, **told(one.figure)} for one in series(key, where, grain)]
    return {"metric": key, "grain": grain, "points": points}


@router.get("/metrics/{key}/by/{dimension}", response=BrokenDown, url_name="metric_by", openapi_extra=_DESCRIBED)
@needs("voices.read")
def get_broken_down(request: HttpRequest, key: str, dimension: str) -> Any:
    """The number for each of the commonest values of a dimension."""
    where = _asked(request, key)
    if isinstance(where, HttpResponse):
        return where
    if dimension not in DIMENSIONS:
        return problem(404, "no_such_dimension", "没有这个维度", "there is no such dimension")
    pieces = [{"of": one.value, **told(one.figure)} for one in broken_down(key, where, dimension)]
    return {"metric": key, "dimension": dimension, "values": pieces}


def _asked(request: HttpRequest, key: str) -> Filter | HttpResponse:
    if key not in METRICS:
        return problem(404, "no_such_metric", "没有这个指标", "there is no such metric")
    try:
        return Filter.from_query(request.META.get("QUERY_STRING", "")) & scope_filter(request.user)
    except ValueError as error:
        part = str(error).split(":")[0]
        return problem(422, "bad_filter", f"读不懂 {part}", f"cannot read {part}")
