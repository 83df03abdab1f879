"""The queue and its timetable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def failure_text(error: Mapping[str, Any] | None) -> str:
    """A kept failure, `{"zh": …, "en": …}`, in the reader's language; empty where there is none."""
    return str((error or {}).get("en" if (get_language() or "zh").startswith("en") else "zh", ""))


class Job(models.Model):
    """One piece of work. The row is only the alarm clock: the function it names acts on the state it finds."""

    class State(models.TextChoices):
        """Where a job stands. `dead` gave up and waits for a person."""

        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        DEAD = "dead", _("失败")
        CANCELLED = "cancelled", _("已停止")

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=120, blank=True, default="")
    """Waiting jobs of one kind and key are one job; empty: each stands for itself."""
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    lease = models.DateTimeField(null=True, blank=True)
    """Until when a running job belongs to its worker; afterwards anyone may take it."""
    worker = models.CharField(max_length=40, blank=True, default="")
    cursor = models.JSONField(null=True, blank=True)
    """How far a long job got, written in the transaction of the work itself."""
    progress = models.JSONField(default=dict)
    """`done`, `total`, `note_zh`, `note_en`."""
    result = models.JSONField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)
    """`zh`, `en` of the last failure."""
    cancel_requested = models.BooleanField(default=False)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Indexes for the two questions: what is due, and what became of a kind."""

        indexes = [models.Index(fields=["state", "due"]), models.Index(fields=["kind", "-created_at"])]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], condition=models.Q(state="waiting") & ~models.Q(key=""), name="one_waiting_job_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in (self.State.DONE, self.State.DEAD, self.State.CANCELLED)

    @property
    def error_text(self) -> str:
        """The last failure in the reader's language."""
        return failure_text(self.error)

    @property
    def note(self) -> str:
        """What the job is at, in the reader's language."""
        return str(self.progress.get("note_en" if (get_language() or "zh").startswith("en") else "note_zh", ""))

    @property
    def percent(self) -> int | None:
        """Progress in percent, where the whole is known."""
        done, total = self.progress.get("done"), self.progress.get("total")
        return min(100, int(100 * done / total)) if done is not None and total else None


class Schedule(models.Model):
    """A job that comes again by cron text."""

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=120, blank=True, default="")
    payload = models.JSONField(default=dict)
    cron = models.CharField(max_length=120)
    next_due = models.DateTimeField()

    class Meta:
        """One timetable entry for a kind and key."""

        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_schedule_per_key")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.cron}"
