"""Taking in what a REST client sends."""

from __future__ import annotations

import json
from typing import Any

from huiyin.server.collect.feedback.records import RecordRefused
from huiyin.server.collect.feedback.services import Entry, Receipt, take
from huiyin.server.collect.sources.entries import entry_of
from huiyin.server.collect.sources.models import Source
from huiyin.server.collect.sources.services import default_source

MOST = 5000
"""Records of one batch."""


class BodyRefused(Exception):
    """A body that is not what it should be; nothing of it was kept."""

    def __init__(self, status: int, code: str, message_zh: str, message_en: str, **more: Any) -> None:
        super().__init__(message_en)
        self.status, self.code, self.message_zh, self.message_en, self.more = status, code, message_zh, message_en, more


def source_named(key: str) -> Source:
    """The REST source of that key; without one, the one that is always there.

    Raises:
        BodyRefused: there is none, or it is switched off.
    """
    if not key:
        return default_source("rest", "API")
    source = Source.objects.filter(key=key, kind="rest").first()
    if source is None:
        raise BodyRefused(404, "no_such_source", f"没有叫「{key}」的接口来源", f"There is no REST source '{key}'")
    return source


def parsed(body: bytes) -> Any:
    """The JSON of a body.

    Raises:
        BodyRefused: it is none.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        detail = str(error)[:200]
        raise BodyRefused(400, "not_json", "请求的正文不是 JSON（UTF-8）", "The body is no JSON in UTF-8", detail=detail) from None


def take_one(source: Source, said: Any, idempotency_key: str = "") -> Receipt:
    """Keep one record.

    Raises:
        BodyRefused: it is no object, has no text, or the source is off.
    """
    return _take(source, [_entry(said, None, idempotency_key[:150])])[0]


def take_many(source: Source, said: Any, idempotency_key: str = "") -> list[Receipt]:
    """Keep a batch, all or nothing.

    Raises:
        BodyRefused: it is no list of at most 5,000 usable records; `index` names the first that is not.
    """
    records = said.get("records") if isinstance(said, dict) else said
    if not isinstance(records, list) or not records:
        raise BodyRefused(422, "no_records", '需要一个非空的数组，或 {"records": […]}', 'A list with records is needed, or {"records": […]}')
    if len(records) > MOST:
        raise BodyRefused(413, "too_many", f"一批最多 {MOST:,} 条", f"A batch holds at most {MOST:,} records")
    key = idempotency_key[:150]
    return _take(source, [_entry(one, at, f"{key}/{at}" if key else "") for at, one in enumerate(records)])


def _entry(said: Any, index: int | None, fallback: str) -> Entry:
    where = {} if index is None else {"index": index}
    if not isinstance(said, dict):
        raise BodyRefused(422, "no_object", "一条反馈是一个 JSON 对象", "A record is a JSON object", **where)
    try:
        return entry_of(said, fallback=fallback)
    except RecordRefused as refused:
        raise BodyRefused(422, refused.code, refused.message_zh, refused.message_en, field=refused.field, **where) from None


def _take(source: Source, entries: list[Entry]) -> list[Receipt]:
    if not source.enabled:
        raise BodyRefused(409, "source_off", f"来源「{source.name}」停用了", f"The source '{source.name}' is switched off")
    return take(source.pk, entries)
