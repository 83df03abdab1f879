"""Forgetting old notices."""

from __future__ import annotations

from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.prioritise.notices.services import notices_forget


@job("notices.forget", cron="25 3 * * *")
def forget(run: Run) -> dict[str, object]:
    """Every night."""
    return {"removed": notices_forget()}
