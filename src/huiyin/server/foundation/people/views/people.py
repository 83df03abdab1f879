"""People: list, invite, change, shut out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.server.foundation.people.forms import InviteForm, PersonForm
from huiyin.server.foundation.people.models import Invitation, User
from huiyin.server.foundation.people.roles import ASSIGNABLE, LABELS
from huiyin.server.foundation.people.selectors import people as people_found
from huiyin.server.foundation.people.selectors import teams_as_tree, waiting_invitations
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.people.services.invitations import invitation_make, invitation_withdraw, reset_link_make
from huiyin.server.foundation.people.services.users import user_activate, user_change, user_deactivate
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs


@require_GET
@needs("people.read")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, and the invitations that wait."""
    words, role, team = request.GET.get("words", "")[:100], request.GET.get("role", ""), request.GET.get("team", "")
    found = people_found(words, role if role in ASSIGNABLE else "", int(team) if team.isdigit() else None)
    context = {
        "people": found,
        "invitations": [] if words or role or team else waiting_invitations(),
        "words": words,
        "role": role,
        "team": team,
        "roles": [(one, LABELS[one]) for one in ASSIGNABLE],
        "teams": teams_as_tree(),
    }
    return render_screen(request, "people/people.html", context)


@require_http_methods(["GET", "POST"])
@needs("people.manage")
def invite(request: HttpRequest) -> HttpResponse:
    """Makes an invitation and shows its link, once."""
    form = InviteForm(request.POST or None, initial={"language": getattr(request, "LANGUAGE_CODE", "")})
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actor: Any = request.user
        try:
            invitation, link = invitation_make(
                actor=actor, email=given["email"], display_name=given["display_name"], language=given["language"], **form.place
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            context |= {"invitation": invitation, "link": _address(request, link)}
            return render_screen(request, "people/invited.html", context)
    return render_screen(request, "people/invite.html", context)


@require_POST
@needs("people.manage")
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Takes an invitation back."""
    actor: Any = request.user
    invitation = get_object_or_404(Invitation, pk=invitation_id)
    invitation_withdraw(invitation, actor=actor)
    return go_to(request, "people:people", toast=_("收回了给 %(email)s 的邀请。") % {"email": invitation.email})


@require_http_methods(["GET", "POST"])
@needs("people.manage")
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """Name, roles, team and scope of a person."""
    subject = get_object_or_404(people_found(), pk=user_id)
    first = {
        "display_name": subject.display_name,
        "roles": sorted(subject.role_names),
        "team": subject.team_id,
        "limited_to_team": subject.limited_to_team,
        **subject.scope,
    }
    form = PersonForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        actor: Any = request.user
        try:
            user_change(subject, actor=actor, display_name=form.cleaned_data["display_name"], **form.place)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return go_to(request, "people:people", toast=_("已保存「%(name)s」。") % {"name": form.cleaned_data["display_name"]})
    return render_screen(request, "people/person.html", {"subject": subject, "form": form})


@require_POST
@needs("people.manage")
def activity(request: HttpRequest, user_id: int) -> HttpResponse:
    """Shuts a person out, or lets her in again."""
    subject, actor = get_object_or_404(User, pk=user_id), request.user
    wanted = request.POST.get("active") == "1"
    try:
        (user_activate if wanted else user_deactivate)(subject, actor=actor)
    except Refused as refused:
        form = PersonForm(initial={"display_name": subject.display_name, "roles": sorted(subject.role_names), **subject.scope})
        return render_screen(request, "people/person.html", {"subject": subject, "form": form, "refused": str(refused)}, status=409)
    toast = _("恢复了「%(name)s」。") if wanted else _("停用了「%(name)s」。")
    return go_to(request, "people:people", toast=toast % {"name": subject.display_name})


@require_POST
@needs("people.manage")
def reset_link(request: HttpRequest, user_id: int) -> HttpResponse:
    """A link with which the person chooses a new password; shown once."""
    subject = get_object_or_404(User, pk=user_id)
    actor: Any = request.user
    try:
        link = reset_link_make(subject, actor=actor)
    except Refused:
        return redirect("people:person", user_id=subject.pk)
    return render_screen(request, "people/invited.html", {"subject": subject, "link": _address(request, link)})


def _address(request: HttpRequest, link: str) -> str:
    return str(request.build_absolute_uri(reverse("join", args=[link])))
