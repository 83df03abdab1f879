"""The job threads live as long as the server."""

from __future__ import annotations

from huiyin.server.foundation.jobs.threads import JobThreads

ORDER = 60
_running: list[JobThreads] = []


def start() -> None:
    """Start the workers and the clock."""
    threads = JobThreads()
    threads.start()
    _running.append(threads)


def stop() -> None:
    """Let running jobs stop at their next step."""
    while _running:
        _running.pop().stop()
