"""History that an older engine read: how much there is, and what reading it again would change, tried on a blind draw of it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from huiyin.facts.corrections import table_of, with_corrections
from huiyin.insight import records
from huiyin.server.collect.feedback.models import Inbox, inbox_number
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.foundation.jobs.selectors import jobs_of
from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.learning.comparing import differences, read_of
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.rereading import read_anew, readable_rows
from huiyin.server.understand.reading.services import TextReader
from huiyin.text.reader import ENGINE

RENEWAL = "learning.renewal"
SAMPLE = 2000
_BATCH = 500
_SAID = ("feedback_id", "start", "end", "polarity", "aspect")


def behind() -> int:
    """Voices whose words are still there and that an older engine read."""
    return readable_rows().exclude(text_version__contains=f"~{ENGINE}+").count()


def preview_start(user: Any) -> Job:
    """Have a draw of them read by the engine of now."""
    with state_write():
        return enqueue(RENEWAL, {}, key=ENGINE, user=user)


def latest_preview() -> Job | None:
    """The last preview under this engine, under way or done."""
    return jobs_of(RENEWAL, ENGINE).first()


def preview_make(run: Run, reader: TextReader) -> dict[str, Any]:
    """What would change; corrections are laid over the new reading as they will be."""
    drawn = facts_store().query(
        "SELECT feedback_id FROM voice WHERE text_version NOT LIKE ? ORDER BY md5(feedback_id), feedback_id LIMIT ?", [f"%~{ENGINE}+%", SAMPLE]
    )
    numbers = [number for one in drawn["feedback_id"].to_pylist() if (number := inbox_number(one)) is not None]
    rows = list(readable_rows().filter(pk__in=numbers).select_related("source").order_by("pk"))
    ids = [row.feedback_id for row in rows]
    now: dict[str, Any] = {}
    for at in range(0, len(rows), _BATCH):
        now |= _read_now(rows[at : at + _BATCH], reader)
        run.report(min(at + _BATCH, len(rows)), len(rows))
    was = _by_voice(records.opinions_in(facts_store(), ids, _SAID))
    return differences(ids, [was.get(one, {}) for one in ids], [now.get(one, {}) for one in ids])


def _read_now(rows: list[Inbox], reader: TextReader) -> dict[str, Any]:
    feedback, mentions, _version = read_anew(rows, reader)
    store = facts_store()
    if kept := store.corrections():
        table = table_of(kept)
        mine = table.filter(pc.is_in(table["feedback_id"], value_set=feedback["feedback_id"].combine_chunks()))
        _feedback, mentions = with_corrections(feedback, mentions, mine, store.version)
    return _by_voice(mentions.sort_by([("feedback_id", "ascending"), ("mention_no", "ascending")]))


def _by_voice(mentions: pa.Table) -> dict[str, Any]:
    return read_of(zip(*(mentions[name].to_pylist() for name in _SAID), strict=True))
