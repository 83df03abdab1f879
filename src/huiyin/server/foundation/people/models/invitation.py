"""Links that let a person in once: to join, or to choose a new password."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from huiyin.server.foundation.people.models.team import Team
from huiyin.server.foundation.people.models.user import User


class Invitation(models.Model):
    """What the person who opens the link will be. With `user` set it resets that person's password instead."""

    email = models.EmailField()
    display_name = models.CharField(max_length=60, blank=True)
    roles = models.JSONField(default=list)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL)
    scope = models.JSONField(default=dict, blank=True)
    limited_to_team = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="zh-hans")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="reset_links")
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the secret in the link; the link itself is shown once and kept nowhere."""
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        """Whether the link still works."""
        return self.used_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()

    @property
    def is_expired(self) -> bool:
        """Whether it ran out unused."""
        return self.used_at is None and self.withdrawn_at is None and self.expires_at <= timezone.now()
