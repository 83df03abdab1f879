"""Bringing the history under a version: a micro-batch at a time, from whatever was done before."""

from __future__ import annotations

from collections.abc import Sequence

from huiyin.facts import BatchRefused
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.reading.process import ReaderBroken
from huiyin.server.understand.reading.rereading import Selection, chosen_rows, reread_rows
from huiyin.server.understand.reading.services import TextReader
from huiyin.server.understand.taxonomy.models import TaxonomyVersion

BATCH = 500


def bring_history(run: Run, version: TaxonomyVersion, address: str, reader: TextReader) -> dict[str, object]:
    """Read again what was read another way. The rows themselves say which those are, so a killed job goes on where it was.

    Ends early when a later version was published: that one's job reads everything anyway.
    """
    wanted = reader.read(address, [""]).version
    old = chosen_rows(Selection(older_than=wanted)).exclude(raw="")
    without = chosen_rows(Selection(older_than=wanted)).filter(raw="").count()
    first = run.cursor or {}
    done = int(first.get("done", 0)) if first.get("wanted") == wanted else 0
    total, skipped = done + old.count(), 0
    last = 0
    while numbers := list(old.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        run.check()
        if TaxonomyVersion.objects.filter(number__gt=version.number, applied_at__isnull=False).exists():
            return {"read": done, "superseded": True}
        rows = list(Inbox.objects.filter(pk__in=numbers).select_related("source").order_by("pk"))
        skipped += _reread(rows, reader, address)
        last, done = numbers[-1], done + len(numbers)
        with state_write():
            run.save_cursor({"done": done, "wanted": wanted}, {"done": done, "total": total})
    return {"read": done, "skipped": skipped, "without_payload": without}


def _reread(rows: Sequence[Inbox], reader: TextReader, address: str) -> int:
    """Read a batch again; gives how many could not be: they keep the labels they have, under their new paths."""
    try:
        reread_rows(rows, reader, address)
        return 0
    except (ReaderBroken, BatchRefused, ValueError):
        if len(rows) <= 1:
            return len(rows)
        half = len(rows) // 2
        return _reread(rows[:half], reader, address) + _reread(rows[half:], reader, address)
