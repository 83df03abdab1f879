"""How often one key, or one person, may ask. What brings voices in is not counted: its own door limits it by size."""

from __future__ import annotations

import threading
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.throttling import BaseThrottle, SimpleRateThrottle

_UNCOUNTED = ("/api/v1/feedback", "/api/v1/operations")


class _Counted(SimpleRateThrottle):
    """The count of one request; keeps what it found on itself, so it serves one request only."""

    scope = "api"

    def get_cache_key(self, request: HttpRequest) -> str | None:
        """By owner and key; strangers by address."""
        user: Any = request.user
        who = f"{user.pk}:{getattr(user, 'key_name', '')}" if user.is_authenticated else str(self.get_ident(request))
        return f"api.pace.{who}"


class Pace(BaseThrottle):
    """`HUIYIN_API_RATE` requests, like `600/m`, for each key of an owner. Counted in this process."""

    def __init__(self) -> None:
        self._here = threading.local()

    def allow_request(self, request: HttpRequest) -> bool:
        """Whether this one may go through."""
        if request.path.startswith(_UNCOUNTED):
            return True
        counted = _Counted(settings.API_RATE)
        allowed = bool(counted.allow_request(request))
        self._here.wait = None if allowed else counted.wait()
        return allowed

    def wait(self) -> float | None:
        """Seconds until the next may go through; asked in the same thread."""
        waits: float | None = getattr(self._here, "wait", None)
        return waits
