"""The app of live events."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Events on commit, and their stream to browsers."""

    name = "huiyin.server.foundation.live"
    label = "live"
    verbose_name = "实时"
