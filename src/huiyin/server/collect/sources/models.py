"""A source, its runs, and what a run could not read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.sources.sealing import HoldsSecrets
from huiyin.server.foundation.jobs.models import failure_text


class Source(HoldsSecrets, models.Model):
    """A configured feed. Secrets stand sealed in a column of their own and are never shown again."""

    kind = models.CharField(max_length=20)
    key = models.SlugField(max_length=60, unique=True)
    """Stands in the facts, in addresses and in files."""
    name = models.CharField(max_length=100)
    channel = models.CharField(max_length=100, blank=True, default="")
    """Given to records that name none."""
    config = models.JSONField(default=dict)
    sealed = models.TextField(blank=True, default="")
    cron = models.CharField(max_length=120, blank=True, default="")
    enabled = models.BooleanField(default=True)
    keep_days = models.PositiveIntegerField(default=0)
    """After how many days payloads are emptied; 0 keeps them, so that the facts can be rebuilt."""
    stale_after_hours = models.PositiveIntegerField(default=0)
    """Silence after which the monitor raises an alarm; 0: never."""
    cursor = models.JSONField(null=True, blank=True)
    """How far a feed that is fetched was read."""
    last_run_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name


class SourceRun(models.Model):
    """One run of a source: a file taken in, a mailbox read."""

    class State(models.TextChoices):
        """Where a run stands."""

        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已停止")

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    job = models.ForeignKey("jobs.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    options = models.JSONField(default=dict)
    """What this run was told, for example the columns of a file."""
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    error = models.JSONField(null=True, blank=True)

    class Meta:
        """The latest runs of a source."""

        indexes = [models.Index(fields=["source", "-id"])]

    def __str__(self) -> str:
        return f"{self.source} #{self.pk}"

    @property
    def error_text(self) -> str:
        """Why it failed, in the reader's language."""
        return failure_text(self.error)
