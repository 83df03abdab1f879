"""First run, invitations, roles and what people may not do to themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from tests.server.world import PASSWORD, World

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.people.models import Invitation, Team, User
from huiyin.server.foundation.people.services.errors import Refused
from huiyin.server.foundation.people.services.first_run import setup_code
from huiyin.server.foundation.people.services.invitations import invitation_use, invitation_withdraw, reset_link_make
from huiyin.server.foundation.people.services.teams import team_change, team_remove
from huiyin.server.foundation.people.services.users import user_change, user_deactivate

FIRST = {"display_name": "周砚", "email": "Zhou@Example.com", "password": PASSWORD}


def change(user: User, world: World, **what: object) -> User:
    given = {
        "display_name": user.display_name,
        "roles": user.role_names - {"everyone"},
        "team": user.team,
        "scope": user.scope,
        "limited_to_team": False,
    }
    return user_change(user, actor=world.administrator, **{**given, **what})


@pytest.mark.django_db
def test_the_first_person_becomes_administrator_and_the_page_closes(client: Client) -> None:
    assert client.get("/").url.startswith("/sign-in/")
    assert client.get("/sign-in/").url == "/setup/"
    answer = client.post("/setup/", FIRST)
    assert answer.url == "/"
    user = User.objects.get()
    assert user.email == "zhou@example.com"
    assert {"administrator", "everyone"} <= user.role_names
    assert client.get("/").status_code == 200
    assert Client().get("/setup/").status_code == 404
    assert Client().post("/setup/", {**FIRST, "email": "b@example.com"}).status_code == 404
    assert AuditEntry.objects.filter(verb="user.first_administrator", actor=user).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["short", "1234567890", "password123", "zhou@example.com"])
def test_weak_passwords_are_refused_in_words(client: Client, password: str) -> None:
    answer = client.post("/setup/", {**FIRST, "password": password})
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.django_db
@override_settings(SETUP_NEEDS_CODE=True)
def test_on_a_public_address_the_first_run_asks_for_the_code_of_the_terminal(client: Client) -> None:
    assert client.post("/setup/", {**FIRST, "code": "guess"}).status_code == 200
    assert not User.objects.exists()
    assert client.post("/setup/", {**FIRST, "code": setup_code()}).url == "/"


def test_an_invitation_lets_one_person_in_once(world: World, client: Client) -> None:
    url = reverse("join", args=[world.link])
    page = client.get(url).content.decode()
    assert "guest@example.com" in page
    assert client.post(url, {"display_name": "何穗", "password": PASSWORD}).url == "/"
    guest = User.objects.get(email="guest@example.com")
    assert guest.role_names == {"everyone", "analyst"}
    assert Client().get(url).status_code == 410
    assert Client().post(url, {"display_name": "x", "password": PASSWORD}).status_code == 410


def test_two_who_open_one_link_at_once_cannot_both_come_in(world: World) -> None:
    opened_by_both = Invitation.objects.get(pk=world.invitation.pk), Invitation.objects.get(pk=world.invitation.pk)
    invitation_use(opened_by_both[0], password=PASSWORD, display_name="何穗")
    with pytest.raises(Refused):
        invitation_use(opened_by_both[1], password=PASSWORD, display_name="别人")


@pytest.mark.parametrize("spoil", ["expired", "withdrawn", "forged"])
def test_a_link_that_ran_out_was_withdrawn_or_made_up_is_refused(world: World, client: Client, spoil: str) -> None:
    link = world.link
    if spoil == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    elif spoil == "withdrawn":
        invitation_withdraw(world.invitation, actor=world.administrator)
    else:
        link = link[:-3] + "abc"
    answer = client.get(reverse("join", args=[link]))
    assert answer.status_code == 410
    assert "不能用了" in answer.content.decode()


def test_the_link_is_kept_nowhere(world: World) -> None:
    assert world.link not in str(list(Invitation.objects.values()))
    assert world.key_text not in str(world.key.__dict__)


def test_a_reset_link_changes_the_password_and_ends_open_sessions(world: World, client: Client) -> None:
    analyst = world.people["analyst"]
    client.force_login(analyst)
    link = reset_link_make(analyst, actor=world.administrator)
    assert Client().post(reverse("join", args=[link]), {"password": "another-clear-72"}).url == "/sign-in/"
    assert client.get("/").status_code == 302
    analyst.refresh_from_db()
    assert analyst.check_password("another-clear-72")


def test_the_last_administrator_cannot_lock_everybody_out(world: World) -> None:
    with pytest.raises(Refused, match="最后一位"):
        change(world.administrator, world, roles=["analyst"])
    with pytest.raises(Refused, match="自己"):
        user_deactivate(world.administrator, actor=world.administrator)


def test_deactivation_ends_the_open_session_at_its_next_request(world: World, client: Client) -> None:
    client.force_login(world.people["analyst"])
    assert client.get("/").status_code == 200
    user_deactivate(world.people["analyst"], actor=world.administrator)
    assert client.get("/").status_code == 302


def test_a_store_manager_without_a_store_is_refused_with_the_reason(world: World) -> None:
    with pytest.raises(Refused, match="门店"):
        change(world.people["analyst"], world, roles=["store_manager"])


def test_the_invite_screen_shows_the_link_once_and_refuses_who_is_there(world: World, client: Client) -> None:
    client.force_login(world.administrator)
    page = client.post("/people/invite/", {"email": "New@Example.com", "language": "en", "roles": ["product"]}).content.decode()
    assert "/join/" in page
    assert "/join/" not in client.get("/people/").content.decode()
    page = client.post("/people/invite/", {"email": "analyst@example.com", "language": "en"}).content.decode()
    assert "已经在人员里" in page


def test_a_team_cannot_stand_under_itself_and_goes_only_when_empty(world: World) -> None:
    with pytest.raises(Refused):
        team_change(world.team, actor=world.administrator, name="交付履约", parent=world.empty_team, scope={})
    with pytest.raises(Refused):
        team_remove(world.team, actor=world.administrator)
    team_remove(world.empty_team, actor=world.administrator)
    assert list(Team.objects.all()) == [world.team]
