"""What is known of a customer or a voice, for those who may ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa

from huiyin.facts import Filter
from huiyin.insight import records
from huiyin.server.collect.feedback.models import Inbox, inbox_number
from huiyin.server.collect.sources.models import Source
from huiyin.server.understand.privacy.erasing import left_of
from huiyin.server.understand.privacy.models import Retention
from huiyin.server.understand.reading.facts import facts_store


@dataclass(frozen=True, slots=True)
class Clear:
    """A voice as it came in. `kept` is False where its payload was emptied by the source's retention."""

    kept: bool
    title: str = ""
    text: str = ""
    customer: str = ""
    fields: tuple[tuple[str, str], ...] = ()


_STEP = 500
_SHOWN = ("title", "text", "customer_id")


def said_by(customer: str, within: Filter) -> int:
    """How many voices of a customer lie within the rows that may be seen."""
    return records.count(facts_store(), within & Filter(customer_id=(customer,))).voices


def in_scope(feedback_id: str, within: Filter) -> bool:
    """Whether a voice lies within the rows that may be seen."""
    return bool(facts_store().query("SELECT feedback_id FROM voice WHERE feedback_id = ?", [feedback_id], within).num_rows)


def in_the_clear(feedback_id: str) -> Clear:
    """The record behind a voice, unmasked. The caller has checked right and scope and written the audit row."""
    number = inbox_number(feedback_id)
    row = Inbox.objects.filter(pk=number).first() if number is not None else None
    if row is None or not (row.record or row.raw):
        return Clear(False)
    try:
        said = json.loads(row.record or row.raw)
    except ValueError:
        return Clear(True, "", row.raw)
    attributes = said.get("attributes") or {}
    fields = [(name, str(value)) for name, value in said.items() if name not in (*_SHOWN, "attributes") and value not in (None, "")]
    fields += [(str(name), str(value)) for name, value in attributes.items()]
    return Clear(True, str(said.get("title") or ""), str(said.get("text") or ""), str(said.get("customer_id") or ""), tuple(fields))


def copy_of(customer: str) -> Iterator[dict[str, Any]]:
    """Everything kept of a customer, voice by voice: as it came in, and what was read of it. In the order of arrival."""
    rows = (
        Inbox.objects.filter(customer=customer)
        .select_related("source")
        .prefetch_related("former", "attachments")
        .order_by("pk")
        .iterator(chunk_size=_STEP)
    )
    while some := list(islice(rows, _STEP)):
        read, opinions = _read_of([row.feedback_id for row in some])
        for row in some:
            try:
                sent: Any = json.loads(row.record or row.raw) if row.raw or row.record else None
            except ValueError:
                sent = row.raw
            yield {
                "source": row.source.name,
                "external_id": row.external_id,
                "received_at": row.received_at,
                "sent": sent,
                # Where the record was made of something larger, such as a whole call, that too.
                "as_received": row.raw if row.record else None,
                "attachments": [one.file for one in row.attachments.all()],
                "read": read.get(row.feedback_id, {}),
                "opinions": opinions.get(row.feedback_id, []),
                "before": [{"revision": one.revision, "raw": one.raw, "replaced_at": one.replaced_at} for one in row.former.all()],
            }


def operations_of(customer: str) -> list[dict[str, Any]]:
    """What happened with a customer, as far as it is kept, oldest first."""
    rows = facts_store().query("SELECT * FROM happening WHERE customer_id = ? ORDER BY occurred_at, operation_id", [customer]).to_pylist()
    return [{**row, "attributes": dict(row["attributes"] or ())} for row in rows]


def _read_of(ids: list[str]) -> tuple[dict[str, dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """What the facts hold of some voices, and of their opinions, by id."""
    store, wanted = facts_store(), {"wanted": pa.table({"wanted_id": ids})}
    voices = records.rows_of(store, pa.table({"feedback_id": ids})).to_pylist()
    said = store.query("SELECT o.* FROM wanted w JOIN opinion o ON o.feedback_id = w.wanted_id ORDER BY o.feedback_id, o.mention_no", tables=wanted)
    opinions: dict[str, list[dict[str, Any]]] = {}
    for one in said.to_pylist():
        opinions.setdefault(one["feedback_id"], []).append(one)
    return {one["feedback_id"]: {name: value for name, value in one.items() if name not in ("text", "title")} for one in voices}, opinions


def will_go(customer: str) -> dict[str, int]:
    """What an erasure would find, by place."""
    return left_of(customer)


@dataclass(frozen=True, slots=True)
class Kept:
    """How long a source's voices and payloads are kept."""

    source: Source
    voices_days: int


def retentions() -> list[Kept]:
    """Of every source."""
    rules = dict(Retention.objects.values_list("source_id", "voices_days"))
    return [Kept(source, rules.get(source.pk, 0)) for source in Source.objects.order_by("name")]
