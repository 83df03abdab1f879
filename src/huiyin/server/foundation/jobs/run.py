"""What a job function holds while it runs."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

from django.utils import timezone

from huiyin.server.foundation.jobs.errors import Cancelled, LeaseLost, Stopping
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write

LEASE = timedelta(minutes=2)
_EVERY = 0.5
"""Seconds between two progress rows, so that a fast job does not live in its own progress."""


class Run:
    """One attempt at a job."""

    def __init__(self, job: Job, stopping: threading.Event | None = None) -> None:
        self.job = job
        self.payload: dict[str, Any] = dict(job.payload)
        self.cursor: Any = job.cursor
        self._stopping = stopping or threading.Event()
        self._written = 0.0

    def check(self) -> None:
        """End here if a person stopped the job or the server goes down; call it between steps.

        Raises:
            Cancelled, Stopping, LeaseLost.
        """
        if self._stopping.is_set():
            raise Stopping
        row = Job.objects.filter(pk=self.job.pk).values_list("cancel_requested", "worker").first()
        if row is None or row[1] != self.job.worker:
            raise LeaseLost
        if row[0]:
            raise Cancelled

    def report(self, done: int | None = None, total: int | None = None, note_zh: str = "", note_en: str = "") -> None:
        """Say how far the job is. Written at most twice a second; also the place where a job can be stopped."""
        now = time.monotonic()
        if now - self._written < _EVERY and done != total:
            return
        self._written = now
        self.check()
        self.job.progress = {"done": done, "total": total, "note_zh": note_zh, "note_en": note_en}
        with state_write():
            self._update(progress=self.job.progress)
            publish(f"jobs.{self.job.pk}", {"done": done, "total": total})

    def save_cursor(self, cursor: object, progress: dict[str, object] | None = None) -> None:
        """Remember how far the work is; call it inside the transaction of the work.

        Raises:
            LeaseLost: the job is no longer ours, so the transaction must not be committed.
        """
        self.cursor = cursor
        changes: dict[str, object] = {"cursor": cursor}
        if progress is not None:
            changes["progress"] = self.job.progress = progress
            publish(f"jobs.{self.job.pk}", progress)
        self._update(**changes)

    def _update(self, **changes: object) -> None:
        held = Job.objects.filter(pk=self.job.pk, worker=self.job.worker, state=Job.State.RUNNING)
        if not held.update(lease=timezone.now() + LEASE, **changes):
            raise LeaseLost
