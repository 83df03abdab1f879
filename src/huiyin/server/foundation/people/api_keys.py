"""Coming in with an API key, on `/api/` only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from ninja.errors import HttpError
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from huiyin.server.foundation.people.selectors import key_presented, was_used_lately
from huiyin.server.foundation.people.services.keys import key_note_use

READING = ("GET", "HEAD", "OPTIONS")


class ApiKeyMiddleware:
    """`Authorization: Bearer hy_…` makes the request the owner's, narrowed to the rights the key carries. A session cookie beside it is ignored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serves the request as the key's owner, or as nobody when the key is unknown."""
        kind, _, presented = request.headers.get("Authorization", "").partition(" ")
        if request.path.startswith("/api/") and kind.lower() == "bearer":
            from django.contrib.auth.models import AnonymousUser

            key = key_presented(presented.strip())
            request.user = AnonymousUser()
            if key:
                request.user = key.owner
                request.user.key_scopes, request.user.key_name = frozenset(key.scopes), key.name
                request._dont_enforce_csrf_checks = True
                if not was_used_lately(key):
                    key_note_use(key)
        return self.get_response(request)


class SignedInOrKey(AuthBase):
    """What the REST interface asks of everybody: a key, or a session together with the CSRF token for what changes something."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Any:
        """The person, or None for 401."""
        user = request.user
        if not user.is_authenticated:
            return None
        if getattr(user, "key_scopes", None) is None and request.method not in READING and check_csrf(request):
            raise HttpError(403, "CSRF")
        return user


class Holding(SignedInOrKey):
    """The same, and the right: for operations with a body, so that who may not do a thing is told so before the body is looked at."""

    def __init__(self, right: str) -> None:
        super().__init__()
        self._right = right

    def __call__(self, request: HttpRequest) -> Any:
        """The person, or None for 401."""
        user = super().__call__(request)
        if user is not None and not user.has_perm(self._right):
            raise PermissionDenied(self._right)
        return user
