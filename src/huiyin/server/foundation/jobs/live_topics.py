"""Who may watch a job: whoever started it, and who may see all jobs."""

from __future__ import annotations

from typing import Any

from huiyin.server.foundation.live.topics import admit


def register() -> None:
    """Open the topics `jobs.<number>` and `jobs`."""
    admit("jobs", _may_watch)


def _may_watch(user: Any, rest: str) -> bool:
    from huiyin.server.foundation.jobs.models import Job

    if user.has_perm("jobs.read"):
        return True
    return rest.isdigit() and Job.objects.filter(pk=int(rest), started_by=user).exists()
