"""Copies of recordings are made apart from what brings them in."""

from __future__ import annotations

from huiyin.server.collect.feedback.playing import JOB, copy_make, forgotten_copies_wanted, waiting
from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run


@job(JOB)
def player_copies(run: Run) -> dict[str, object]:
    """Make every copy that waits, one after the other."""
    made = 0
    while (recording := waiting().first()) is not None:
        copy_make(recording, run.check)
        made += 1
        run.report(made, made + waiting().count(), "给录音转格式", "Converting recordings")
    return {"made": made}


@job("feedback.player_copies_due", cron="50 3 * * *")
def player_copies_due(run: Run) -> dict[str, object]:
    """Once a day, whatever was left."""
    return {"waiting": forgotten_copies_wanted()}
