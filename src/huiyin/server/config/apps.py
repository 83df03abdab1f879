"""The configuration as an app, so that its start checks run with Django's."""

from django.apps import AppConfig


class ServerConfig(AppConfig):
    """Registers the start checks."""

    name = "huiyin.server.config"
    label = "config"

    def ready(self) -> None:
        """Importing them registers them."""
        from huiyin.server.config import checks  # noqa: F401
