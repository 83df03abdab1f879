"""Feeds of operations, their runs, and the rows that could not be used. The operations themselves stand in the facts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.sources.sealing import HoldsSecrets
from huiyin.server.foundation.jobs.models import failure_text

KINDS = (("order", _("订单")), ("ticket", _("工单")), ("usage", _("使用")), ("churn", _("流失")), ("revenue", _("收入")))


class Feed(HoldsSecrets, models.Model):
    """Where operations come from."""

    class Way(models.TextChoices):
        """How they come."""

        FILE = "file", _("文件")
        API = "api", _("接口")
        SQL = "sql", _("数据库")

    way = models.CharField(max_length=8, choices=Way.choices)
    key = models.SlugField(max_length=60, unique=True)
    """Stands in the facts and in addresses."""
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=KINDS, default="order")
    """Of rows that do not state theirs."""
    config: models.JSONField[Any, Any] = models.JSONField(default=dict)
    sealed = models.TextField(blank=True, default="")
    cron = models.CharField(max_length=120, blank=True, default="")
    cursor: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """By name."""

        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class FeedRun(models.Model):
    """One file taken in, one query asked."""

    class State(models.TextChoices):
        """Where a run stands; a draft waits for a person to look at the columns."""

        DRAFT = "draft", _("看看列")
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="runs")
    job = models.ForeignKey("jobs.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    options: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """The file, and which column is what."""
    started_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    kept = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    error: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)

    class Meta:
        """The latest first."""

        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.feed} #{self.pk}"

    @property
    def error_text(self) -> str:
        """Why it failed, in the reader's language."""
        return failure_text(self.error)

    @property
    def file_name(self) -> str:
        """The file, as it was called."""
        return str(self.options.get("file", "")).rpartition("/")[2]


class FeedReject(models.Model):
    """A row that could not be used: where it stood and why. The first thousand of a run are kept."""

    run = models.ForeignKey(FeedRun, on_delete=models.CASCADE, related_name="rejects")
    place = models.CharField(max_length=200)
    column = models.CharField(max_length=100, blank=True, default="")
    reason = models.CharField(max_length=20)
    value = models.CharField(max_length=120, blank=True, default="")
    """Masked."""

    class Meta:
        """In the order of the file."""

        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"

    @property
    def why(self) -> Any:
        """The reason in words."""
        return REASONS.get(self.reason, self.reason)


REASONS = {
    "no_time": _("没有时间，或读不懂"),
    "bad_kind": _("不认识这种记录；要 order、ticket、usage、churn、revenue 之一"),
    "bad_amount": _("金额不是数字"),
    "unreadable": _("这一行读不出来"),
}
