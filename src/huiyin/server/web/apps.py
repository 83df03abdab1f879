"""The web app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Base templates and components."""

    name = "huiyin.server.web"
    verbose_name = "Web"

    def ready(self) -> None:
        """Compiles message catalogues that are newer than their compiled form."""
        from huiyin.server.web.catalogues import SERVER, compile_catalogues

        compile_catalogues(SERVER)
