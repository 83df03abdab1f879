"""Steps that problems were turned into."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.people.models import Team


class Task(models.Model):
    """One step. It belongs to a problem by any id that leads there, and to a person, a team, or both."""

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("待办")
        DOING = "doing", _("在做")
        DONE = "done", _("完成")
        DROPPED = "dropped", _("不做")

    problem_id = models.CharField(max_length=20, db_index=True)
    title = models.CharField(max_length=200)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=300, blank=True, default="")
    """Why it is not done."""
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)

    class Meta:
        """What is due first stands first; what is due on no day comes last."""

        ordering: ClassVar = [models.F("due").asc(nulls_last=True), "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do."""
        return self.state in OPEN_STATES


OPEN_STATES = ("open", "doing")
DROPPED = "dropped"
