"""Writes of operations: feeds made, files and queries run, records sent over the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from huiyin.files import PlainTables
from huiyin.files.dates import DateReading, find_reading
from huiyin.server.collect.sources.sealing import SHOWN
from huiyin.server.collect.sources.services import check_cron, free_key
from huiyin.server.collect.sources.sql.adapter import ADAPTER as SQL
from huiyin.server.collect.sources.upload.adapter import folder_of_uploads
from huiyin.server.collect.sources.upload.services import keep_file
from huiyin.server.foundation.audit.services import record, record_change
from huiyin.server.foundation.jobs.services import enqueue, schedule, unschedule
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.operations.models import Feed, FeedRun
from huiyin.server.understand.operations.rows import columns_of, guess, operations
from huiyin.server.understand.reading.facts import facts_write

RUN, DUE = "operations.run", "operations.due"
MOST = 5000
"""Records of one API call."""


class RecordsRefused(Exception):
    """Records that cannot be used; nothing was kept."""

    def __init__(self, code: str, message_zh: str, message_en: str, index: int | None = None) -> None:
        super().__init__(message_en)
        self.code, self.message_zh, self.message_en, self.index = code, message_zh, message_en, index


def feed_save(
    feed: Feed | None, way: str, name: str, kind: str, *, actor: Any, query: Mapping[str, Any] | None = None, cron: str = "", key: str = ""
) -> Feed:
    """Make a feed, or change one. `query` holds the settings of a database; a secret that comes as it is shown stays as it was.

    Raises:
        SourceRefused: settings that cannot work.
    """
    made = feed is None
    feed = feed or Feed(way=way, key=free_key(key or name, way, Feed))
    before = _told(feed) if not made else {}
    feed.name, feed.kind, feed.cron = name.strip()[:100], kind, cron if way == "sql" else ""
    if way == "sql":
        given = dict(query or {})
        address = given.pop("url", "")
        secrets = {"url": feed.secrets.get("url", "") if address in ("", SHOWN) else address}
        feed.config, feed.secrets = SQL.check(given, secrets), secrets
        check_cron(cron)
    with state_write():
        feed.save()
        if feed.cron:
            schedule(DUE, feed.cron, key=str(feed.pk), payload={"feed": feed.pk})
        else:
            unschedule(DUE, str(feed.pk))
        if made:
            record("operations.feed_made", feed, actor=actor, after=_told(feed))
        else:
            record_change("operations.feed_changed", feed, actor=actor, before=before, after=_told(feed))
    return feed


def _told(feed: Feed) -> dict[str, Any]:
    return {"name": feed.name, "kind": feed.kind, "cron": feed.cron, "query": feed.config.get("query", "")}


def draft_make(feed: Feed, given: Any, *, actor: Any) -> FeedRun:
    """Keep a file until somebody has looked at its columns.

    Raises:
        FilesError: it cannot be read as a whole.
    """
    name = keep_file(given)
    with PlainTables(folder_of_uploads() / name) as found:
        first = found.tables[0]
        looked = {
            "file": name,
            "columns": first.columns,
            "samples": {column: [str(one)[:60] for one in values if one][:3] for column, values in zip(first.columns, first.samples, strict=True)},
            "mapping": guess(first.columns),
            "rows": first.estimated_rows,
        }
    with state_write():
        return FeedRun.objects.create(feed=feed, state=FeedRun.State.DRAFT, options=looked, started_by=actor)


def run_start(feed: Feed, run: FeedRun | None = None, mapping: Mapping[str, str] | None = None, *, actor: Any = None) -> FeedRun:
    """Take a file in, its columns read as `mapping` says; or ask a feed's database."""
    with state_write():
        if run is None:
            run = FeedRun.objects.create(feed=feed, started_by=actor)
        else:
            run.options = {**run.options, "mapping": dict(mapping or {})}
        run.state, run.job = FeedRun.State.WAITING, enqueue(RUN, {"run": run.pk}, key=f"{run.pk}", user=actor)
        run.save()
        record("operations.run_started", feed, actor=actor, after={"file": run.file_name} if run.file_name else {})
    return run


def feed_drop(feed: Feed, *, actor: Any) -> int:
    """Forget all that a feed brought, and the feed; gives how many operations went."""
    with facts_write() as facts:
        gone = facts.drop_operations(feed.key)
        with state_write():
            unschedule(DUE, str(feed.pk))
            record("operations.dropped", feed, actor=actor, before={"name": feed.name}, after={"found": gone})
            feed.delete()
    return gone


def api_feed(key: str) -> Feed:
    """The API feed of that key; without one, the one that is always there.

    Raises:
        RecordsRefused: there is none of that key.
    """
    found = Feed.objects.filter(key=key or "api", way=Feed.Way.API).first()
    if found is None and key:
        raise RecordsRefused("no_such_feed", f"没有叫「{key}」的接口", f"There is no API feed '{key}'")
    if found is None:
        found, _made = Feed.objects.get_or_create(key="api", defaults={"way": Feed.Way.API, "name": "API"})
    return found


def records_keep(feed: Feed, said: Any) -> int:
    """Keep records sent over the API, all or nothing; what is answered is on the disk. Gives how many stand there for it.

    Raises:
        RecordsRefused: no list of at most 5,000 usable records; `index` names the first that is not.
    """
    rows = said.get("records") if isinstance(said, dict) else said
    if not isinstance(rows, list) or not rows:
        raise RecordsRefused("no_records", '需要一个非空的数组，或 {"records": […]}', 'A list with records is needed, or {"records": […]}')
    if len(rows) > MOST:
        raise RecordsRefused("too_many", f"一次最多 {MOST} 条", f"At most {MOST} records at once")
    wrong = next((at for at, one in enumerate(rows) if not isinstance(one, dict)), None)
    if wrong is not None:
        raise RecordsRefused("no_object", "每条记录要是一个对象", "Each record has to be an object", wrong)
    return keep_rows(feed, rows)


def keep_rows(feed: Feed, rows: Sequence[Mapping[str, Any]]) -> int:
    """Rows into the facts, all or nothing.

    Raises:
        RecordsRefused: one that cannot be used.
    """
    columns = columns_of(rows)
    mapping = guess(list(columns))
    made, refused = operations(columns, mapping, feed.key, feed.kind, reading_of(columns, mapping))
    if refused:
        first = refused[0]
        where = f"第 {first.at + 1} 条", f"record {first.at + 1}"
        raise RecordsRefused(first.reason, f"{where[0]}：{first.column or '—'}", f"{where[1]}: {first.reason} {first.column}", first.at)
    with facts_write() as facts:
        facts.operate(made)
    return int(made.num_rows)


def reading_of(columns: Mapping[str, Any], mapping: Mapping[str, str]) -> DateReading:
    """How the dates of these columns are read, by what they hold."""
    from django.conf import settings

    if "time" not in mapping or mapping["time"] not in columns:
        return DateReading(settings.TIME_ZONE)
    return find_reading(columns[mapping["time"]].slice(0, 2000).to_pylist(), settings.TIME_ZONE)
