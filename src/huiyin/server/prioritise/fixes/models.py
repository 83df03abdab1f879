"""What was done, from which day on, about which problem."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models

WATCHED = timedelta(weeks=12)
"""For so long what came of a fix is looked at."""


class Fix(models.Model):
    """A fix or launch that should move what is said of a problem. What came of it is asked of the facts; stored is only what people were told."""

    problem_id = models.CharField(max_length=20, db_index=True)
    name = models.CharField(max_length=120)
    day = models.DateField()
    query = models.TextField(blank=True, default="")
    """Which voices it reaches (product, region, store, channel), as the query of an address; none: all."""
    note = models.TextField(blank=True, default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    told = models.CharField(max_length=12, blank=True, default="")
    """The last verdict that people were told: worked, not_shown, worse, moved or relapsed."""

    class Meta:
        """The latest first."""

        ordering = ("-day", "-id")

    @property
    def until(self) -> date:
        """The last day on which what came of it is looked at."""
        return self.day + WATCHED

    def __str__(self) -> str:
        return self.name
