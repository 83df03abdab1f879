"""Work of fixes that nobody waits for."""

from __future__ import annotations

from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.prioritise.fixes.services import verdicts_tell


@job("fixes.judge", cron="40 5 * * *")
def judge(run: Run) -> dict[str, object]:
    """Every morning: a verdict rests on weeks, and no hour changes it."""
    return {"changed": verdicts_tell()}
