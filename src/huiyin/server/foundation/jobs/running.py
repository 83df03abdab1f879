"""Claiming a job and doing it."""

from __future__ import annotations

import logging
import threading
import uuid
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from huiyin.server.foundation.jobs.errors import Cancelled, JobFailed, LeaseLost, Stopping
from huiyin.server.foundation.jobs.models import Job, Schedule
from huiyin.server.foundation.jobs.registry import kind, kinds
from huiyin.server.foundation.jobs.run import LEASE, Run
from huiyin.server.foundation.jobs.services import enqueue, next_time, schedule
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write

_LOG = logging.getLogger(__name__)
_LONGEST_WAIT = timedelta(hours=1)


def _ready(now: datetime) -> Q:
    waiting = Q(state=Job.State.WAITING, due__lte=now)
    orphaned = Q(state=Job.State.RUNNING) & (Q(lease__lt=now) | Q(lease=None))
    return waiting | orphaned


def claim() -> Job | None:
    """Take the job that is due longest, if any, by a conditional update: of several workers one gets it."""
    now = timezone.now()
    if not Job.objects.filter(_ready(now)).exists():
        return None
    with state_write():
        due = Job.objects.filter(_ready(now)).order_by("due", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        job = due.first()
        if job is None:
            return None
        same = Job.objects.filter(pk=job.pk, state=job.state, worker=job.worker, attempts=job.attempts)
        token = uuid.uuid4().hex
        if not same.update(state=Job.State.RUNNING, worker=token, lease=now + LEASE, attempts=F("attempts") + 1):
            return None
    job.refresh_from_db()
    return job


def perform(job: Job, stopping: threading.Event | None = None) -> None:
    """Do a claimed job and write down how it ended."""
    known = kind(job.kind)
    run = Run(job, stopping)
    try:
        if known is None:
            raise JobFailed(f"没有名为「{job.kind}」的任务", f"No job is named '{job.kind}'")
        run.check()
        result = known.function(run)
        _finish(job, state=Job.State.DONE, result=result, error=None)
    except Stopping:
        # Not the job's fault: the attempt does not count.
        _finish(job, state=Job.State.WAITING, due=timezone.now(), attempts=max(0, job.attempts - 1))
    except Cancelled:
        _finish(job, state=Job.State.CANCELLED)
    except LeaseLost:
        _LOG.warning("job %s was taken over by another worker", job.pk)
    except JobFailed as error:
        _fail(job, error.message_zh, error.message_en, error.permanent, known.attempts if known else 1)
    except Exception as error:
        _LOG.exception("job %s (%s) failed", job.pk, job.kind)
        said = f"{type(error).__name__}: {error}"[:500]
        _fail(job, f"出错了：{said}", f"It failed: {said}", False, known.attempts if known else 1)


def _fail(job: Job, zh: str, en: str, permanent: bool, attempts: int) -> None:
    error = {"zh": zh, "en": en}
    if permanent or job.attempts >= attempts:
        _finish(job, state=Job.State.DEAD, error=error)
    else:
        _finish(job, state=Job.State.WAITING, due=timezone.now() + backoff(job.attempts), error=error)


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 5 s, 10 s, 20 s …, at most an hour."""
    return min(timedelta(seconds=5 * 2 ** min(attempts - 1, 20)), _LONGEST_WAIT)


def _finish(job: Job, **changes: object) -> None:
    """Write the end of an attempt, if the job is still ours."""
    state = changes["state"]
    if state != Job.State.WAITING:
        changes["finished_at"] = timezone.now()
    elif job.key and Job.objects.filter(kind=job.kind, key=job.key, state=Job.State.WAITING).exclude(pk=job.pk).exists():
        # While it ran, the same was asked for again; that one does the work now.
        changes = {"state": Job.State.CANCELLED, "finished_at": timezone.now(), "error": changes.get("error")}
    with state_write():
        Job.objects.filter(pk=job.pk, worker=job.worker, state=Job.State.RUNNING).update(lease=None, worker="", **changes)
        publish(f"jobs.{job.pk}", {"state": str(changes["state"])})
        publish("jobs", {"job": job.pk, "kind": job.kind, "state": str(changes["state"])})


def free_leases() -> None:
    """At the start of the only server: whatever runs by the table does not run any more."""
    with state_write():
        Job.objects.filter(state=Job.State.RUNNING).update(lease=None)


def keep_schedule() -> None:
    """Write the cron texts that code declares into the timetable."""
    for one in kinds():
        if one.cron:
            schedule(one.name, one.cron)


def tick() -> int:
    """Enqueue what the timetable says is due; gives how many. Missed times are made up for once, not one by one."""
    now, done = timezone.now(), 0
    for entry in Schedule.objects.filter(next_due__lte=now):
        with state_write():
            same = Schedule.objects.filter(pk=entry.pk, next_due=entry.next_due)
            if same.update(next_due=next_time(entry.cron, now)):
                enqueue(entry.kind, entry.payload, key=entry.key or "schedule")
                done += 1
    return done


def drain(most: int = 1000) -> int:
    """Do everything that is due, here and now; for tests and for commands without threads. Gives how many jobs were done."""
    done = 0
    while done < most and (job := claim()) is not None:
        perform(job)
        done += 1
    return done
