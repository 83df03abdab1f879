"""What stands between a stranger and the rooms: every POST asks for its token, every page carries its headers, cookies stay where they belong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from tests.server.test_permissions import NAMES, TABLE, patterns, prepared
from tests.server.world import PASSWORD, World

PATTERNS = dict(patterns(get_resolver()))
POSTED = [name for name in NAMES if TABLE[name].post or name == "sources:hook"]
WITHOUT_TOKEN = {
    "sources:box": "a customer without a session; nothing is done in a signed-in person's name, and addresses are limited in number",
    "sources:hook": "another system, which signs its body with a shared secret",
}
"""Addresses that take a POST without a token, and why they may."""
FIRST = {"openid_connect_callback": "only reads what the provider sent back; its `state` is the token"}
GONE = {"first_run", "account_signup", "socialaccount_signup", "account_reset_password", "api:api-root"}


@pytest.fixture
def world(world: World) -> World:
    return prepared(world)


def test_only_the_named_addresses_are_exempt() -> None:
    # The REST interface is exempt as a whole and asks for the token itself where a session, not a key, comes with the request.
    ours = {name for name, pattern in PATTERNS.items() if getattr(pattern.callback, "csrf_exempt", False) and not name.startswith("api:")}
    assert ours - set(FIRST) == set(WITHOUT_TOKEN)


@pytest.mark.parametrize("name", [one for one in POSTED if one not in WITHOUT_TOKEN and one not in FIRST and one not in GONE])
def test_a_post_without_its_token_is_refused(name: str, world: World) -> None:
    url = reverse(name, args=TABLE[name].args(world))
    role = next(one for one in world.people if one in TABLE[name].post)
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people[role])
    for headers in ({}, {"Origin": "https://evil.example"}, {"X-CSRFToken": "a" * 64}):
        assert client.post(url, "{}", content_type="application/json", headers=headers).status_code == 403, headers


def test_what_comes_without_a_token_is_in_nobodys_name(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.administrator)
    hook = reverse("sources:hook", args=TABLE["sources:hook"].args(world))
    assert client.post(hook, "{}", content_type="application/json").status_code == 401
    box = reverse("sources:box", args=TABLE["sources:box"].args(world))
    assert client.post(box, {"q1": "早餐太差"}).status_code < 500
    from huiyin.server.foundation.audit.models import AuditEntry

    assert not AuditEntry.objects.filter(actor=world.administrator, verb__startswith="box.").exists()


@pytest.mark.parametrize("name", [one for one in NAMES if TABLE[one].get])
def test_every_page_carries_its_headers(name: str, world: World) -> None:
    url = reverse(name, args=TABLE[name].args(world))
    client = Client()
    _wears_headers(client.get(url))
    for role in ("administrator", "cx_lead"):
        client.force_login(world.people[role])
        _wears_headers(client.get(url))


def _wears_headers(answer) -> None:
    assert answer.status_code < 500
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return
    assert answer.headers["X-Frame-Options"] == "DENY"
    policy = {one.split()[0]: one.split()[1:] for one in answer.headers["Content-Security-Policy"].split(";") if one.strip()}
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert all(one == "'self'" or one.startswith("'nonce-") for one in policy["script-src"])
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    if not answer.streaming:
        assert not re.search(rb"<script(?![^>]*\bsrc=)(?![^>]*\bnonce=)|<style|\sstyle=\"|\son[a-z]+=\"", answer.content)


@pytest.mark.parametrize(("address", "encrypted"), [("https://voc.example.com", True), ("http://127.0.0.1:8000", False)])
def test_cookies_stay_where_they_belong(address: str, encrypted: bool, tmp_path) -> None:
    tmp_path.chmod(0o700)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    given = {
        **kept,
        "HUIYIN_DATA": str(tmp_path),
        "HUIYIN_URL": address,
        "HUIYIN_SECRET_KEY": "nC8rT5wQ2xZ7vB4mK9jH6gF3dS1aP0oI-uYtReWqLkJhGfDsAzXcVb",
    }
    code = f"""
import json
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", interactive=False, verbosity=0)
from huiyin.server.foundation.people.services.users import user_make
user_make(email="a@example.com", display_name="甲", password="{PASSWORD}", roles=["administrator"])
client = Client(headers={{"host": "{address.split("//")[1]}"}})
page = client.get("/sign-in/", secure={encrypted})
answer = client.post("/sign-in/", {{"login": "a@example.com", "password": "{PASSWORD}"}}, secure={encrypted})
again = client.get("/", secure={encrypted})
client.post("/preferences/", {{"language": "en"}}, secure={encrypted})
print(json.dumps([{{name: dict(one) for name, one in client.cookies.items()}}, dict(again.headers), again.status_code]))
"""
    done = subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr[-2000:]
    cookies, headers, status = json.loads(done.stdout.splitlines()[-1])
    assert status == 200
    assert {"huiyin_session", "huiyin_csrf"} <= set(cookies)
    for name, cookie in cookies.items():
        assert (bool(cookie["secure"]), bool(cookie["httponly"]), cookie["samesite"]) == (encrypted, True, "Lax"), name
        assert cookie["domain"] == "", name
    assert ("Strict-Transport-Security" in headers) is encrypted


def test_a_session_ends_with_the_password_and_with_signing_out(world: World) -> None:
    mine, stolen = Client(), Client()
    mine.post("/sign-in/", {"login": "analyst@example.com", "password": PASSWORD})
    stolen.cookies["huiyin_session"] = mine.cookies["huiyin_session"].value
    assert stolen.get("/").status_code == 200
    mine.post("/sign-out/")
    assert stolen.get("/").status_code == 302
    mine.post("/sign-in/", {"login": "analyst@example.com", "password": PASSWORD})
    stolen.cookies["huiyin_session"] = mine.cookies["huiyin_session"].value
    user = world.people["analyst"]
    user.set_password("another-clear-water-72")
    user.save()
    assert stolen.get("/").status_code == 302


def test_another_forwarded_address_is_no_new_try(world: World) -> None:
    """Without a proxy named, what a stranger writes into X-Forwarded-For does not make her somebody else."""
    answers = [
        Client()
        .post("/sign-in/", {"login": f"x{n}@example.com", "password": "wrong-guess-00"}, headers={"X-Forwarded-For": f"8.8.{n}.1"})
        .status_code
        for n in range(40)
    ]
    assert answers[-1] == 429


def test_guessing_a_key_gets_nowhere(world: World) -> None:
    for guess in ("", "hy_", "hy_" + "a" * 40, world.key_text[:-1], world.key_text + "a", world.key_text.swapcase(), "' OR 1=1 --", "hy_\x00"):
        assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {guess}"}).status_code == 401, guess
    assert Client().get("/people/", headers={"Authorization": f"Bearer {world.key_text}"}).status_code == 302
