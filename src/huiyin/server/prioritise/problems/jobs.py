"""Work of the problem list that nobody waits for."""

from __future__ import annotations

from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.prioritise.problems.deciding import snoozes_end
from huiyin.server.prioritise.problems.following import taxonomy_follow
from huiyin.server.prioritise.problems.snapshots import first_snapshot_due, snapshot_take

FOLLOW = "problems.follow"
KEEP = "problems.keep"
KEEP_FIRST = "problems.keep_first"


@job(FOLLOW)
def follow(run: Run) -> dict[str, object]:
    """Bring the register under the taxonomy in use."""
    return {"moved": taxonomy_follow()}


@job(KEEP, cron="50 * * * *")
def keep(run: Run) -> dict[str, object]:
    """Keep the list of the day: every hour anew under the same day, so that the last one of the day stays."""
    return {"rows": snapshot_take()}


@job("problems.snoozes_end", cron="4 * * * *")
def end_snoozes(run: Run) -> dict[str, object]:
    """Tell of problems that wait no longer: every hour, for a server may have slept through midnight."""
    return {"ended": snoozes_end()}


@job(KEEP_FIRST)
def keep_first(run: Run) -> dict[str, object]:
    """Keep the very first list, so that there is something to compare with before the first night."""
    return {"rows": snapshot_take() if first_snapshot_due() else 0}
