"""What people decided about problems. The ranking itself is made from the facts and never stored here."""

from __future__ import annotations

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
