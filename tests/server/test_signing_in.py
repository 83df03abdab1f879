"""Sign-in: what it lets through and what it holds up."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from tests.server.world import PASSWORD, World

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.people.models import User
from huiyin.server.foundation.people.services.users import user_deactivate


def sign_in(client: Client, email: str = "analyst@example.com", password: str = PASSWORD, **more: str):
    return client.post("/sign-in/", {"login": email, "password": password, **more})


def test_a_person_signs_in_is_recorded_and_signs_out(world: World, client: Client) -> None:
    assert sign_in(client, "Analyst@Example.com").url == "/"
    assert client.get("/").status_code == 200
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/").status_code == 302
    assert list(AuditEntry.objects.values_list("verb", flat=True)[:2]) == ["user.signed_out", "user.signed_in"]


def test_the_session_gets_a_new_key_when_somebody_signs_in(world: World, client: Client) -> None:
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    client.cookies["huiyin_session"] = session.session_key
    sign_in(client)
    assert client.cookies["huiyin_session"].value != session.session_key
    stranger = Client()
    stranger.cookies["huiyin_session"] = session.session_key
    assert stranger.get("/").status_code == 302


def test_guessing_is_held_up_even_with_the_right_password_at_last(world: World) -> None:
    for _ in range(5):
        page = sign_in(Client(), password="wrong-guess-00").content.decode()
        assert "id_password" in page
    assert sign_in(Client()).status_code in (200, 429)
    assert AuditEntry.objects.filter(verb="user.sign_in_failed", object_id="analyst@example.com").count() == 5
    assert sign_in(Client(), "product@example.com").status_code == 302


def test_unknown_and_wrong_read_the_same(world: World) -> None:
    def told(page: str) -> list[str]:
        return re.findall(r'role="alert">.*?</p>', page, re.S)

    known = told(sign_in(Client(), password="wrong-guess-00").content.decode())
    unknown = told(sign_in(Client(), "nobody@example.com", "wrong-guess-00").content.decode())
    assert known
    assert known == unknown


def test_a_deactivated_person_stays_outside(world: World, client: Client) -> None:
    user_deactivate(world.people["analyst"], actor=world.administrator)
    sign_in(client)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)"])
def test_sign_in_and_switches_never_lead_to_another_site(world: World, client: Client, target: str) -> None:
    assert sign_in(client, next=target).url == "/"
    assert client.post("/preferences/", {"language": "en", "next": target}).url == "/"


def test_forms_from_elsewhere_are_refused_in_the_house_style(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.administrator)
    for url in ("/sign-in/", "/people/invite/", "/me/keys/", "/preferences/", "/sign-out/"):
        answer = client.post(url, {"email": "x@example.com"})
        assert answer.status_code == 403, url
        assert "放得太久" in answer.content.decode()


def test_second_step_is_turned_on_asked_for_and_a_recovery_code_stands_in(
    world: World, client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    sign_in(client)
    assert client.get("/me/second-step/on/").url.startswith("/me/confirm/")
    assert client.post("/me/confirm/", {"password": PASSWORD, "next": "/me/second-step/on/"}).status_code == 302
    page = client.get("/me/second-step/on/")
    assert "data:image/svg+xml" in page.content.decode()
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/me/second-step/on/", {"code": code}).status_code == 302
    codes = re.search(r'<pre class="codes">(.*?)</pre>', client.get("/me/second-step/codes/").content.decode(), re.S)
    assert codes
    other = Client()
    assert sign_in(other).url.startswith("/sign-in/second-step/")
    assert other.get("/").status_code == 302
    assert other.post("/sign-in/second-step/", {"code": "000000"}).status_code == 200
    assert other.post("/sign-in/second-step/", {"code": codes[1].split()[0]}).url == "/"
    assert other.get("/").status_code == 200
    assert AuditEntry.objects.filter(verb="user.second_step_on").exists()


def test_registration_is_shut(world: World) -> None:
    assert Client().get("/sign-up/").status_code == 404
    assert Client().post("/sign-up/", {"email": "x@example.com", "password1": PASSWORD}).status_code == 404
    assert not User.objects.filter(email="x@example.com").exists()


def test_an_expired_session_sends_htmx_to_the_sign_in_page(world: World) -> None:
    answer = Client().get("/people/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in/"
