"""Writes of the job table that callers make: enqueue, schedule, cancel, try again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cronsim import CronSim, CronSimError
from django.db import IntegrityError, transaction
from django.utils import timezone

from huiyin.server.foundation.jobs import wake
from huiyin.server.foundation.jobs.errors import JobFailed
from huiyin.server.foundation.jobs.models import Job, Schedule
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write


def enqueue(
    kind: str, payload: dict[str, Any] | None = None, *, key: str = "", due: datetime | None = None, delay: timedelta | None = None, user: Any = None
) -> Job:
    """Put a job on the queue, inside the caller's transaction: it exists exactly if the caller's change does.

    With a `key`, a job of the kind that still waits under it is given back instead of a second one.
    """
    when = (due or timezone.now()) + (delay or timedelta())
    with state_write():
        job = Job.objects.filter(kind=kind, key=key, state=Job.State.WAITING).first() if key else None
        if job is not None and when < job.due:
            Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(due=when)
            job.due = when
        if job is None:
            job = _created(kind, key, payload or {}, when, user)
        transaction.on_commit(wake.jobs)
    return job


def _created(kind: str, key: str, payload: dict[str, Any], when: datetime, user: Any) -> Job:
    try:
        with transaction.atomic():
            return Job.objects.create(kind=kind, key=key, payload=payload, due=when, started_by=user)
    except IntegrityError:
        # Another process enqueued the same key in this moment.
        return Job.objects.get(kind=kind, key=key, state=Job.State.WAITING)


def cancel(job: Job) -> None:
    """Stop a job: at once if it waits, at its next step if it runs. What it has committed stays."""
    with state_write():
        now = timezone.now()
        waiting = Job.objects.filter(pk=job.pk, state=Job.State.WAITING)
        if not waiting.update(state=Job.State.CANCELLED, finished_at=now, cancel_requested=True):
            Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested=True)
        publish(f"jobs.{job.pk}", {"cancel": True})


def try_again(job: Job) -> bool:
    """Put a dead or cancelled job back on the queue with its cursor; False where it is neither, or one of its key waits already."""
    with state_write():
        if job.key and Job.objects.filter(kind=job.kind, key=job.key, state=Job.State.WAITING).exists():
            return False
        changed = Job.objects.filter(pk=job.pk, state__in=[Job.State.DEAD, Job.State.CANCELLED]).update(
            state=Job.State.WAITING, due=timezone.now(), attempts=0, error=None, cancel_requested=False, finished_at=None, worker=""
        )
        transaction.on_commit(wake.jobs)
    return bool(changed)


def schedule(kind: str, cron: str, *, key: str = "", payload: dict[str, Any] | None = None) -> Schedule:
    """Let a job come by cron text, in the server's time zone; the same kind and key again changes the entry.

    Raises:
        JobFailed: the cron text cannot be read.
    """
    following = next_time(cron)
    with state_write():
        entry, made = Schedule.objects.get_or_create(kind=kind, key=key, defaults={"cron": cron, "payload": payload or {}, "next_due": following})
        if not made and (entry.cron != cron or entry.payload != (payload or {})):
            entry.cron, entry.payload, entry.next_due = cron, payload or {}, following
            entry.save()
    return entry


def unschedule(kind: str, key: str = "") -> None:
    """Let it come no more."""
    with state_write():
        Schedule.objects.filter(kind=kind, key=key).delete()


def next_time(cron: str, after: datetime | None = None) -> datetime:
    """The next moment of a cron text, after `after` or now.

    Raises:
        JobFailed: it cannot be read, or never comes.
    """
    try:
        return next(CronSim(cron, timezone.localtime(after or timezone.now())))
    except (CronSimError, StopIteration) as error:
        raise JobFailed(f"时间表「{cron}」读不懂：{error}", f"The schedule '{cron}' cannot be read: {error}") from error
