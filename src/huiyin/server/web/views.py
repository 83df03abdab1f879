"""Home and the sign of life."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from huiyin.server.web.brought import brought
from huiyin.server.web.fragments import render_screen
from huiyin.server.web.rights import open_to_all, signed_in


@require_GET
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The first page. An app that has something to say brings `home.py` with `context(request)` and `TEMPLATE`; the first that does speaks."""
    for module in brought("home"):
        found = module.context(request)
        if found is not None:
            return render_screen(request, "web/home.html", {"home": module.TEMPLATE, **found})
    return render_screen(request, "web/home.html")


@require_GET
@open_to_all
def health(request: HttpRequest) -> JsonResponse:
    """200 when the state database answers; says nothing else to strangers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
