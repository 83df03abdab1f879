"""The threads `job-0`, `job-1` and the clock, started and stopped by the server's lifespan."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from django.db import close_old_connections, connection
from django.db.models import Q
from django.utils import timezone

from huiyin.server.foundation.jobs import wake
from huiyin.server.foundation.jobs.alone import join_servers, leave_servers
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.run import LEASE
from huiyin.server.foundation.jobs.running import claim, free_leases, keep_schedule, perform, tick
from huiyin.server.foundation.writing import state_write

_LOG = logging.getLogger(__name__)
_SWEEP = 1.0
_FIRST_ERROR_WAIT = 1.0


class JobThreads:
    """Two workers and a clock. The clock enqueues what the timetable says and keeps the leases of what runs here."""

    def __init__(self, workers: int = 2) -> None:
        self._stopping = threading.Event()
        self._running: dict[str, str] = {}
        names = [(f"job-{number}", self._work) for number in range(workers)]
        self._threads = [threading.Thread(target=target, name=name, daemon=True) for name, target in [*names, ("job-clock", self._keep_time)]]

    def start(self) -> None:
        """Take over what a killed server left, then begin."""
        if join_servers():
            free_leases()
        keep_schedule()
        connection.close()
        for thread in self._threads:
            thread.start()

    def stop(self, patience: float = 20.0) -> None:
        """Ask running jobs to stop at their next step, and wait for them."""
        self._stopping.set()
        wake.jobs()
        for thread in self._threads:
            thread.join(patience)
        leave_servers()

    def _work(self) -> None:
        name = threading.current_thread().name
        while not self._stopping.is_set():
            try:
                job = claim()
                if job is None:
                    wake.wait_for_jobs(_SWEEP)
                    continue
                wake.jobs()  # The other thread may find more.
                self._running[name] = job.worker
                try:
                    perform(job, self._stopping)
                finally:
                    self._running.pop(name, None)
            except Exception:
                _LOG.exception("job thread")
                self._stopping.wait(_FIRST_ERROR_WAIT)
                close_old_connections()
        connection.close()

    def _keep_time(self) -> None:
        renewed = timezone.now()
        while not self._stopping.wait(_SWEEP):
            try:
                tick()
                if timezone.now() - renewed > LEASE / 4:
                    renewed = timezone.now()
                    self._renew()
            except Exception:
                _LOG.exception("job clock")
                close_old_connections()
        connection.close()

    def _renew(self) -> None:
        tokens = list(self._running.values())
        if tokens:
            with state_write():
                Job.objects.filter(Q(worker__in=tokens), state=Job.State.RUNNING).update(lease=timezone.now() + LEASE + timedelta(seconds=1))
