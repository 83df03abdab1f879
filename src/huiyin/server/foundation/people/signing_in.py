"""How django-allauth signs people in here: by invitation or by the company's OIDC, never by open registration."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.people.services.users import user_make
from huiyin.server.foundation.writing import state_write


class SignInRequired(LoginRequiredMiddleware):
    """Every page needs a signed-in person unless its view says otherwise; the REST interface answers 401 by itself."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        """Lets `/api/` through to its own check."""
        if request.path.startswith("/api/"):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """A fragment cannot be redirected: htmx is told to load the sign-in page as a whole."""
        if getattr(request, "htmx", False):
            response = HttpResponse(status=401)
            response.headers["HX-Redirect"] = resolve_url(settings.LOGIN_URL)
            return response
        return super().handle_no_permission(request, view_func)


class AccountAdapter(DefaultAccountAdapter):
    """Registration is shut."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers by herself."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: a page that opens says that the sign-in worked. The account pages say what they did themselves."""


class OutsideAccountAdapter(DefaultSocialAccountAdapter):
    """The company's OIDC. A known, verified address signs its person in; a new one joins only from the domains that were named."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whether the address is verified by the provider and of a named domain."""
        return any(one.verified and one.email.lower().rpartition("@")[2] in settings.OIDC_DOMAINS for one in sociallogin.email_addresses)

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        """Makes the person with no role but everyone's."""
        with state_write():
            address = next(one for one in sociallogin.email_addresses if one.verified)
            name = sociallogin.account.extra_data["userinfo"].get("name") or address.email.partition("@")[0]
            user = user_make(email=address.email, display_name=str(name)[:60], password=None)
            sociallogin.user = user
            sociallogin.save(request, connect=True)
            record("user.joined_by_oidc", user, actor=user)
            return user
