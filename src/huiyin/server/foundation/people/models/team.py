"""Teams: a tree."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Team(models.Model):
    """A team and, where it answers for a part only, its scope: `{"product": [...], "region": [...], "store": [...]}`."""

    name = models.CharField(max_length=100, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    scope = models.JSONField(default=dict, blank=True)

    class Meta:
        """By name."""

        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def line(self) -> list[Team]:
        """This team and those above it, nearest first."""
        found: list[Team] = []
        team: Team | None = self
        while team is not None and team not in found:
            found.append(team)
            team = team.parent
        return found
