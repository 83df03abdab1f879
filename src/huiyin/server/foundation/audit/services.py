"""Writing audit rows: called by every service that changes something, inside its transaction."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.audit.request import current_origin

FIRST = "0" * 64
_ADVISORY_LOCK = 0x48555949


def record(
    verb: str,
    target: Any,
    *,
    actor: Any = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    object_type: str = "",
    object_name: str = "",
) -> AuditEntry:
    """Adds one row. `target` is a model instance, or the id of something that is no model (then `object_type` is given).

    Raises:
        RuntimeError: outside a transaction, where a change and its row could come apart.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{verb}: an audit row is written in the transaction of the change it tells of")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
    origin = current_origin()
    person = actor if getattr(actor, "pk", None) else None
    entry = AuditEntry(
        at=timezone.now(),
        actor=person,
        actor_name=(str(person) if person else str(actor or "system"))[:200],
        key_name=str(getattr(actor, "key_name", "") or "")[:200],
        verb=verb,
        object_type=object_type or target._meta.model_name,
        object_id=str(getattr(target, "pk", target))[:100],
        object_name=(object_name or str(target))[:300],
        before=_plain(before),
        after=_plain(after),
        ip=origin.ip,
        request_id=origin.request_id,
        previous=AuditEntry.objects.values_list("seal", flat=True).order_by("-id").first() or FIRST,
    )
    entry.seal = seal_of(entry)
    entry.save(force_insert=True)
    return entry


def record_change(verb: str, target: Any, *, actor: Any, before: dict[str, Any], after: dict[str, Any]) -> AuditEntry | None:
    """Adds one row that holds only the parts that differ; none when nothing does."""
    differing = {name for name in after if before.get(name) != after[name]}
    if not differing:
        return None
    return record(
        verb,
        target,
        actor=actor,
        before={name: before.get(name) for name in sorted(differing)},
        after={name: after[name] for name in sorted(differing)},
    )


def seal_of(entry: AuditEntry) -> str:
    """SHA-256 over the entry and the seal before it; any later change to either shows."""
    parts = [
        entry.previous,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.key_name,
        entry.verb,
        entry.object_type,
        entry.object_id,
        entry.object_name,
        entry.before,
        entry.after,
        entry.ip,
        entry.request_id,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _plain(values: dict[str, Any] | None) -> Any:
    # Through JSON once, so that what is sealed is exactly what the database gives back.
    return None if values is None else json.loads(json.dumps(values, cls=DjangoJSONEncoder, default=str))
