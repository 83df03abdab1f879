"""Work of the problem list that nobody waits for."""

from __future__ import annotations

from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.prioritise.problems.following import taxonomy_follow

FOLLOW = "problems.follow"


@job(FOLLOW)
def follow(run: Run) -> dict[str, object]:
    """Bring the register under the taxonomy in use."""
    return {"moved": taxonomy_follow()}
