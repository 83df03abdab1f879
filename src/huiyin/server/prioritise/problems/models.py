"""What people decided about problems. The ranking itself is made from the facts and never stored here."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from huiyin.insight.problems import Change


class ProblemChange(models.Model):
    """One edit of the register, see `insight.problems.Change`; the rows in order of `id` are the register."""

    kind = models.CharField(max_length=10)
    problem_id = models.CharField(max_length=20, db_index=True)
    content = models.JSONField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        """In the order in which they were made."""

        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.kind} {self.problem_id}"

    @property
    def change(self) -> Change:
        """For the register."""
        return Change(self.kind, self.problem_id, self.content, self.author_name, self.at.isoformat())


class FollowedVersion(models.Model):
    """The version of the taxonomy whose paths the register stands under."""

    number = models.PositiveIntegerField(default=0)
    said = models.JSONField(default=dict)
    """Its tree, to tell where the paths went when the next one comes."""

    def __str__(self) -> str:
        return str(self.number)


class ProblemNote(models.Model):
    """What people wrote about one problem beside its definition in the register: its words, whether it is pinned, until when it waits."""

    problem_id = models.CharField(max_length=20, unique=True)
    pinned = models.BooleanField(default=False)
    snoozed_until = models.DateField(null=True, blank=True)
    """The last day on which it waits; the day after, it stands in the list again by itself."""
    snooze_reason = models.CharField(max_length=300, blank=True)
    definition = models.TextField(blank=True)
    include = models.TextField(blank=True)
    exclude = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.problem_id


class ProblemView(models.Model):
    """Who looked at which problem on which day: one row a day, for attention is counted in people, not in clicks."""

    problem_id = models.CharField(max_length=20, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        """Once a day."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["problem_id", "user", "day"], name="problem_seen_once_a_day")]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.day}"


class ProblemComment(models.Model):
    """What somebody said about a problem to colleagues."""

    problem_id = models.CharField(max_length=20, db_index=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        """In the order in which they were said."""

        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.text[:60]


class Mention(models.Model):
    """Somebody named in a comment with @, until she has seen it."""

    comment = models.ForeignKey(ProblemComment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """A person once in a comment."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["comment", "user"], name="mentioned_once")]

    def __str__(self) -> str:
        return f"@{self.user}"


class ProblemLink(models.Model):
    """An address elsewhere that belongs to a problem: a ticket, a document, a release."""

    problem_id = models.CharField(max_length=20, db_index=True)
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=1000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """In the order in which they were put there."""

        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.title


class ProblemFollow(models.Model):
    """Somebody who wants to hear of a problem."""

    problem_id = models.CharField(max_length=20, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        """Once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["problem_id", "user"], name="problem_followed_once")]

    def __str__(self) -> str:
        return self.problem_id
