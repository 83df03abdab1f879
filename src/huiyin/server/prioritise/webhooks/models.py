"""Where events go, and every event that goes there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.sources.sealing import HoldsSecrets


class Endpoint(HoldsSecrets, models.Model):
    """A program that wants to hear of events. `sealed` holds `now` and, for a day after a change, `before`."""

    name = models.CharField(max_length=60)
    url = models.CharField(max_length=2000)
    kinds = models.JSONField(default=list)
    """Beginnings of event types, like `problem.`; none: all."""
    sealed = models.TextField(blank=True, default="")
    former_until = models.DateTimeField(null=True, blank=True)
    """Until when the former secret signs too."""
    enabled = models.BooleanField(default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """By name."""

        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One event for one endpoint; `body` is what is signed and sent, the same at every attempt."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("等着发")
        DELIVERED = "delivered", _("已送到")
        FAILED = "failed", _("没送到")

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=60)
    """`msg_…`, the same for every endpoint and every attempt: receivers tell by it what they had before."""
    kind = models.CharField(max_length=60)
    body = models.TextField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True, default="")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first; an event goes to an endpoint once."""

        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=["endpoint", "event"], name="one_delivery_per_event")]

    def __str__(self) -> str:
        return f"{self.kind} → {self.endpoint}"


class Told(models.Model):
    """Up to which audit row and which reading events were made."""

    audit = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.audit)
