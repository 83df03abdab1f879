"""Coming in: first run, sign-in, invitation."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huiyin.server.foundation.people.forms import FirstRunForm, JoinForm, NewPasswordForm
from huiyin.server.foundation.people.selectors import invitation_of, nobody_yet
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.people.services.first_run import first_administrator_make, setup_code_fits
from huiyin.server.foundation.people.services.invitations import invitation_use
from huiyin.server.web.rights import open_to_all

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@open_to_all
def first_run(request: HttpRequest) -> HttpResponse:
    """Makes the first administrator; there is no such page once somebody is there."""
    if not nobody_yet():
        raise Http404
    code = request.GET.get("code", "")
    form = FirstRunForm(request.POST or None, code=code)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = first_administrator_make(
                email=given["email"],
                display_name=given["display_name"],
                password=given["password"],
                language=str(getattr(request, "LANGUAGE_CODE", "zh-hans")),
                code=given.get("code", ""),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            login(request, user, backend=BACKEND)
            return redirect("home")
    if request.method == "GET" and code and not setup_code_fits(code):
        form.errors["code"] = form.error_class([_("设置码不对。")])
    return render(request, "people/first_run.html", {"form": form})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@open_to_all
def sign_in(request: HttpRequest) -> Any:
    """allauth's sign-in; a server that knows nobody yet shows the first run instead."""
    if nobody_yet():
        return redirect("first_run")
    return allauth_views.login(request)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@open_to_all
def join(request: HttpRequest, link: str) -> HttpResponse:
    """Accepts an invitation, or sets a new password by link."""
    invitation = invitation_of(link)
    if invitation is None:
        return render(request, "people/join_shut.html", status=410)
    if invitation.user:
        form: Any = NewPasswordForm(request.POST or None)
        form.about = invitation.user
    else:
        form = JoinForm(request.POST or None, initial={"display_name": invitation.display_name})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = invitation_use(invitation, password=given["password"], display_name=given.get("display_name", ""))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            # A person with a second step still has to show it, so a reset link alone lets nobody in.
            if invitation.user:
                return redirect("account_login")
            login(request, user, backend=BACKEND)
            return redirect("home")
    return render(request, "people/join.html", {"form": form, "invitation": invitation})


@open_to_all
def registration_is_shut(request: HttpRequest) -> HttpResponse:
    """allauth links here by name; nobody registers by herself."""
    raise Http404
