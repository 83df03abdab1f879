"""By what a record is known again."""

from __future__ import annotations

import hashlib
import uuid

from huiyin.server.collect.feedback.records import Record, dumps

_RECOGNISABLE = ("occurred_at", "customer_id")


def digest(raw: str) -> str:
    """Of a payload."""
    return hashlib.blake2b(raw.encode("utf-8", "replace"), digest_size=16).hexdigest()


def identity(record: Record, fallback: str = "") -> str:
    """The sender's id; else a hash of what was said, when and by whom; else `fallback`, or a new one.

    Two people may well write 好用: without time and customer the words alone make no identity, only the place in a file or the
    sender's idempotency key (`fallback`) does.
    """
    if record.external_id:
        return record.external_id
    values = record.values
    if any(values.get(name) for name in _RECOGNISABLE):
        said = {name: values.get(name) for name in ("text", "title", "product", "channel", *_RECOGNISABLE)}
        return "#" + digest(dumps(said))
    return f"~{fallback}" if fallback else f"~{uuid.uuid4().hex}"
