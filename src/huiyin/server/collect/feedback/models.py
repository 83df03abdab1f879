"""The inbox and what it held before."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Inbox(models.Model):
    """One record of one source. Committed means acknowledged; source and external id make it idempotent."""

    class State(models.TextChoices):
        """`new` waits to be read, `done` stands in the facts, `rejected` could not be used and says why."""

        NEW = "new", _("待读")
        DONE = "done", _("已读")
        REJECTED = "rejected", _("未能使用")

    source = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="inbox")
    external_id = models.CharField(max_length=200)
    """The sender's id, or one made of the content; see `identity`."""
    digest = models.CharField(max_length=32)
    """Of the payload: the same id with another digest is a corrected record."""
    raw = models.TextField()
    """The payload as received; empty once its time is over."""
    record = models.TextField(blank=True, default="")
    """The record that the payload was mapped to, as JSON; empty where the payload is the record itself."""
    occurred_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    reason = models.CharField(max_length=40, blank=True, default="")
    detail = models.CharField(max_length=300, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    """Rises when a corrected record comes; what is read is marked done only under the revision that was read."""
    done_at = models.DateTimeField(null=True, blank=True)
    customer = models.CharField(max_length=40, blank=True, default="")
    """The customer's pseudonym, known once it was read."""
    text_version = models.CharField(max_length=120, blank=True, default="")
    run = models.ForeignKey("sources.SourceRun", null=True, blank=True, on_delete=models.SET_NULL, related_name="inbox")
    bulk = models.BooleanField(default=False)
    """Came in a run with many others: what a person waits for is read before it."""
    place = models.CharField(max_length=300, blank=True, default="")
    """Where in the run it stood: file and row."""

    class Meta:
        """What waits is found by a small index of its own; the monitor reads by source and time."""

        verbose_name_plural = "inbox"
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="one_inbox_row_per_record")]
        indexes = [
            models.Index(fields=["bulk", "id"], condition=models.Q(state="new"), name="inbox_waiting"),
            models.Index(fields=["source", "received_at"], name="inbox_by_arrival"),
            models.Index(fields=["source", "done_at"], name="inbox_by_reading"),
            models.Index(fields=["source", "id"], condition=models.Q(state="rejected"), name="inbox_rejected"),
            models.Index(fields=["customer"], condition=~models.Q(customer=""), name="inbox_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.external_id}"

    @property
    def feedback_id(self) -> str:
        """Its id in the facts: rising with time, so that a replacement reads only the newest part of the store."""
        return feedback_id(self.pk)


def feedback_id(number: int) -> str:
    """The id in the facts of an inbox row."""
    return f"v{number:012d}"


def inbox_number(name: str) -> int | None:
    """The inbox row of a feedback of the facts; None where it came another way."""
    return int(name[1:]) if len(name) == 13 and name[0] == "v" and name[1:].isdigit() else None


class FormerRaw(models.Model):
    """What a record said before its sender corrected it. Nothing is overwritten without trace."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="former")
    revision = models.PositiveIntegerField()
    raw = models.TextField()
    replaced_at = models.DateTimeField()

    class Meta:
        """A revision is replaced once."""

        constraints = [models.UniqueConstraint(fields=["inbox", "revision"], name="one_former_raw_per_revision")]

    def __str__(self) -> str:
        return f"{self.inbox_id} r{self.revision}"


class Attachment(models.Model):
    """A photo or a recording beside a voice; the file lies in the folder of attachments. It is personal data as it came, unmasked."""

    class Player(models.TextChoices):
        """How a browser comes to play it: as it is, or by a copy that waits, is done, or could not be made."""

        AS_IS = "as_is", _("原样播放")
        WAITING = "waiting", _("正在转格式")
        DONE = "done", _("转好了")
        FAILED = "failed", _("转不了")

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=20)
    file = models.CharField(max_length=80, unique=True)
    media_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()
    about = models.JSONField(default=dict)
    """Measures, such as width and height of a photo or seconds of a recording."""
    player = models.CharField(max_length=80, blank=True, default="", db_index=True)
    """The copy that browsers play, a file beside the original."""
    player_state = models.CharField(max_length=8, choices=Player.choices, default=Player.AS_IS)
    player_trouble = models.CharField(max_length=20, blank=True, default="")
    """Why there is no copy."""

    class Meta:
        """What waits for its copy is found without looking at the rest."""

        indexes = [models.Index(fields=["id"], condition=models.Q(player_state="waiting"), name="attachment_waits_for_copy")]

    def __str__(self) -> str:
        return self.file
