"""The app of reading."""

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    """Runs text over the inbox and writes the facts."""

    name = "huiyin.server.understand.reading"
    label = "reading"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "阅读"
