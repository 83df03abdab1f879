"""Receipts of erasures, how long voices are kept, and the backups there are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

KEPT = 7
"""Nightly backups that are kept."""


class Erasure(models.Model):
    """One customer erased everywhere: what was asked, what was found and deleted, and whether a look afterwards found nothing."""

    class State(models.TextChoices):
        """`asked` until every place is done."""

        ASKED = "asked", _("正在删除")
        DONE = "done", _("已删除")

    customer = models.CharField(max_length=40)
    """The pseudonym. Without the name behind it, which is erased too, nobody can be found by it; it is kept so that a restored backup can
    be cleaned of the same customer again."""
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    erased_at = models.DateTimeField(null=True, blank=True)
    counts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Deleted, by place."""
    left: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Found by the look afterwards, by place; all 0 where the erasure holds."""
    settled_at = models.DateTimeField(null=True, blank=True)
    """When the facts file was rewritten without the bytes."""
    job = models.ForeignKey("jobs.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        """The latest first."""

        ordering = ("-asked_at", "-id")

    def __str__(self) -> str:
        return f"E{self.pk:06d}" if self.pk else "E"

    @property
    def holds(self) -> bool:
        """Whether the look afterwards found nothing."""
        return self.state == self.State.DONE and not any(self.left.values())

    def backups(self) -> models.QuerySet[Backup]:
        """Backups that were made before it and are still there."""
        return Backup.objects.filter(removed_at=None, made_at__lt=self.erased_at or self.asked_at)


class Retention(models.Model):
    """How long the voices of a source are kept; after that they are erased, with everything read of them."""

    source = models.OneToOneField("sources.Source", on_delete=models.CASCADE, related_name="retention")
    voices_days = models.PositiveIntegerField(default=0)
    """Days from arrival; 0 keeps them."""

    def __str__(self) -> str:
        return f"{self.source}: {self.voices_days}"


class Backup(models.Model):
    """A copy of facts and state in the data folder's `backups`, one folder each."""

    folder = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField()
    size = models.BigIntegerField(default=0)
    """Bytes."""
    rows: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Rows of each table of the facts."""
    with_state = models.BooleanField(default=False)
    """Whether the state database is in it; PostgreSQL needs `pg_dump` on the machine."""
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The latest first."""

        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.folder

    @property
    def gone_by(self) -> Any:
        """When the nightly turn removes it at the latest."""
        return self.made_at + timedelta(days=KEPT + 1)
