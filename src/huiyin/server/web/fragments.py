"""Fragment or page: decided here and nowhere else."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url


def render_screen(request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """The page; or, asked by htmx for a part of it, the fragment `_name.html` beside it. Both come from one view and one context."""
    htmx: Any = getattr(request, "htmx", None)
    part = bool(htmx) and not htmx.boosted and not htmx.history_restore_request
    path = PurePosixPath(template)
    response = render(request, str(path.with_name(f"_{path.name}")) if part else template, context, status=status)
    # The same address answers both, so a cache must not mix them up.
    response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary"), "HX-Request"]))
    return response


def go_to(request: HttpRequest, where: Any, *args: Any, toast: str = "", **kwargs: Any) -> HttpResponse:
    """After something was done: on to the next page, with one line saying what was done. Works for htmx and without."""
    if toast:
        messages.success(request, toast)
    url = resolve_url(where, *args, **kwargs)
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = url
        return response
    return HttpResponseRedirect(url)


def with_toast(response: HttpResponse, text: str, undo: str = "") -> HttpResponse:
    """Adds a toast to a fragment; `undo` is an address that takes the change back by POST."""
    response.headers["HX-Trigger"] = json.dumps({"toast": {"text": text, "undo": undo}})
    return response


def number_asked(said: str) -> int:
    """A whole number out of an address or a form, as an id may be; 0, which no id is, where it is none.

    >>> number_asked("12"), number_asked("-1"), number_asked("9" * 30)
    (12, 0, 0)
    """
    return int(said) if said.isdecimal() and len(said) < 18 else 0


def first_error(form: Any) -> str:
    """The first thing that is wrong with a form, for the toast; nothing where nothing is."""
    return next((str(one) for found in form.errors.values() for one in found), "")


def page_asked(request: HttpRequest, most: int) -> int:
    """The page an address asks for, 1 … `most`; what is no page is the first."""
    return min(number_asked(request.GET.get("page", "")) or 1, most)
