"""Topics grow every hour, and when somebody asks."""

from __future__ import annotations

from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.understand.topics.growing import grow

GROW = "topics.grow"


@job(GROW, cron="23 * * * *")
def grow_job(run: Run) -> dict[str, object]:
    """One run; idempotent, for it looks at what is there."""
    return dict(
        grow(run.job.started_by, lambda: run.report(note_zh="正在找新话题", note_en="Looking for new topics"), bool(run.payload.get("again")))
    )
