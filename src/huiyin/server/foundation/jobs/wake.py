"""Waking the threads of this process, so that nothing waits for the next sweep."""

from __future__ import annotations

import threading

_JOBS = threading.Event()


def jobs() -> None:
    """There may be a job to do."""
    _JOBS.set()


def wait_for_jobs(seconds: float) -> None:
    """Sleep until woken, at most `seconds`."""
    _JOBS.wait(seconds)
    _JOBS.clear()
