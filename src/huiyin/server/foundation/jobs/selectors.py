"""Reads of the job table."""

from __future__ import annotations

from django.db.models import QuerySet

from huiyin.server.foundation.jobs.models import Job


def dead_jobs() -> QuerySet[Job]:
    """Jobs that gave up, the latest first."""
    return Job.objects.filter(state=Job.State.DEAD).order_by("-finished_at", "-id")


def jobs_of(kind: str, key: str = "") -> QuerySet[Job]:
    """Jobs of a kind, and of a key where one is given, the latest first."""
    found = Job.objects.filter(kind=kind).order_by("-id")
    return found.filter(key=key) if key else found


def job_is_underway(kind: str, key: str) -> bool:
    """Whether one waits or runs."""
    return Job.objects.filter(kind=kind, key=key, state__in=[Job.State.WAITING, Job.State.RUNNING]).exists()
