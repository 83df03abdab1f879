"""API keys."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from huiyin.server.foundation.people.models.user import User


class ApiKey(models.Model):
    """A key of one owner, with some of the owner's rights. Only a hash is kept: the key has 256 random bits, so no slow hash is needed."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="keys")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12)
    """The visible beginning, to tell keys apart."""
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name
