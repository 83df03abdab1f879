"""Views that people named, to come back to or to share, and the tags they put on voices."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Tag(models.Model):
    """A word that people put on voices. Which voices carry it stands in the facts, as a correction each."""

    name = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """By name."""

        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """A filter and an order under a name. Shared ones everybody sees; each sees only the rows within her own scope."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True)
    shared = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A person gives a name once."""

        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_view_per_name")]

    def __str__(self) -> str:
        return self.name
