"""Sign-in through a real OpenID provider (oidc-provider-mock, on Authlib), over HTTP: what it vouches for lets in, what is forged does not."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import httpx
import jwt
import oidc_provider_mock
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from oidc_provider_mock._server import _threaded_server
from tests.server.world import World

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.people.models import User
from huiyin.server.foundation.people.services.users import user_deactivate

CLIENT = "huiyin"
Forge = Callable[[dict[str, Any], "Provider"], dict[str, Any]]


@dataclass
class Provider:
    """The provider, with a way to change what its token address answers."""

    address: str = ""
    signing_key: Any = None
    key_id: str = ""
    forge: Forge | None = None
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)

    def person(self, subject: str, **claims: Any) -> None:
        assert httpx.put(f"{self.address}/users/{subject}", json=claims).status_code == 204

    def signed(self, claims: dict[str, Any], key: Any = None, **header: str) -> str:
        return jwt.encode(claims, key or self.signing_key, algorithm="RS256", headers={"kid": self.key_id, **header})


class Between:
    """Sees every request to the provider, and changes the token where a test asks for it."""

    def __init__(self, app: Any, provider: Provider) -> None:
        self.app, self.provider = app, provider

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        self.provider.asked.append((environ["PATH_INFO"], parse_qs(environ.get("QUERY_STRING", "") + "&" + body.decode())))
        if environ["PATH_INFO"] != "/oauth2/token" or self.provider.forge is None:
            return self.app(environ, start)
        kept: list[Any] = []
        answer = json.loads(b"".join(self.app(environ, lambda *told: kept.append(told))))
        changed = json.dumps(self.provider.forge(answer, self.provider)).encode()
        start(kept[0][0], [(name, value) for name, value in kept[0][1] if name.lower() != "content-length"])
        return [changed]


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch, world: World) -> Iterator[Provider]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    app, found = oidc_provider_mock.app(require_nonce=True), Provider()
    with app.test_request_context():
        app.preprocess_request()
        key = flask.g.oidc_provider_mock_storage.jwk
        found.signing_key, found.key_id = key.get_private_key(), key.as_dict()["kid"]
    with _threaded_server(Between(app, found)) as server:
        found.address = f"http://localhost:{server.server_port}"
        given = {"provider_id": "company", "name": "公司账号", "client_id": CLIENT, "secret": "s", "settings": {"server_url": found.address}}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": [given]}}
        settings.OIDC_NAME = "公司账号"
        settings.OIDC_DOMAINS = ("corp.example",)
        yield found


def back_from(provider: Provider, client: Client, subject: str) -> str:
    """The address to which the provider sends the browser after she said who she is."""
    away = client.post("/sign-in/outside/company/")
    assert away.status_code == 302, away.content.decode()
    assert away.url.startswith(provider.address + "/oauth2/authorize?")
    answer = httpx.post(away.url, data={"sub": subject})
    assert answer.status_code == 302
    where = urlsplit(answer.headers["location"])
    return f"{where.path}?{where.query}"


def signed_in(provider: Provider, subject: str, client: Client | None = None) -> Any:
    client = client or Client()
    return client.get(back_from(provider, client, subject), follow=True)


def who(answer: Any) -> str:
    user = answer.context["request"].user
    return user.email if user.is_authenticated else ""


def test_a_known_person_comes_in_with_pkce_state_and_nonce(provider: Provider, world: World) -> None:
    provider.person("a-1", email="Analyst@example.com", email_verified=True, name="别名")
    answer = signed_in(provider, "a-1")
    assert who(answer) == "analyst@example.com"
    assert User.objects.filter(email__iexact="analyst@example.com").count() == 1
    paths = [path for path, _asked in provider.asked]
    assert {"/.well-known/openid-configuration", "/oauth2/token", "/jwks", "/userinfo"} <= set(paths)
    asked = next(query for path, query in provider.asked if path == "/oauth2/authorize")
    token = next(query for path, query in provider.asked if path == "/oauth2/token")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(token["code_verifier"][0].encode()).digest()).rstrip(b"=").decode()
    assert (asked["code_challenge"], asked["code_challenge_method"]) == ([challenge], ["S256"])
    assert asked["response_type"] == ["code"] and asked["nonce"] and asked["state"]
    # The second time she is found by whom the provider says she is, though her address there has changed.
    provider.person("a-1", email="married@elsewhere.example", email_verified=True)
    assert who(signed_in(provider, "a-1")) == "analyst@example.com"
    assert AuditEntry.objects.filter(verb="user.signed_in", actor=world.people["analyst"]).count() == 2


def test_each_sign_in_has_a_nonce_of_its_own(provider: Provider) -> None:
    for _ in range(2):
        back_from(provider, Client(), "x")
    first, second = [query["nonce"] for path, query in provider.asked if path == "/oauth2/authorize"]
    assert first != second


@pytest.mark.parametrize("verified", [False, "false", None])
def test_an_address_that_is_not_verified_opens_no_account_of_that_address(provider: Provider, world: World, verified: Any) -> None:
    provider.person("thief", email="administrator@example.com", email_verified=verified)
    assert who(signed_in(provider, "thief")) == ""
    provider.person("new", email="new@corp.example", email_verified=verified)
    assert who(signed_in(provider, "new")) == ""
    assert not User.objects.filter(email="new@corp.example").exists()


def test_a_new_person_of_a_named_domain_joins_without_rights(provider: Provider, world: World) -> None:
    provider.person("n-1", email="new@corp.example", email_verified=True, name="新同事")
    assert who(signed_in(provider, "n-1")) == "new@corp.example"
    joined = User.objects.get(email="new@corp.example")
    assert (joined.display_name, set(joined.role_names), joined.has_usable_password()) == ("新同事", {"everyone"}, False)
    provider.person("n-2", email="new@other.example", email_verified=True)
    assert who(signed_in(provider, "n-2")) == ""
    assert not User.objects.filter(email="new@other.example").exists()


def test_a_disabled_person_stays_outside(provider: Provider, world: World) -> None:
    provider.person("a-1", email="analyst@example.com", email_verified=True)
    assert who(signed_in(provider, "a-1")) == "analyst@example.com"
    user_deactivate(world.people["analyst"], actor=world.administrator)
    for _ in range(2):
        assert who(signed_in(provider, "a-1")) == ""
    provider.person("a-2", email="analyst@example.com", email_verified=True)
    assert who(signed_in(provider, "a-2")) == ""


def test_the_answer_belongs_to_one_browser_and_serves_once(provider: Provider, world: World) -> None:
    provider.person("a-1", email="analyst@example.com", email_verified=True)
    mine = Client()
    back = back_from(provider, mine, "a-1")
    assert who(Client().get(back, follow=True)) == ""
    assert who(mine.get(back, follow=True)) == "analyst@example.com"
    mine.post("/sign-out/")
    assert who(mine.get(back, follow=True)) == ""


def test_saying_no_at_the_provider_says_so(provider: Provider) -> None:
    client = Client()
    away = client.post("/sign-in/outside/company/")
    where = urlsplit(httpx.post(away.url, data={"action": "deny"}).headers["location"])
    state = parse_qs(urlsplit(away.url).query)["state"][0]
    answer = client.get(f"/sign-in/outside/company/callback/?{where.query}&state={state}", follow=True)
    assert who(answer) == "" and "登录" in answer.content.decode()


def changed(**claims: Any) -> Forge:
    """A token of the provider's own key with other claims; None leaves one out."""

    def forge(answer: dict[str, Any], provider: Provider) -> dict[str, Any]:
        told = {**jwt.decode(answer["id_token"], options={"verify_signature": False}), **claims}
        return {**answer, "id_token": provider.signed({name: value for name, value in told.items() if value is not None})}

    return forge


def by_a_strange_key(answer: dict[str, Any], provider: Provider) -> dict[str, Any]:
    told = jwt.decode(answer["id_token"], options={"verify_signature": False})
    return {**answer, "id_token": provider.signed(told, rsa.generate_private_key(65537, 2048))}


def by_an_unpublished_key(answer: dict[str, Any], provider: Provider) -> dict[str, Any]:
    told = jwt.decode(answer["id_token"], options={"verify_signature": False})
    return {**answer, "id_token": provider.signed(told, rsa.generate_private_key(65537, 2048), kid="another")}


def unsigned(answer: dict[str, Any], provider: Provider) -> dict[str, Any]:
    told = jwt.decode(answer["id_token"], options={"verify_signature": False})
    return {**answer, "id_token": jwt.encode(told, None, algorithm="none", headers={"kid": provider.key_id})}


def by_the_client_secret(answer: dict[str, Any], provider: Provider) -> dict[str, Any]:
    told = jwt.decode(answer["id_token"], options={"verify_signature": False})
    return {**answer, "id_token": jwt.encode(told, "s" * 32, algorithm="HS256", headers={"kid": provider.key_id})}


FORGED: dict[str, Forge] = {
    "another audience": changed(aud="another-application"),
    "made for another among several": changed(aud=[CLIENT, "another-application"], azp="another-application"),
    "another nonce": changed(nonce="of-another-sign-in"),
    "no nonce": changed(nonce=None),
    "expired": changed(exp=int(time.time()) - 3600),
    "never expires": changed(exp=None),
    "another issuer": changed(iss="https://evil.example"),
    "another person than the user-info": changed(sub="b-2"),
    "no person": changed(sub=None),
    "a strange key": by_a_strange_key,
    "an unpublished key": by_an_unpublished_key,
    "unsigned": unsigned,
    "signed with a shared secret": by_the_client_secret,
    "no token": lambda answer, provider: {name: value for name, value in answer.items() if name != "id_token"},
    "no token at all": lambda answer, provider: {**answer, "id_token": "a.b.c"},
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_token_lets_nobody_in(provider: Provider, world: World, forge: Forge) -> None:
    provider.person("a-1", email="analyst@example.com", email_verified=True)
    provider.forge = forge
    answer = signed_in(provider, "a-1")
    assert who(answer) == ""
    assert "没有确认你的身份" in answer.content.decode()
    provider.forge = changed()
    assert who(signed_in(provider, "a-1")) == "analyst@example.com"


def test_a_link_does_not_shape_what_the_provider_is_asked(provider: Provider) -> None:
    away = Client().post("/sign-in/outside/company/?auth_params=nonce%3Dmine%26prompt%3Dnone&scope=admin")
    asked = parse_qs(urlsplit(away.url).query)
    assert asked["nonce"] != ["mine"] and "prompt" not in asked and "admin" not in asked["scope"][0]
