"""Who a key belongs to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from huiyin.server.foundation.people.rights import RIGHTS
from huiyin.server.foundation.people.scope import scope_filter

router = Router(tags=["people"])


class Me(Schema):
    """The person behind the request and what she may do with it."""

    email: str
    display_name: str
    roles: list[str]
    rights: list[str]
    scope: str


@router.get("/me", response=Me, url_name="me")
def me(request: HttpRequest) -> Any:
    """The owner of the key, with the rights it carries and the scope of rows, written as a filter query."""
    user: Any = request.user
    return Me(
        email=user.email,
        display_name=user.display_name,
        roles=sorted(user.role_names),
        rights=sorted(right for right in RIGHTS if user.has_perm(right)),
        scope=scope_filter(user).to_query(),
    )
