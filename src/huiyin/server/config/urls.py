"""Addresses. An app with `urls.py` is included under its `url_prefix` (else its label) without being listed here."""

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from huiyin.server.api.assembly import api
from huiyin.server.config.found import found_apps, modules_named


def _app_urls() -> list[URLResolver]:
    brought = {module.__name__.removesuffix(".urls") for module in modules_named("urls")}
    found = []
    for name in found_apps():
        if name in brought:
            config = apps.get_app_config(name.rsplit(".", 1)[-1])
            prefix = getattr(config, "url_prefix", config.label)
            found.append(path(f"{prefix}/" if prefix else "", include(f"{name}.urls")))
    return found


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("huiyin.server.web.urls")),
    path("api/v1/", api.urls),
    *_app_urls(),
]

handler400 = "huiyin.server.web.errors.bad_request"
handler403 = "huiyin.server.web.errors.permission_denied"
handler404 = "huiyin.server.web.errors.page_not_found"
handler429 = "huiyin.server.web.errors.too_many"
handler500 = "huiyin.server.web.errors.server_error"
