"""Reading again: all voices or some, under another taxonomy or a new engine. What people corrected is laid over the new labels."""

from __future__ import annotations

from typing import Any

from huiyin.facts import BatchRefused
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.foundation.jobs.errors import JobFailed
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.reading.process import reader_of_job
from huiyin.server.understand.reading.rereading import Selection, chosen_rows, reread_rows

REREAD = "reading.reread"
_ROWS = 500


def reread(where: Selection | None = None, *, taxonomy: str = "", draft: str = "", user: Any = None) -> Job:
    """Have voices read again by a job. With `draft`, the labels go into a taxonomy version of that name and nothing else changes."""
    chosen = where or Selection()
    return enqueue(REREAD, {"where": chosen.as_json(), "taxonomy": taxonomy, "draft": draft}, user=user)


@job(REREAD, attempts=20)
def reread_job(run: Run) -> dict[str, object]:
    """In the order of arrival, a batch at a time; `cursor` is the last row that was read again."""
    chosen = Selection.from_json(run.payload.get("where", {}))
    taxonomy, draft = str(run.payload.get("taxonomy", "")), str(run.payload.get("draft", ""))
    last, done, without = (int((run.cursor or {}).get(name, 0)) for name in ("last", "done", "without"))
    # After a kill some of a selection by text version are no longer in it: what is done and what is left make the whole.
    total = done + chosen_rows(chosen).filter(pk__gt=last).count()
    with reader_of_job() as reader:
        while numbers := list(chosen_rows(chosen).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_ROWS]):
            run.check()
            rows = list(Inbox.objects.filter(pk__in=numbers).exclude(raw="").select_related("source").order_by("pk"))
            try:
                reread_rows(rows, reader, taxonomy, draft)
            except BatchRefused as error:
                raise JobFailed(error.message_zh, error.message_en) from error
            last, done, without = numbers[-1], done + len(numbers), without + len(numbers) - len(rows)
            with state_write():
                run.save_cursor({"last": last, "done": done, "without": without}, {"done": done, "total": total})
    return {"read": done - without, "without_payload": without}
