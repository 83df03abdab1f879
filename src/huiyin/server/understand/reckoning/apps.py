"""The app of kept answers."""

from django.apps import AppConfig


class ReckoningConfig(AppConfig):
    """Keeps computed answers by the revision of the facts; has neither tables nor pages."""

    name = "huiyin.server.understand.reckoning"
    label = "reckoning"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "算好的结果"
