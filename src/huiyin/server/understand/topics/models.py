"""Topics with ids that last, what defines them, and which opinions belong to them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.Model):
    """How much each n-gram tells; made once, so that what was compared stays comparable. One row."""

    steps = models.BinaryField()
    voices = models.IntegerField()
    made_at = models.DateTimeField(auto_now_add=True)


class Topic(models.Model):
    """One topic. What people did to it (its name, its state, where it went) no later run changes."""

    class State(models.TextChoices):
        """Where it stands."""

        NEW = "new", _("新")
        HIDDEN = "hidden", _("已隐藏")
        PROMOTED = "promoted", _("已收进标签体系")
        MERGED = "merged", _("已并入别的")

    name = models.CharField(max_length=80)
    seeds = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged")
    split_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="splits")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    human_name = models.BooleanField(default=False)
    stability = models.FloatField(null=True)
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Listed by state."""

        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return self.name


class Prototype(models.Model):
    """A weight vector over n-grams that defines a topic; a topic that others were merged into has several. No text can be got back from it."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="prototypes")
    buckets = models.BinaryField()
    weights = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.topic_id}/{self.pk}"


class Member(models.Model):
    """One opinion without an aspect: the topic it belongs to, or why to none. Its words stay in the facts."""

    class Reason(models.IntegerChoices):
        """Why it has no topic."""

        PLACED = 0, _("已归入")
        THIN = 1, _("只有褒贬，没说是什么")
        FEW = 2, _("这样说的人还太少")

    feedback_id = models.CharField(max_length=200)
    start = models.IntegerField()
    end = models.IntegerField()
    topic = models.ForeignKey(Topic, null=True, on_delete=models.SET_NULL, related_name="members")
    reason = models.PositiveSmallIntegerField(choices=Reason.choices)
    cosine = models.FloatField(default=0.0)
    nearest = models.JSONField(default=list)
    """The ids of the nearest two topics, whatever their distance."""
    pinned = models.BooleanField(default=False)
    """Put there by a person; no run moves it."""

    class Meta:
        """Each opinion once."""

        constraints = [models.UniqueConstraint(fields=["feedback_id", "start", "end"], name="one_place_per_opinion")]
        indexes = [models.Index(fields=["topic", "id"]), models.Index(fields=["reason"])]

    def __str__(self) -> str:
        return f"{self.feedback_id} {self.start}–{self.end}"
