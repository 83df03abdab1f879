"""What a person has read and does not want to hear. The notices themselves are the audit's rows and are stored nowhere else."""

from django.conf import settings
from django.db import models


class NoticeSettings(models.Model):
    """One person's place in what she is told."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_to = models.BigIntegerField(default=0)
    """Id of the last audit row she has read."""
    silent = models.JSONField(default=list)
    """Keys of `selectors.KINDS` she does not hear of."""

    def __str__(self) -> str:
        return str(self.user)
