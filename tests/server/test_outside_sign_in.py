"""The company's OIDC: who is let in, and what the browser is allowed to do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client, RequestFactory
from tests.server.world import World

from huiyin.server.config.environment import Environment
from huiyin.server.foundation.people.signing_in import OutsideAccountAdapter


def told(email: str, verified: bool = True) -> Any:
    return SimpleNamespace(email_addresses=[EmailAddress(email=email, verified=verified)])


@pytest.mark.parametrize(
    ("email", "verified", "let_in"),
    [
        ("new@corp.example", True, True),
        ("New@CORP.example", True, True),
        ("new@corp.example", False, False),
        ("new@evil.example", True, False),
        ("new@corp.example.evil.example", True, False),
    ],
)
def test_only_a_verified_address_of_a_named_domain_joins(settings: Any, email: str, verified: bool, let_in: bool) -> None:
    settings.OIDC_DOMAINS = ("corp.example",)
    assert OutsideAccountAdapter().is_open_for_signup(RequestFactory().get("/"), told(email, verified)) is let_in


def test_without_named_domains_nobody_joins_by_herself(settings: Any) -> None:
    settings.OIDC_DOMAINS = ()
    assert not OutsideAccountAdapter().is_open_for_signup(RequestFactory().get("/"), told("a@corp.example"))


def test_every_invited_person_has_the_verified_address_by_which_she_is_found_again(world: World) -> None:
    for person in world.people.values():
        assert EmailAddress.objects.get(user=person).verified


def test_the_button_stands_there_only_where_the_company_has_it(world: World, settings: Any) -> None:
    assert "sign-in/outside" not in Client().get("/sign-in/").content.decode()
    settings.OIDC_NAME = "公司账号"
    assert "用 公司账号 登录" in Client().get("/sign-in/").content.decode()


def test_the_environment_names_it() -> None:
    found = Environment.read({"HUIYIN_OIDC_URL": "https://id.corp.example", "HUIYIN_OIDC_DOMAINS": "Corp.example, b.example"})
    assert (found.oidc_url, found.oidc_domains) == ("https://id.corp.example", ("corp.example", "b.example"))


def test_too_many_tries_look_like_the_rest_of_the_house(world: World) -> None:
    answers = [Client().post("/sign-in/", {"login": f"x{number}@example.com", "password": "wrong-guess-00"}) for number in range(32)]
    assert answers[-1].status_code == 429
    page = answers[-1].content.decode()
    assert "试得太快了" in page
    assert "brand-mark" in page
