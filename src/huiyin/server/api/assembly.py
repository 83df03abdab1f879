"""One NinjaAPI; an app with `api.py` holding `router` (and `prefix`) is added without being listed here."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI

from huiyin.server.foundation.people.api_keys import SignedInOrKey
from huiyin.server.web.brought import brought

api = NinjaAPI(title="Huiyin 回音", version="1", urls_namespace="api", auth=SignedInOrKey(), docs_url=None, openapi_url=None)


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: Exception) -> HttpResponse:
    return api.create_response(request, {"detail": str(error) or _("没有这个权限。")}, status=403)


def _assemble() -> None:
    for module in brought("api"):
        api.add_router(getattr(module, "prefix", "/"), module.router)


_assemble()


@api.get("/openapi.json", url_name="openapi", include_in_schema=False)
def _schema(request: HttpRequest) -> Any:
    return api.get_openapi_schema(path_prefix="/api/v1/")
