"""Signed pushes: what is genuine is kept in the words of its sender, what is not leaves no trace."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.services import rejects_run_again, source_change

pytestmark = pytest.mark.django_db
SECRET = "一个只在这里用的密钥"
AES = base64.b64encode(bytes(range(32))).decode().rstrip("=")


def signed(message: bytes, secret: str | bytes = SECRET) -> bytes:
    return hmac.new(secret.encode() if isinstance(secret, str) else secret, message, hashlib.sha256).digest()


def sealed(key: bytes, clear: bytes) -> bytes:
    padding = 32 - len(clear) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return encryptor.update(clear + bytes([padding]) * padding) + encryptor.finalize()


def now(shift: float = 0) -> str:
    return str(int(time.time() + shift))


class Sender:
    """One preset, as its vendor would push: `push(body)` gives path suffix, body and headers."""

    secrets: dict = {"secret": SECRET}

    def __init__(self, body: dict, words: str, external_id: str) -> None:
        self.body, self.words, self.external_id = body, words, external_id

    def push(self, shift: float = 0, secret: str | None = None) -> tuple[str, bytes, dict]:
        raise NotImplementedError


class Generic(Sender):
    names = "X-Huiyin"

    def push(self, shift=0, secret=None):
        body, at = json.dumps(self.body).encode(), now(shift)
        return (
            "",
            body,
            {f"{self.names}-Timestamp": at, f"{self.names}-Signature": "sha256=" + signed(f"{at}.".encode() + body, secret or SECRET).hex()},
        )


class Chatwoot(Generic):
    names = "X-Chatwoot"


class Token(Sender):
    def push(self, shift=0, secret=None):
        return "", json.dumps(self.body).encode(), {"X-Huiyin-Token": "not this" if secret else "plain-token"}

    secrets = {"secret": "plain-token"}


class Zendesk(Sender):
    def push(self, shift=0, secret=None):
        body, at = json.dumps(self.body).encode(), datetime.fromtimestamp(time.time() + shift, UTC).isoformat().replace("+00:00", "Z")
        mac = base64.b64encode(signed(at.encode() + body, secret or SECRET)).decode()
        return "", body, {"X-Zendesk-Webhook-Signature": mac, "X-Zendesk-Webhook-Signature-Timestamp": at}


class Typeform(Sender):
    def push(self, shift=0, secret=None):
        body = json.dumps(self.body).encode()
        return "", body, {"Typeform-Signature": "sha256=" + base64.b64encode(signed(body, secret or SECRET)).decode()}


class Standard(Sender):
    secrets = {"secret": "whsec_" + base64.b64encode(b"k" * 32).decode()}

    def push(self, shift=0, secret=None):
        body, at = json.dumps(self.body).encode(), now(shift)
        mac = base64.b64encode(signed(f"msg_1.{at}.".encode() + body, secret or b"k" * 32)).decode()
        return "", body, {"webhook-id": "msg_1", "webhook-timestamp": at, "webhook-signature": f"v1,AAAA v1,{mac}"}


class Feishu(Sender):
    secrets = {"secret": SECRET, "token": "verify"}

    def push(self, shift=0, secret=None):
        key = hashlib.sha256(SECRET.encode()).digest()
        start = bytes(16)
        clear = json.dumps(self.body).encode()
        padding = 16 - len(clear) % 16
        encryptor = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
        body = json.dumps(
            {"encrypt": base64.b64encode(start + encryptor.update(clear + bytes([padding]) * padding) + encryptor.finalize()).decode()}
        ).encode()
        at = now(shift)
        mac = hashlib.sha256((at + "n1" + (secret or SECRET)).encode() + body).hexdigest()
        return "", body, {"X-Lark-Request-Timestamp": at, "X-Lark-Request-Nonce": "n1", "X-Lark-Signature": mac}


class WeCom(Sender):
    secrets = {"secret": AES, "token": "verify", "receiver": "corp1"}

    def seal(self, clear: str) -> str:
        words = clear.encode()
        return base64.b64encode(sealed(bytes(range(32)), b"r" * 16 + len(words).to_bytes(4, "big") + words + b"corp1")).decode()

    def push(self, shift=0, secret=None):
        xml = "<xml>" + "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in self.body.items()) + "</xml>"
        inside, at = self.seal(xml), now(shift)
        mac = hashlib.sha1("".join(sorted([secret or "verify", at, "n1", inside])).encode()).hexdigest()
        body = f"<xml><ToUserName><![CDATA[corp1]]></ToUserName><Encrypt><![CDATA[{inside}]]></Encrypt></xml>".encode()
        return f"?msg_signature={mac}&timestamp={at}&nonce=n1", body, {}


class DingTalk(Sender):
    def push(self, shift=0, secret=None):
        at = str(int((time.time() + shift) * 1000))
        return (
            "",
            json.dumps(self.body).encode(),
            {"timestamp": at, "sign": base64.b64encode(signed(f"{at}\n{SECRET}".encode(), secret or SECRET)).decode()},
        )


class Wjx(Sender):
    def push(self, shift=0, secret=None):
        sign = hashlib.sha1(f"{self.body['activity']}{self.body['index']}{secret or SECRET}".encode()).hexdigest()
        return "", json.dumps({**self.body, "sign": sign}).encode(), {}


WORDS = "等了一个小时，太慢了"
SENDERS = {
    "generic": Generic({"id": "g1", "text": WORDS}, WORDS, "g1"),
    "token": Token({"id": "t1", "text": WORDS}, WORDS, "t1"),
    "feishu": Feishu(
        {"schema": "2.0", "event": {"action_list": [{"record_id": "rec1", "after_value": [{"field_id": "f1", "field_value": WORDS}]}]}}, WORDS, "rec1"
    ),
    "wecom": WeCom({"MsgId": "m1", "Content": WORDS, "FromUserName": "u1", "CreateTime": "1772330400"}, WORDS, "m1"),
    "dingtalk": DingTalk({"msgId": "d1", "text": {"content": WORDS}, "senderId": "u1", "createAt": 1772330400000}, WORDS, "d1"),
    "zendesk": Zendesk(
        {
            "type": "zen:event-type:ticket.created",
            "detail": {"id": "35", "subject": "慢", "description": WORDS, "created_at": "2026-03-01T00:00:00Z"},
        },
        WORDS,
        "35",
    ),
    "freshdesk": Token({"freshdesk_webhook": {"ticket_id": 8, "ticket_subject": "慢", "ticket_description": WORDS}}, WORDS, "8"),
    "chatwoot": Chatwoot(
        {"event": "message_created", "message_type": "incoming", "id": 5, "content": WORDS, "sender": {"id": 9}, "conversation": {"id": 3}},
        WORDS,
        "5",
    ),
    "formbricks": Standard(
        {"event": "responseFinished", "data": {"id": "r1", "surveyId": "s1", "createdAt": "2026-03-01T00:00:00Z", "data": {"q1": WORDS}}}, WORDS, "r1"
    ),
    "typeform": Typeform(
        {
            "event_type": "form_response",
            "form_response": {
                "token": "tok",
                "submitted_at": "2026-03-01T00:00:00Z",
                "definition": {"title": "回访"},
                "answers": [{"type": "number", "number": 2}, {"type": "text", "text": WORDS}],
            },
        },
        WORDS,
        "tok",
    ),
    "wjx": Wjx(
        {"activity": "5657754", "index": "3", "name": "问卷", "submittime": "2026-03-01 10:01:59", "q1": WORDS, "joinid": "101"}, WORDS, "101"
    ),
}


@pytest.fixture(params=SENDERS)
def sender(request, source):
    one = SENDERS[request.param]
    return one, source("webhook", "推送", values={"preset": request.param, **one.secrets})


def deliver(client, here, pushed):
    suffix, body, headers = pushed
    return client.post(f"/sources/hooks/{here.key}/{suffix}", body, content_type="application/json", headers=headers)


def test_a_genuine_push_is_kept_once_in_the_senders_words(client, sender, facts, read_inbox):
    one, here = sender
    for _ in range(2):
        assert deliver(client, here, one.push()).status_code == 200
    read_inbox()
    (found,) = facts.query("SELECT external_id, text FROM feedback").to_pylist()
    assert found["external_id"] == one.external_id
    assert one.words in found["text"]


def test_a_wrong_signature_leaves_no_trace(client, sender):
    one, here = sender
    assert deliver(client, here, one.push(secret="another")).status_code == 401
    assert client.post(f"/sources/hooks/{here.key}/", b"{}", content_type="application/json").status_code == 401
    assert not Inbox.objects.exists()


@pytest.mark.parametrize("preset", ["generic", "feishu", "wecom", "dingtalk", "zendesk", "chatwoot", "formbricks"])
@pytest.mark.parametrize("shift", [-330, 330])
def test_an_old_signature_is_refused(client, source, preset, shift):
    one = SENDERS[preset]
    here = source("webhook", "推送", values={"preset": preset, **one.secrets})
    assert deliver(client, here, one.push(shift)).status_code == 401


def test_unknown_and_switched_off_sources_answer_alike(client, source):
    one = SENDERS["generic"]
    here = source("webhook", "推送", values={"preset": "generic", **one.secrets})
    source_change(here, enabled=False)
    answers = [deliver(client, here, one.push()), client.post("/sources/hooks/nobody/", b"{}", content_type="application/json")]
    assert [one.status_code for one in answers] == [401, 401]
    assert answers[0].content == answers[1].content


def test_feishu_and_wecom_are_answered_when_they_are_set_up(client, source):
    feishu = source("webhook", "飞书", values={"preset": "feishu", "secret": SECRET, "token": "verify"})
    body = {"challenge": "c-1", "token": "verify", "type": "url_verification"}
    path = f"/sources/hooks/{feishu.key}/"
    assert client.post(path, body, content_type="application/json").json() == {"challenge": "c-1"}
    assert client.post(path, {**body, "token": "no"}, content_type="application/json").status_code == 401
    wecom = source("webhook", "企微", values={"preset": "wecom", **WeCom.secrets})
    echo, at = SENDERS["wecom"].seal("echo-1"), now()
    mac = hashlib.sha1("".join(sorted(["verify", at, "n1", echo])).encode()).hexdigest()
    answer = client.get(f"/sources/hooks/{wecom.key}/", {"msg_signature": mac, "timestamp": at, "nonce": "n1", "echostr": echo})
    assert answer.content == b"echo-1"


def test_what_an_agent_answers_is_no_customers_voice(client, source):
    one = SENDERS["chatwoot"]
    here = source("webhook", "客服", values={"preset": "chatwoot", **one.secrets})
    outgoing = Chatwoot({**one.body, "message_type": "outgoing"}, "", "")
    assert deliver(client, here, outgoing.push()).json() == {"kept": 0}
    assert not Inbox.objects.exists()


def test_what_could_not_be_mapped_is_kept_and_mapped_again_once_the_mapping_is_mended(client, source, facts, read_inbox):
    mapping = {"text": "$.comment", "external_id": "$.no"}
    here = source("webhook", "推送", values={"preset": "generic", "secret": SECRET, "mapping": json.dumps(mapping)})
    deliver(client, here, Generic({"no": "1", "words": WORDS}, "", "").push())
    assert Inbox.objects.get().reason == "empty_text"
    assert rejects_run_again(here) == 0
    source_change(here, values={"preset": "generic", "mapping": json.dumps({**mapping, "text": "$.words"})})
    assert rejects_run_again(here) == 1
    read_inbox()
    assert facts.query("SELECT text FROM feedback").to_pylist() == [{"text": WORDS}]
    assert Inbox.objects.count() == 1


@pytest.mark.parametrize("mapping", ["{", "[]", '{"id": "$.x"}', '{"text": "$..["}', '{"text": 3}', '{"text": "$.a", "colour": "$.b"}'])
def test_a_mapping_that_cannot_work_is_refused(source, mapping):
    with pytest.raises(SourceRefused) as refused:
        source("webhook", "推送", values={"preset": "generic", "secret": SECRET, "mapping": mapping})
    assert refused.value.field == "mapping"


def test_a_secret_is_sealed_never_shown_never_audited(client, person, source):
    from huiyin.server.collect.sources.models import Source
    from huiyin.server.foundation.audit.models import AuditEntry

    here = source("webhook", "推送", values={"preset": "generic", "secret": SECRET})
    assert SECRET not in Source.objects.get().sealed
    client.force_login(person())
    page = client.get(f"/sources/{here.pk}/set-up/").content.decode()
    assert SECRET not in page
    assert "••••••" in page
    assert SECRET not in str(list(AuditEntry.objects.values()))
    source_change(here, values={"preset": "generic", "secret": "••••••"})
    assert Source.objects.get().secrets["secret"] == SECRET


@pytest.mark.parametrize(
    "body",
    [
        {"text": "\ud800好\x00的", "id": "\udfff\x00", "deep": [[[["\ud83d"]]]]},
        {"text": ["好", 3, None], "id": 7, "customer_id": {"a": 1}, "rating": "inf"},
        {"text": "x" * 300_000, "id": "long"},
        {"text": {"a": "b"}, "id": None, "occurred_at": 1e300},
        ["text"],
        {},
    ],
)
def test_a_hostile_body_that_is_signed_is_kept_or_listed_and_breaks_nothing(client, source, facts, read_inbox, body):
    here = source("webhook", "推送", values={"preset": "generic", "secret": SECRET})
    assert deliver(client, here, Generic(body, "", "").push()).status_code == 200
    read_inbox()
    row = Inbox.objects.get()
    assert row.state in ("done", "rejected")
    assert row.raw.encode("utf-8")


def test_of_very_many_items_those_left_out_are_listed_with_the_whole():
    from huiyin.server.collect.sources.webhook.mapping import mapped

    found = mapped({"rows": [{"t": f"第{n}条"} for n in range(1003)]}, {"items": "$.rows[*]", "text": "$.t"})
    assert len(found) == 1001
    assert found[-1].reason == "too_many_items"
    assert "第1002条" in found[-1].raw
