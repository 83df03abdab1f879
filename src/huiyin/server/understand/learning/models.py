"""Models that corrections have taught, and what each is worth."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Candidate(models.Model):
    """One training: what it learnt from, how it scored, its file. The file is kept here, so that state and model are one thing to a backup."""

    class State(models.TextChoices):
        """Where it stands."""

        TRAINING = "training", _("训练中")
        READY = "ready", _("等你决定")
        REFUSED = "refused", _("没有采用")
        ACTIVE = "active", _("使用中")
        FORMER = "former", _("用过")
        DECLINED = "declined", _("不用")
        FAILED = "failed", _("没训练成")

    version = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.TRAINING)
    against = models.CharField(max_length=120, blank=True, default="")
    """The version it was compared with; empty: the shipped one."""
    verdict = models.CharField(max_length=20, blank=True, default="")
    outcome = models.JSONField(default=dict)
    """Lessons by class, scores before and after, plain sentences, thresholds."""
    preview = models.JSONField(default=dict)
    """Of a uniform sample of voices: how many would be read otherwise, and which."""
    data = models.BinaryField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """One is in use, one is being trained."""

        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="active"), name="one_model_in_use"),
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="training"), name="one_training_at_a_time"),
        ]

    def __str__(self) -> str:
        return self.version or f"#{self.pk}"
