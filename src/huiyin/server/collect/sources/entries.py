"""From what a sender said to an inbox entry; what cannot be used becomes an entry too, with the reason."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from huiyin.server.collect.feedback.identity import digest, identity
from huiyin.server.collect.feedback.records import RecordRefused, clean_record, dumps
from huiyin.server.collect.feedback.services import Entry


def entry_of(said: Mapping[str, Any], *, raw: str = "", fallback: str = "", place: str = "", live: bool = True) -> Entry:
    """An entry of one record. `raw` is the payload where that is another thing; `live` records without a time happened now.

    Raises:
        RecordRefused: it has no text, or is beyond all measure.
    """
    record = clean_record(said)
    values = record.as_json()
    occurred = record.occurred_at or (timezone.now() if live else None)
    return Entry(identity(record, fallback), raw or values, values if raw else "", occurred, place=place)


def entry_or_reject(said: Mapping[str, Any], *, raw: str = "", fallback: str = "", place: str = "", live: bool = True) -> Entry:
    """An entry of one record, or of its refusal."""
    try:
        return entry_of(said, raw=raw, fallback=fallback, place=place, live=live)
    except RecordRefused as refused:
        return rejected(raw or dumps(said), refused.code, refused.message_zh, place)


def rejected(raw: str, reason: str, detail: str, place: str = "") -> Entry:
    """An entry that cannot be used; known again by its payload and place."""
    name = "!" + digest(f"{place}\n{raw}") if raw or place else f"!{uuid.uuid4().hex}"
    return Entry(name, raw or "{}", reason=reason[:40], detail=detail, place=place)
