"""Whether a push comes from whom it says, by the scheme of its sender. Every comparison takes the same time whatever differs.

Where a scheme signs a time, it must be within five minutes of ours; where it does not, a replay changes nothing, because records are
known again by their id.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

WINDOW = 300.0


class NotGenuine(Exception):
    """The signature is missing, wrong or too old. The sender is told no more than that; `reason` is for the monitor."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Push:
    """What came in. Header names are in small letters."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        """A header.

        Raises:
            NotGenuine: it is not there.
        """
        value = self.headers.get(name, "")
        if not value:
            raise NotGenuine(f"header {name} is missing")
        return value

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            NotGenuine: it is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise NotGenuine("the body is no JSON") from None


Check = Callable[[Push, Mapping[str, Any]], None]


def fresh(stamp: str) -> None:
    """The time that a sender signed is now.

    Raises:
        NotGenuine: it is no time, or another one.
    """
    try:
        at = float(stamp) if stamp.replace(".", "", 1).isdigit() else datetime.fromisoformat(stamp).timestamp()
    except ValueError:
        raise NotGenuine("the time of the signature cannot be read") from None
    if at > 1e11:
        at /= 1000
    if abs(timezone.now().timestamp() - at) > WINDOW:
        raise NotGenuine("the signature is too old")


def same(given: str, expected: str) -> None:
    """Both are one.

    Raises:
        NotGenuine: they differ.
    """
    if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        raise NotGenuine("the signature is wrong")


def mac(secret: str | bytes, message: bytes) -> bytes:
    """HMAC-SHA256."""
    return hmac.new(secret.encode() if isinstance(secret, str) else secret, message, hashlib.sha256).digest()


def ours(push: Push, secrets: Mapping[str, Any]) -> None:
    """`X-Huiyin-Signature: sha256=hex(HMAC(secret, timestamp + "." + body))` with `X-Huiyin-Timestamp`."""
    _stamped_hex(push, secrets["secret"], "x-huiyin")


def chatwoot(push: Push, secrets: Mapping[str, Any]) -> None:
    """As ours, under Chatwoot's names."""
    _stamped_hex(push, secrets["secret"], "x-chatwoot")


def _stamped_hex(push: Push, secret: str, names: str) -> None:
    stamp = push.header(f"{names}-timestamp")
    same(push.header(f"{names}-signature"), "sha256=" + mac(secret, f"{stamp}.".encode() + push.body).hex())
    fresh(stamp)


def zendesk(push: Push, secrets: Mapping[str, Any]) -> None:
    """Base64 of HMAC over time and body, next to each other."""
    stamp = push.header("x-zendesk-webhook-signature-timestamp")
    signed = base64.b64encode(mac(secrets["secret"], stamp.encode() + push.body)).decode()
    same(push.header("x-zendesk-webhook-signature"), signed)
    fresh(stamp)


def typeform(push: Push, secrets: Mapping[str, Any]) -> None:
    """Base64 of HMAC over the body; no time."""
    same(push.header("typeform-signature"), "sha256=" + base64.b64encode(mac(secrets["secret"], push.body)).decode())


def standard(push: Push, secrets: Mapping[str, Any]) -> None:
    """Standard Webhooks: id, time and body; several signatures may stand side by side while a secret is changed."""
    name, stamp = push.header("webhook-id"), push.header("webhook-timestamp")
    secret = str(secrets["secret"]).removeprefix("whsec_")
    try:
        key: bytes = base64.b64decode(secret, validate=True)
    except ValueError:
        key = secret.encode()
    expected = "v1," + base64.b64encode(mac(key, f"{name}.{stamp}.".encode() + push.body)).decode()
    if not any(hmac.compare_digest(one.encode("utf-8", "replace"), expected.encode()) for one in push.header("webhook-signature").split()):
        raise NotGenuine("the signature is wrong")
    fresh(stamp)


def token(push: Push, secrets: Mapping[str, Any]) -> None:
    """For senders that cannot sign: the secret itself, as `Authorization: Bearer …` or `X-Huiyin-Token`. Use HTTPS."""
    bearer = push.headers.get("authorization", "").removeprefix("Bearer ").strip()
    same(push.headers.get("x-huiyin-token", "") or bearer, str(secrets["secret"]))


def lark(push: Push, secrets: Mapping[str, Any]) -> None:
    """飞书: SHA-256 over time, nonce, Encrypt Key and body. The challenge of the set-up is not signed and is told by its token."""
    if "x-lark-signature" not in push.headers:
        _lark_challenge(push, secrets)
        return
    stamp, nonce = push.header("x-lark-request-timestamp"), push.header("x-lark-request-nonce")
    signed = hashlib.sha256((stamp + nonce + str(secrets["secret"])).encode() + push.body).hexdigest()
    same(push.header("x-lark-signature"), signed)
    fresh(stamp)


def _lark_challenge(push: Push, secrets: Mapping[str, Any]) -> None:
    from huiyin.server.collect.sources.webhook.envelopes import opened_lark

    said = opened_lark(push.json(), secrets)
    if not isinstance(said, dict) or said.get("type") != "url_verification":
        raise NotGenuine("header x-lark-signature is missing")
    if secrets.get("token"):
        same(str(said.get("token", "")), str(secrets["token"]))


def wecom(push: Push, secrets: Mapping[str, Any]) -> None:
    """企业微信: SHA-1 over token, time, nonce and the sealed message, sorted."""
    from huiyin.server.collect.sources.webhook.envelopes import sealed_wecom

    stamp, nonce = push.query.get("timestamp", ""), push.query.get("nonce", "")
    parts = sorted([str(secrets["token"]), stamp, nonce, push.query.get("echostr") or sealed_wecom(push.body)])
    same(push.query.get("msg_signature", ""), hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest())
    fresh(stamp)


def dingtalk(push: Push, secrets: Mapping[str, Any]) -> None:
    """钉钉 robots: Base64 of HMAC over the time and the secret. It does not cover the body: use HTTPS."""
    stamp = push.header("timestamp")
    signed = base64.b64encode(mac(secrets["secret"], f"{stamp}\n{secrets['secret']}".encode())).decode()
    same(push.header("sign"), signed)
    fresh(stamp)


def wjx(push: Push, secrets: Mapping[str, Any]) -> None:
    """问卷星: SHA-1 over form, running number and key, inside the body."""
    said = push.json()
    if not isinstance(said, dict):
        raise NotGenuine("the body is no JSON object")
    signed = f"{said.get('activity', '')}{said.get('index', '')}{secrets['secret']}"
    same(str(said.get("sign", "")), hashlib.sha1(signed.encode("utf-8", "replace"), usedforsecurity=False).hexdigest())


SCHEMES: dict[str, Check] = {
    "huiyin": ours,
    "standard": standard,
    "token": token,
    "zendesk": zendesk,
    "chatwoot": chatwoot,
    "typeform": typeform,
    "lark": lark,
    "wecom": wecom,
    "dingtalk": dingtalk,
    "wjx": wjx,
}
