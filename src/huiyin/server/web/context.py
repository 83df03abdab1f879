"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from huiyin.server.web.navigation import shown_to

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "huiyin_theme"


def house(request: HttpRequest) -> dict[str, Any]:
    """Navigation, languages, appearance; worked out only by the pages that show them."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return {
        "navigation": SimpleLazyObject(lambda: shown_to(request)),
        "languages": settings.LANGUAGES,
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "theme": theme if theme in THEMES else "auto",
        "demo": settings.DEMO,
        "oidc_name": settings.OIDC_NAME,
    }
