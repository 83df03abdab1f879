"""Writes of the inbox. Nothing is acknowledged before these return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from huiyin.server.collect.feedback.attachments import Attached, attach, attachments_delete, files_drop
from huiyin.server.collect.feedback.identity import digest
from huiyin.server.collect.feedback.models import Attachment, FormerRaw, Inbox
from huiyin.server.collect.feedback.playing import copies_wanted
from huiyin.server.collect.feedback.records import plain
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write

_AT_ONCE = 500
"""Ids in one query: SQLite limits parameters."""
MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One record on its way in. `reason` given: it cannot be used as it is, and is kept all the same."""

    external_id: str
    raw: str
    record: str = ""
    occurred_at: datetime | None = None
    reason: str = ""
    detail: str = ""
    place: str = ""
    attachments: Sequence[Attached] | None = None
    """Files that belong to it, and no others; None where the source knows of none."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an entry. `status`: created, same (was here already), changed (replaces what it said before), rejected."""

    number: int
    external_id: str
    status: str


def take(source_id: int, entries: Sequence[Entry], run_id: int | None = None, *, bulk: bool = False) -> list[Receipt]:
    """Write entries of a source into the inbox, in one transaction; when it returns to the outermost caller they are kept for good."""
    last = {entry.external_id: entry for entry in entries}
    now = timezone.now()
    with state_write():
        known = _known(source_id, list(last))
        fresh = [entry for name, entry in last.items() if name not in known]
        Inbox.objects.bulk_create([_row(source_id, run_id, bulk, entry, now) for entry in fresh], ignore_conflicts=True, batch_size=_AT_ONCE)
        made = _known(source_id, [entry.external_id for entry in fresh])
        outcome = {name: _met(number, old, last[name], now) for name, (number, old) in known.items()}
        outcome |= {name: (number, "rejected" if last[name].reason else "created") for name, (number, _) in made.items()}
        _attach(entries, last, outcome)
        if any(status in ("created", "changed") for _, status in outcome.values()):
            publish("inbox", {"source": source_id, "count": len(outcome)})
    return [Receipt(outcome[entry.external_id][0], entry.external_id, outcome[entry.external_id][1]) for entry in entries]


def _attach(entries: Sequence[Entry], last: Mapping[str, Entry], outcome: Mapping[str, tuple[int, str]]) -> None:
    """Attach the files of new and changed records. Files of what was here already, or cannot be used, are not needed."""
    wanted: dict[int, Sequence[Attached]] = {}
    for entry in entries:
        number, status = outcome[entry.external_id]
        if entry.attachments is not None and entry is last[entry.external_id] and status in ("created", "changed"):
            wanted[number] = entry.attachments
        elif entry.attachments:
            files_drop(one.file for one in entry.attachments)
    attach(wanted)
    if any(one.player_state == Attachment.Player.WAITING for some in wanted.values() for one in some):
        copies_wanted()


def _known(source_id: int, names: list[str]) -> dict[str, tuple[int, str]]:
    """Number and digest of the records that are here."""
    found: dict[str, tuple[int, str]] = {}
    for at in range(0, len(names), _AT_ONCE):
        rows = Inbox.objects.filter(source_id=source_id, external_id__in=names[at : at + _AT_ONCE])
        found |= {name: (number, old) for name, number, old in rows.values_list("external_id", "id", "digest")}
    return found


def _row(source_id: int, run_id: int | None, bulk: bool, entry: Entry, now: datetime) -> Inbox:
    place = plain(entry.place, 300)
    return Inbox(source_id=source_id, run_id=run_id, bulk=bulk, external_id=entry.external_id, place=place, **_brought(entry, now))


def _brought(entry: Entry, now: datetime) -> dict[str, Any]:
    """What an entry brings to its row, whether the row is new or there already."""
    return {
        "digest": digest(entry.raw),
        "raw": entry.raw,
        "record": entry.record,
        "occurred_at": entry.occurred_at,
        "received_at": now,
        "state": Inbox.State.REJECTED if entry.reason else Inbox.State.NEW,
        "reason": entry.reason,
        "detail": plain(entry.detail, 300),
    }


def _met(number: int, old: str, entry: Entry, now: datetime) -> tuple[int, str]:
    """A record that is here already: the same again, or corrected."""
    if digest(entry.raw) == old:
        return number, "rejected" if entry.reason else "same"
    row = Inbox.objects.select_for_update().get(pk=number) if connection.features.has_select_for_update else Inbox.objects.get(pk=number)
    FormerRaw.objects.create(inbox=row, revision=row.revision, raw=row.raw, replaced_at=now)
    Inbox.objects.filter(pk=number).update(**_brought(entry, now), attempts=0, revision=F("revision") + 1)
    return number, "rejected" if entry.reason else "changed"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """An inbox row that stands in the facts under the revision that was read."""

    number: int
    revision: int
    customer: str
    text_version: str


_DONE = (
    "UPDATE feedback_inbox SET state = 'done', done_at = %s, customer = %s, text_version = %s, reason = '', detail = '' "
    "WHERE id = %s AND revision = %s AND state = 'new'"
)


def mark_done(rows: Iterable[ReadRow]) -> None:
    """The rows stand in the facts. A row corrected meanwhile stays new.

    By hand: the ORM takes ten times as long to build a thousand updates as the database to do them, and others wait meanwhile.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with state_write(), connection.cursor() as cursor:
        cursor.executemany(_DONE, [(now, row.customer, row.text_version, row.number, row.revision) for row in rows])


def reject(number: int, revision: int, reason: str, detail: str) -> None:
    """The row cannot be used; it is listed with the reason and can be run again."""
    with state_write():
        Inbox.objects.filter(pk=number, revision=revision).update(
            state=Inbox.State.REJECTED, reason=reason[:40], detail=plain(detail, 300), attempts=F("attempts") + 1
        )
        publish("inbox.rejected", {"count": 1})


def read_again(numbers: Sequence[int]) -> int:
    """Put rows back to be read, whatever their state, if their payload is still kept."""
    done = 0
    with state_write():
        for at in range(0, len(numbers), _AT_ONCE):
            rows = Inbox.objects.filter(pk__in=numbers[at : at + _AT_ONCE]).exclude(raw="")
            done += rows.update(state=Inbox.State.NEW, reason="", detail="", attempts=0)
        publish("inbox", {"count": done})
    return done


def forget_payloads(source_id: int, older_than: timedelta) -> int:
    """Empty the payloads of a source that are older and no longer wait, attachments among them; ids stay, so that nothing comes in twice."""
    before = timezone.now() - older_than
    with state_write():
        FormerRaw.objects.filter(inbox__source_id=source_id, replaced_at__lt=before).delete()
        settled = Inbox.objects.filter(source_id=source_id, received_at__lt=before).exclude(state=Inbox.State.NEW).exclude(raw="")
        attachments_delete(settled.filter(attachments__isnull=False).values_list("pk", flat=True).distinct())
        return settled.update(raw="", record="")


def rows_delete(numbers: Sequence[int]) -> int:
    """Delete records with what they said before; gives how many there were. Inside the caller's transaction, at most 500 at once."""
    rows = Inbox.objects.filter(pk__in=numbers)
    count = rows.count()
    rows.delete()
    return count
