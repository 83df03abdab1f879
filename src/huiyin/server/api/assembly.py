"""One NinjaAPI; an app with `api.py` holding `router` (and `prefix`) is added without being listed here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI

from huiyin.server.api.examples import exemplified
from huiyin.server.api.pace import Pace
from huiyin.server.api.refusals import refusable, refuse
from huiyin.server.foundation.people.api_keys import SignedInOrKey
from huiyin.server.web.brought import brought

api = NinjaAPI(title="Huiyin 回音", version="1", urls_namespace="api", auth=SignedInOrKey(), throttle=[Pace()], docs_url=None, openapi_url=None)
refuse(api)


def _assemble() -> None:
    for module in brought("api"):
        api.add_router(getattr(module, "prefix", "/"), module.router)


_assemble()


@api.get("/openapi.json", url_name="openapi", include_in_schema=False)
def _schema(request: HttpRequest) -> Any:
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    for path in schema["paths"].values():
        for operation in path.values():
            refusable(operation)
    exemplified(schema)
    return schema
