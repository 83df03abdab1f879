"""A source asked by hand."""

from __future__ import annotations

from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.services import run_start
from huiyin.server.foundation.jobs.running import drain


def fetched(here: Source) -> SourceRun:
    """Fetch it now; what the job left of source and run."""
    run = run_start(here)
    drain()
    run.refresh_from_db()
    here.refresh_from_db()
    return run
