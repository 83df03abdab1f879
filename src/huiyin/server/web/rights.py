"""What a view asks of whoever calls it. Every view of ours carries one of these; a test walks all of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

View = Callable[..., Any]


def needs(right: str) -> Callable[[View], View]:
    """The person must hold the right; who does stands in `foundation/people/rights.py`. Works on pages and on API operations."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.has_perm(right):
                raise PermissionDenied(right)
            return view(request, *args, **kwargs)

        guarded.needs_right = right  # type: ignore[attr-defined]
        # An API operation is asked for its types, and names of types mean what they mean where the operation stands, not here.
        guarded.__signature__ = signature(view, eval_str=True)  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """Anybody who signed in; the middleware sees to it."""
    view.needs_right = ""  # type: ignore[attr-defined]
    return view


def open_to_all(view: View) -> View:
    """Anybody at all."""
    view.needs_right = None  # type: ignore[attr-defined]
    return login_not_required(view)
