"""`/api/v1/operations/feeds`: where operations come from: set up, changed, asked now, dropped with all they brought; and how a run went.

Secrets go in and never come out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.api_sources import unusable
from huiyin.server.collect.sources.sealing import SHOWN
from huiyin.server.foundation.people.api_keys import Holding
from huiyin.server.understand.operations.models import Feed, FeedRun
from huiyin.server.understand.operations.selectors import count_of, counts_by_feed, feeds_with_latest
from huiyin.server.understand.operations.services import feed_drop, feed_save, run_start
from huiyin.server.web.rights import needs

router = Router(tags=["operations"])
_MANAGES = Holding("operations.manage")
_REJECTS = 1000
_Kind = Literal["order", "ticket", "usage", "churn", "revenue"]


class DatabaseIn(Schema):
    """What is asked of a database. Unsaid `url`: as it was. With a `rising` column the query names `:after` and is ordered by it."""

    url: str = Field(default="", max_length=2000)
    query: str = Field(min_length=1, max_length=20_000)
    rising: str = Field(default="", max_length=100)
    start: str = Field(default="0", max_length=100)


class FeedIn(Schema):
    """A feed; a database's tells what to ask and, by `cron`, when. `record`: what rows are that do not state it."""

    name: str = Field(min_length=1, max_length=100, pattern=r"\S")
    record: _Kind = "order"
    database: DatabaseIn | None = None
    cron: str = Field(default="", max_length=120)


class FeedMade(FeedIn):
    """A new one, and how its records come."""

    way: Literal["file", "api", "sql"]


class FeedOut(Schema):
    """A feed; `records` stand in the store for it. `query` is empty unless it asks a database."""

    id: int
    key: str
    name: str
    way: Literal["file", "api", "sql"]
    record: _Kind
    query: str
    cron: str
    records: int
    last_run: int | None


class FeedRejectOut(Schema):
    """A row that could not be used."""

    place: str
    column: str
    reason: str
    value: str


class FeedRunOut(Schema):
    """A run: a file taken in, or a query asked. The first thousand rows that could not be used are listed."""

    id: int
    feed: int
    state: Literal["draft", "waiting", "running", "done", "failed"]
    job: int | None
    started_at: datetime
    finished_at: datetime | None
    kept: int
    rejected: int
    error: str
    rejects: list[FeedRejectOut]


class Dropped(Schema):
    """How many records went with the feed."""

    dropped: int


@router.get("/operations/feeds", response=list[FeedOut], url_name="operations_feeds")
@needs("operations.manage")
def feeds(request: HttpRequest) -> Any:
    """Every feed, by name."""
    records = counts_by_feed()
    return [_told(one, records.get(one.key, 0), one.latest) for one in feeds_with_latest()]


@router.post("/operations/feeds", response={201: FeedOut}, url_name="operations_feeds", auth=_MANAGES)
@needs("operations.manage")
def make(request: HttpRequest, body: FeedMade) -> Any:
    """A new feed."""
    return Status(201, _line(_saved(request, None, body.way, body)))


@router.post("/operations/feeds/{int:number}", response=FeedOut, url_name="operations_feed", auth=_MANAGES)
@needs("operations.manage")
def change(request: HttpRequest, number: int, body: FeedIn) -> Any:
    """The set-up of a feed."""
    found = get_object_or_404(Feed, pk=number)
    return _line(_saved(request, found, found.way, body))


@router.post("/operations/feeds/{int:number}/drop", response=Dropped, url_name="operations_feed_drop", auth=_MANAGES)
@needs("operations.manage")
def drop(request: HttpRequest, number: int) -> Any:
    """Forget a feed and all it brought."""
    return {"dropped": feed_drop(get_object_or_404(Feed, pk=number), actor=request.user)}


@router.post("/operations/feeds/{int:number}/fetch", response={202: FeedRunOut}, url_name="operations_feed_fetch", auth=_MANAGES)
@needs("operations.manage")
def fetch(request: HttpRequest, number: int) -> Any:
    """Ask a feed's database now."""
    found = get_object_or_404(Feed, pk=number, way=Feed.Way.SQL)
    return Status(202, _run(run_start(found, actor=request.user)))


@router.get("/operations/runs/{int:number}", response=FeedRunOut, url_name="operations_run")
@needs("operations.manage")
def run(request: HttpRequest, number: int) -> Any:
    """How a run goes, and what it could not use."""
    return _run(get_object_or_404(FeedRun, pk=number))


def _saved(request: HttpRequest, feed: Feed | None, way: str, body: FeedIn) -> Feed:
    if way == "sql" and body.database is None:
        raise HttpError(422, "database: a feed of a database tells what to ask")
    query = body.database.dict() if body.database else {}
    if feed is not None and not query.get("url"):
        query["url"] = SHOWN
    try:
        return feed_save(feed, way, body.name, body.record, actor=request.user, query=query, cron=body.cron)
    except SourceRefused as refused:
        raise unusable(refused) from None


def _line(feed: Feed) -> dict[str, Any]:
    return _told(feed, count_of(feed.key), feed.runs.all()[:1])


def _told(feed: Feed, records: int, latest: Iterable[FeedRun]) -> dict[str, Any]:
    """A feed as it is told; `latest` holds its last run, or nothing."""
    about = {"id": feed.pk, "key": feed.key, "name": feed.name, "way": feed.way, "record": feed.kind, "cron": feed.cron}
    return {**about, "query": str(feed.config.get("query", "")), "records": records, "last_run": next((run.pk for run in latest), None)}


def _run(found: FeedRun) -> dict[str, Any]:
    times = {"started_at": found.started_at, "finished_at": found.finished_at}
    counts = {"kept": found.kept, "rejected": found.rejected, "error": found.error_text}
    rejects = [{"place": one.place, "column": one.column, "reason": one.reason, "value": one.value} for one in found.rejects.all()[:_REJECTS]]
    return {"id": found.pk, "feed": found.feed_id, "state": found.state, "job": found.job_id, **times, **counts, "rejects": rejects}
