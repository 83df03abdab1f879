"""The answer to a body that is too large: made without Django's request, on the loop, so it asks no database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie

Headers = Sequence[tuple[bytes, bytes]]


def too_large(path: str, headers: Headers, limit: int) -> tuple[bytes, bytes]:
    """Content type and body, in the language of the cookie."""
    if path.startswith("/api/"):
        return b"application/json; charset=utf-8", json.dumps({"detail": f"At most {limit} bytes."}).encode()
    return b"text/html; charset=utf-8", _page(_language(headers), limit)


def _language(headers: Headers) -> str:
    from django.conf import settings

    cookie = b"; ".join(value for name, value in headers if name == b"cookie").decode("latin-1")
    try:
        said = SimpleCookie(cookie).get(settings.LANGUAGE_COOKIE_NAME)
    except CookieError:
        said = None
    return said.value if said and said.value in dict(settings.LANGUAGES) else str(settings.LANGUAGE_CODE)


@lru_cache(maxsize=16)
def _page(language: str, limit: int) -> bytes:
    from django.template.loader import render_to_string
    from django.utils import translation
    from django.utils.translation import gettext as _

    with translation.override(language):
        size = limit // (1024 * 1024)
        context = {
            "status": 413,
            "what": _("文件太大，没有收下"),
            "todo": _("一次最多 %(size)s MB。拆成几份再传。") % {"size": size},
            "language": language,
            "theme": "auto",
        }
        return render_to_string("web/error.html", context).encode()
