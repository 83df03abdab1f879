"""The app of the voice explorer."""

from django.apps import AppConfig


class ExplorerConfig(AppConfig):
    """原声: filters, search, marks in the text, corrections, blind draws."""

    name = "huiyin.server.understand.explorer"
    label = "explorer"
    url_prefix = "voices"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "原声"
