"""The audit row."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class AppendOnly(models.QuerySet):
    """A query set that reads. The database refuses the rest too; this one says so in words."""

    def update(self, **kwargs: Any) -> int:
        """Refused."""
        raise TypeError("audit rows are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise TypeError("audit rows are never removed")


class AuditEntry(models.Model):
    """One change: who did what to which object, before and after, sealed over the entry before it."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=200)
    """As it was at the time; `system` for the server itself."""
    key_name = models.CharField(max_length=200, blank=True)
    """The API key used, if one was."""
    verb = models.CharField(max_length=60, db_index=True)
    """`kind.what_happened`, e.g. `user.invited`."""
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=100)
    object_name = models.CharField(max_length=300, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    ip = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=32, blank=True)
    previous = models.CharField(max_length=64)
    seal = models.CharField(max_length=64, unique=True)

    objects = AppendOnly.as_manager()

    class Meta:
        """Newest first; history of one object is an index away."""

        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["object_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.verb} {self.object_name}"
