"""How often one key, or one person, may ask. What brings voices in is not counted: its own door limits it by size."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja.throttling import BaseThrottle

from huiyin.server.foundation.audit.request import client_ip
from huiyin.server.foundation.shared.pace import Rate, Taken, take

_UNCOUNTED = ("/api/v1/feedback", "/api/v1/operations")


class Pace(BaseThrottle):
    """`HUIYIN_API_RATE` requests, like `600/m`, for each key of an owner; one count for all processes of the installation."""

    def __init__(self) -> None:
        self._here = threading.local()

    def allow_request(self, request: HttpRequest) -> bool:
        """Whether this one may go through."""
        if request.path.startswith(_UNCOUNTED):
            return True
        taken = take(f"api:{_who(request)}", Rate.read(settings.API_RATE))
        request.pace = taken
        self._here.wait = None if taken.allowed else taken.wait
        return taken.allowed

    def wait(self) -> float | None:
        """Seconds until the next may go through; asked in the same thread."""
        waits: float | None = getattr(self._here, "wait", None)
        return waits


class PaceTold:
    """Tells every answer of a counted request how many more may follow (`RateLimit-*` of draft-ietf-httpapi-ratelimit-headers-07)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serves the request."""
        response = self.get_response(request)
        taken: Taken | None = getattr(request, "pace", None)
        if taken is not None:
            response.headers["RateLimit-Policy"] = f"{taken.rate.amount};w={taken.rate.period}"
            response.headers["RateLimit-Limit"] = str(taken.rate.amount)
            response.headers["RateLimit-Remaining"] = str(taken.left)
            response.headers["RateLimit-Reset"] = str(math.ceil(taken.wait))
        return response


def _who(request: HttpRequest) -> str:
    """The owner and her key; a stranger is her address."""
    user: Any = request.user
    return f"{user.pk}:{getattr(user, 'key_name', '')}" if user.is_authenticated else client_ip(request)
