"""What was drawn to be checked, and who said what of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewItem(models.Model):
    """One opinion of a voice, with what the machine had read when it was drawn. No words of the customer are kept here."""

    class Part(models.TextChoices):
        """By which rule it was drawn: only the random ones measure the machine."""

        RANDOM = "random", _("随机")
        UNSURE = "unsure", _("没把握")

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("待核对")
        SECOND = "second", _("等第二人")
        DISPUTED = "disputed", _("有分歧")
        DONE = "done", _("已定")
        GONE = "gone", _("原文已不在")

    feedback_id = models.CharField(max_length=200, unique=True)
    start = models.IntegerField()
    end = models.IntegerField()
    mention_no = models.IntegerField()
    part = models.CharField(max_length=10, choices=Part.choices)
    reasons = models.JSONField(default=list)
    """Why it was thought unsure: confidence, document, score, aspect."""
    read_aspect = models.CharField(max_length=300, blank=True, default="")
    read_polarity = models.SmallIntegerField()
    read_confidence = models.FloatField(null=True)
    read_version = models.CharField(max_length=200, blank=True, default="")
    whole = models.BooleanField(default=True)
    """Drawn from all voices, and not from the part that a person may see."""
    second = models.BooleanField(default=False)
    """Is shown blind to a second person."""
    place = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    held_until = models.DateTimeField(null=True, blank=True)
    drawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Asked by state, in the order of the draw."""

        indexes = [models.Index(fields=["state", "place"])]

    def __str__(self) -> str:
        return f"{self.feedback_id} {self.start}–{self.end}"


class Answer(models.Model):
    """What one person said of one opinion. `turn` 1 first, 2 blind second, 3 who settled; 0 skipped."""

    class Kind(models.TextChoices):
        """How it relates to what the machine read."""

        CONFIRMED = "confirmed", _("读对了")
        CORRECTED = "corrected", _("改正")
        REMOVED = "removed", _("不是观点")
        SKIPPED = "skipped", _("跳过")

    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="answers")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="review_answers")
    turn = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    polarity = models.SmallIntegerField(null=True)
    aspect = models.CharField(max_length=300, blank=True, default="")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Never twice the same person, and one answer for each turn."""

        indexes = [models.Index(fields=["rater", "-given_at"])]
        constraints = [
            models.UniqueConstraint(fields=["item", "rater"], name="one_answer_per_rater"),
            models.UniqueConstraint(fields=["item", "turn"], condition=~models.Q(turn=0), name="one_answer_per_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.turn} {self.kind}"

    @property
    def label(self) -> tuple[int | None, str | None]:
        """Polarity and aspect as they are compared: both None where it is no opinion."""
        return (None, None) if self.kind == self.Kind.REMOVED else (self.polarity, self.aspect)
