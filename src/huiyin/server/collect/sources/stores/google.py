"""Google's APIs, asked for with the key of a service account: a signed assertion is exchanged for a token (RFC 7523)."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.outgoing import LARGEST, allowed, fetch

TOKEN = "https://oauth2.googleapis.com/token"
_LIFETIME = 3600
_FIELDS = ("client_email", "private_key")


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """Who asks. Nothing of it but the e-mail address may stand in a message."""

    email: str
    private_key: str
    key_id: str
    token_uri: str


def account_of(text: str) -> ServiceAccount:
    """The account of a key file as Google hands it out.

    Raises:
        SourceRefused: it is none.
    """
    wrong = SourceRefused("这不是服务账号的 JSON 密钥", "This is no JSON key of a service account", "key")
    try:
        said = json.loads(text)
        if not isinstance(said, dict) or not all(isinstance(said.get(name), str) and said[name] for name in _FIELDS):
            raise wrong
        load_pem_private_key(said["private_key"].encode(), None)
    except SourceRefused:
        raise
    except Exception:
        # The text of these errors may hold parts of the key.
        raise wrong from None
    uri = str(said.get("token_uri") or TOKEN)
    parts = urlsplit(uri)
    if parts.scheme != "https" and (parts.hostname or "") not in allowed():
        raise SourceRefused("密钥里的 token_uri 要以 https:// 开头", "The token_uri of the key has to begin with https://", "key")
    return ServiceAccount(said["client_email"], said["private_key"], str(said.get("private_key_id") or ""), uri)


class GoogleApi:
    """Calls in the name of a service account; the token is drawn once."""

    def __init__(self, account: ServiceAccount, scope: str) -> None:
        self._account, self._scope, self._token = account, scope, ""

    def get(self, url: str, largest: int = LARGEST) -> bytes:
        """What stands at an address.

        Raises:
            SourceRefused: not allowed, not there, or no answer.
        """
        self._token = self._token or self._drawn()
        answer = fetch(url, headers={"Authorization": f"Bearer {self._token}"}, largest=largest)
        if answer.status != 200:
            raise _refusal(answer.status, answer.body)
        return answer.body

    def json(self, url: str) -> Mapping[str, Any]:
        """The JSON object that stands at an address."""
        try:
            said = json.loads(self.get(url))
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise SourceRefused("Google 的回答读不懂", "Google's answer cannot be read", passing=True)
        return said

    def _drawn(self) -> str:
        now = int(time.time())
        claims = {"iss": self._account.email, "scope": self._scope, "aud": self._account.token_uri, "iat": now, "exp": now + _LIFETIME}
        assertion = jwt.encode(claims, self._account.private_key, algorithm="RS256", headers={"kid": self._account.key_id})
        body = urlencode({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}).encode()
        answer = fetch(self._account.token_uri, headers={"Content-Type": "application/x-www-form-urlencoded"}, body=body)
        try:
            token = json.loads(answer.body).get("access_token", "") if answer.status == 200 else ""
        except (ValueError, AttributeError, RecursionError):
            token = ""
        if not token:
            passing = answer.status >= 500
            raise SourceRefused(
                f"Google 没有认这个服务账号（{answer.status}）：密钥可能作废了，或这台机器的时钟不准",
                f"Google did not accept the service account ({answer.status}): the key may be revoked, or this machine's clock is off",
                "key",
                passing=passing,
            )
        return str(token)


def _refusal(status: int, body: bytes) -> SourceRefused:
    if status in (401, 403):
        return SourceRefused(
            "服务账号没有权限：在 Play Console 里给它「查看应用信息」与「回复评价」",
            "The service account lacks the permission: grant it in the Play Console",
        )
    if status == 404:
        return SourceRefused("Google 那里没有这个：检查包名或存储分区", "Google knows no such thing: check package name or bucket")
    return SourceRefused(f"Google 回了 {status}", f"Google answered {status}", passing=status == 429 or status >= 500)
