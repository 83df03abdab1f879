"""A person's own account: profile, sign-in, API keys, and the switches for language and appearance."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.server.foundation.people.forms import KeyForm, ProfileForm
from huiyin.server.foundation.people.models import ApiKey
from huiyin.server.foundation.people.rights import KEY_SCOPES
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.foundation.people.selectors import keys_of
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.people.services.keys import key_make, key_revoke
from huiyin.server.foundation.people.services.users import language_change, profile_change
from huiyin.server.web.context import THEME_COOKIE, THEMES
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs, open_to_all, signed_in


@require_GET
@signed_in
def me(request: HttpRequest) -> HttpResponse:
    """The account page."""
    return _page(request)


@require_POST
@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Saves name and language."""
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _page(request, profile_form=form, status=422)
    user: Any = request.user
    profile_change(user, display_name=form.cleaned_data["display_name"], language=form.cleaned_data["language"])
    with translation.override(form.cleaned_data["language"]):
        return go_to(request, "me", toast=_("已保存"))


@require_POST
@needs("keys.own")
def make_key(request: HttpRequest) -> HttpResponse:
    """Makes a key and shows it, once."""
    user: Any = request.user
    form = KeyForm(user, request.POST)
    if not form.is_valid():
        return _page(request, key_form=form, status=422)
    try:
        key, text = key_make(user, name=form.cleaned_data["name"], scopes=form.cleaned_data["scopes"])
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, key_form=form, status=422)
    return _page(request, new_key=key, key_text=text)


@require_POST
@needs("keys.own")
def revoke_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """Ends one of one's own keys."""
    user: Any = request.user
    key = get_object_or_404(ApiKey, pk=key_id, owner=user)
    key_revoke(key, actor=user)
    return go_to(request, "me", toast=_("作废了「%(name)s」。") % {"name": key.name})


@require_POST
@open_to_all
def preferences(request: HttpRequest) -> HttpResponse:
    """Language and appearance, kept in cookies of this browser and, for a signed-in person, the language with her."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    kept: dict[str, Any] = {"max_age": settings.LANGUAGE_COOKIE_AGE, "httponly": True, "samesite": "Lax", "secure": settings.LANGUAGE_COOKIE_SECURE}
    language, theme = request.POST.get("language", ""), request.POST.get("theme", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, **kept)
        user: Any = request.user
        if user.is_authenticated:
            language_change(user, language)
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, **kept)
    return response


def _page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    user: Any = request.user
    narrowed = scope_filter(user)
    context = {
        "profile_form": ProfileForm(initial={"display_name": user.display_name, "language": user.language}),
        "key_form": KeyForm(user),
        "keys": [{"key": key, "scopes": [KEY_SCOPES.get(one, one) for one in key.scopes]} for key in keys_of(user)],
        "second_step": is_mfa_enabled(user),
        "scope_parts": [(_("产品"), narrowed.product), (_("地区"), narrowed.region), (_("门店"), narrowed.store)],
        "sees_everything": narrowed.is_everything,
        "sees_nothing": bool(narrowed.source),
        **more,
    }
    return render_screen(request, "people/me.html", context, status=status)
