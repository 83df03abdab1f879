"""Files and queries into the facts, chunk by chunk; killed in the middle a run goes on where it was, and rows done twice are done once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from huiyin.files import FilesError, PlainTables
from huiyin.files.dates import DateReading, find_reading
from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.sql.adapter import ADAPTER as SQL
from huiyin.server.collect.sources.upload.adapter import folder_of_uploads
from huiyin.server.foundation.jobs.errors import JobFailed
from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.operations.models import Feed, FeedReject, FeedRun
from huiyin.server.understand.operations.rows import Refused, columns_of, guess, operations
from huiyin.server.understand.operations.services import DUE, RUN, reading_of, run_start
from huiyin.server.understand.reading.facts import facts_write
from huiyin.text.masking import mask

_CHUNK = 20_000
_LISTED = 1000
_STEP = tuple[pa.Table, list[tuple[str, Refused]], Any, int | None]
"""Rows that can be used, places and reasons of those that cannot, the cursor after them, how many are expected."""


@job(DUE)
def due(run: Run) -> None:
    """A feed's time has come; if its last run still goes, this one is left out."""
    feed = Feed.objects.filter(pk=run.payload["feed"]).first()
    if feed and not feed.runs.filter(state__in=[FeedRun.State.WAITING, FeedRun.State.RUNNING]).exists():
        run_start(feed)


@job(RUN, attempts=5)
def take_in(run: Run) -> dict[str, object]:
    """One file or one query."""
    this = FeedRun.objects.select_related("feed").get(pk=run.payload["run"])
    with state_write():
        FeedRun.objects.filter(pk=this.pk).update(state=FeedRun.State.RUNNING)
    done = int((run.cursor or {}).get("rows", 0))
    try:
        for rows, refused, cursor, total in _of_file(this, run.cursor) if this.options.get("file") else _of_query(this.feed, run.cursor):
            run.check()
            done += rows.num_rows + len(refused)
            with facts_write() as facts:
                if rows.num_rows:
                    facts.operate(rows)
                _settle(run, this, rows.num_rows, refused, {**cursor, "rows": done}, total)
    except (SourceRefused, FilesError) as error:
        _end(this, FeedRun.State.FAILED, {"zh": error.message_zh, "en": error.message_en})
        raise JobFailed(error.message_zh, error.message_en, permanent=not getattr(error, "passing", False)) from error
    _end(this, FeedRun.State.DONE)
    if this.options.get("file"):
        shutil.rmtree((folder_of_uploads() / this.options["file"]).parent, ignore_errors=True)
    return {"rows": done}


def _of_file(this: FeedRun, cursor: Any) -> Iterator[_STEP]:
    path, already, number = folder_of_uploads() / this.options["file"], int((cursor or {}).get("chunks", 0)), 0
    if not path.is_file():
        raise SourceRefused("上传的文件已经不在了，重新上传一次", "The uploaded file is gone; upload it again")
    with PlainTables(path) as found:
        for table in found.tables:
            mapping = _mapping(this.options.get("mapping") or {}, table.columns)
            at = table.columns.index(mapping["time"]) if "time" in mapping else None
            reading = find_reading(table.samples[at], settings.TIME_ZONE) if at is not None else DateReading(settings.TIME_ZONE)
            for chunk in table.chunks(_CHUNK):
                number += 1
                if number <= already:
                    continue
                columns = dict(zip(table.columns, chunk.columns, strict=True))
                rows, refused = operations(columns, mapping, this.feed.key, this.feed.kind, reading)
                placed = [(f"{table.name} · {chunk.rows[one.at]}", one) for one in refused]
                placed += [(f"{table.name} · {one.row}", Refused(0, one.column, "unreadable", one.raw)) for one in chunk.rejects]
                yield rows, placed, {"chunks": number}, table.estimated_rows


def _mapping(asked: dict[str, str], columns: Sequence[str]) -> dict[str, str]:
    """What a person said, where the table has such columns; else what their names say."""
    known = {role: name for role, name in asked.items() if name in columns}
    return known or guess(columns)


def _of_query(feed: Feed, cursor: Any) -> Iterator[_STEP]:
    rising = feed.config.get("rising") or ""
    start = cursor if cursor and "after" in cursor else feed.cursor
    part: list[dict[str, Any]] = []
    for row in SQL.rows(feed, start):
        part.append(row)
        if len(part) >= _CHUNK:
            yield _asked(feed, part, rising)
            part = []
    if part:
        yield _asked(feed, part, rising)


def _asked(feed: Feed, part: list[dict[str, Any]], rising: str) -> _STEP:
    if rising and rising not in part[-1]:
        raise SourceRefused(f"结果里没有递增列「{rising}」", f"The result has no column '{rising}'", "rising")
    columns = columns_of(part)
    mapping = guess(list(columns))
    rows, refused = operations(columns, mapping, feed.key, feed.kind, reading_of(columns, mapping))
    cursor = {"after": part[-1][rising]} if rising else {}
    return rows, [(f"{feed.name} · {one.at + 1}", one) for one in refused], cursor, None


def _settle(run: Run, this: FeedRun, kept: int, refused: list[tuple[str, Refused]], cursor: Any, total: int | None) -> None:
    with state_write():
        room = max(0, _LISTED - this.rejects.count())
        FeedReject.objects.bulk_create(
            FeedReject(run=this, place=place[:200], column=one.column[:100], reason=one.reason, value=mask(one.value)[:120])
            for place, one in refused[:room]
        )
        FeedRun.objects.filter(pk=this.pk).update(kept=F("kept") + kept, rejected=F("rejected") + len(refused))
        if "after" in cursor:
            Feed.objects.filter(pk=this.feed_id).update(cursor={"after": cursor["after"]})
        run.save_cursor(cursor, {"done": cursor["rows"], "total": total})


def _end(this: FeedRun, state: Any, error: dict[str, str] | None = None) -> None:
    with state_write():
        FeedRun.objects.filter(pk=this.pk).update(state=state, error=error, finished_at=timezone.now())
