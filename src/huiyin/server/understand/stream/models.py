"""Which voices a role or a team hears, and who has heard how many."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from huiyin.server.foundation.people.roles import LABELS


class StreamRule(models.Model):
    """The filter of a role's or a team's stream, as the query of an address. A team's own goes before a role's."""

    role = models.CharField(max_length=20, blank=True, default="")
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    query = models.TextField(blank=True, default="")

    class Meta:
        """One for each role and each team."""

        constraints = [
            models.UniqueConstraint(fields=["role"], condition=models.Q(team=None), name="one_stream_per_role"),
            models.UniqueConstraint(fields=["team"], name="one_stream_per_team"),
        ]

    def __str__(self) -> str:
        return str(self.team or LABELS.get(self.role, self.role))


class StreamRead(models.Model):
    """How many voices of the stream somebody was shown on a day, and up to which arrival."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    voices = models.PositiveIntegerField(default=0)
    seen = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One for each person and day."""

        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_stream_read_per_day")]
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.user} {self.day}: {self.voices}"
