"""The app of sources."""

from django.apps import AppConfig

MEGABYTE = 1024 * 1024


class SourcesConfig(AppConfig):
    """Configured feeds and the adapters that read them."""

    name = "huiyin.server.collect.sources"
    label = "sources"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "来源"
    intake_paths = ("/api/v1/feedback", "/sources/hooks/")
    body_limits = {"/sources/upload": 2048 * MEGABYTE, "/sources/hooks/": 5 * MEGABYTE, "/api/v1/feedback": 25 * MEGABYTE}

    def ready(self) -> None:
        """Open the live topics of sources."""
        from huiyin.server.collect.sources.live_topics import register

        register()
