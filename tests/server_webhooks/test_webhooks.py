"""Events reach a real receiver, signed as the reference library wants it, tried again, sent again, and never inward."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from huiyin.server.foundation.jobs.models import Job
from huiyin.server.prioritise.webhooks.models import Delivery, Endpoint
from huiyin.server.prioritise.webhooks.sending import WAITS, attempt, endpoint_test
from huiyin.server.prioritise.webhooks.services import (
    EndpointRefused,
    deliveries_again,
    endpoint_make,
    events_collect,
    secret_renew,
)
from tests.server.world import person

pytestmark = pytest.mark.django_db


class Receiver:
    """A server that keeps what it gets and answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], str]] = []
        self.answer = 204
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(outer.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?token=geheim"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(monkeypatch):
    monkeypatch.setenv("HUIYIN_OUTGOING_ALLOW", "127.0.0.1")
    made = Receiver()
    yield made
    made.server.shutdown()


def send_all() -> None:
    for row in Delivery.objects.filter(state=Delivery.State.WAITING).select_related("endpoint").order_by("id"):
        attempt(row)


def test_a_change_reaches_the_receiver_with_a_signature_that_holds(receiver, facts):
    from huiyin.server.understand.explorer.services import view_save
    from huiyin.server.understand.taxonomy.services.drafts import draft_begin, node_add
    from huiyin.server.understand.taxonomy.services.publishing import draft_publish

    lead = person("cx_lead")
    _endpoint, secret = endpoint_make(lead, "数据平台", receiver.url, ["taxonomy.published"])
    draft_begin(lead)
    node_add(lead, "", ["泳池"])
    draft_publish(lead, "加了泳池")
    view_save(lead, "别的事", "")
    assert events_collect() == 1
    send_all()
    (headers, body), *rest = receiver.got
    assert not rest
    said = Webhook(secret).verify(body, headers)
    assert said["type"] == "taxonomy.published" and said["data"]["after"]["note"] == "加了泳池"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace("泳池", "游泳"), headers)
    assert Delivery.objects.get().state == Delivery.State.DELIVERED
    assert events_collect() == 0


def test_voices_are_told_by_id_and_never_by_their_words(receiver, send):
    endpoint_make(person("cx_lead"), "仓库", receiver.url, ["voices.read"])
    events_collect()
    send({"external_id": "1", "text": "早餐太差，电话 13812345678"}, {"external_id": "2", "text": "房间很干净"})
    assert events_collect() == 1
    send_all()
    body = receiver.got[0][1]
    assert json.loads(body)["data"]["count"] == 2 and len(json.loads(body)["data"]["feedback_ids"]) == 2
    assert "早餐" not in body and "138" not in body


def test_what_fails_is_tried_again_and_after_three_days_the_endpoint_is_switched_off(receiver, facts):
    lead = person("cx_lead")
    endpoint, _ = endpoint_make(lead, "坏的", receiver.url, [])
    receiver.answer = 500
    endpoint_test(lead, endpoint)
    for count in range(1, len(WAITS) + 2):
        row = Delivery.objects.select_related("endpoint").get()
        if count > 1:
            attempt(row)
            row.refresh_from_db()
        assert (row.attempts, row.status) == (count, 500)
    assert row.state == Delivery.State.FAILED
    assert not Endpoint.objects.get().enabled
    assert len(receiver.got) == len(WAITS) + 1
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_a_failed_attempt_waits_its_turn(receiver, facts):
    lead = person("cx_lead")
    endpoint, _ = endpoint_make(lead, "忙的", receiver.url, [])
    receiver.answer = 503
    endpoint_test(lead, endpoint)
    job = Job.objects.get(kind="webhooks.deliver")
    assert WAITS[0].total_seconds() - 2 <= (job.due - job.created_at).total_seconds() <= WAITS[0].total_seconds() + 2


def test_sent_again_it_keeps_its_id(receiver, facts):
    lead = person("cx_lead")
    endpoint, secret = endpoint_make(lead, "重发", receiver.url, [])
    receiver.answer = 410
    endpoint_test(lead, endpoint)
    assert Delivery.objects.get().state == Delivery.State.FAILED
    receiver.answer = 200
    Endpoint.objects.update(enabled=True)
    assert deliveries_again(lead, endpoint) == 1
    send_all()
    first, second = receiver.got
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    Webhook(secret).verify(second[1], second[0])


def test_for_a_day_both_secrets_sign(receiver, facts):
    lead = person("cx_lead")
    endpoint, before = endpoint_make(lead, "换钥匙", receiver.url, [])
    now = secret_renew(lead, endpoint)
    endpoint_test(lead, endpoint)
    headers, body = receiver.got[0]
    assert Webhook(before).verify(body, headers) and Webhook(now).verify(body, headers)


def test_an_inner_address_is_not_visited(receiver, facts, monkeypatch):
    monkeypatch.delenv("HUIYIN_OUTGOING_ALLOW")
    lead = person("cx_lead")
    endpoint, _ = endpoint_make(lead, "内网", receiver.url, [])
    endpoint_test(lead, endpoint)
    assert receiver.got == []
    assert "127.0.0.1" in Delivery.objects.get().trouble


@pytest.mark.parametrize("url", ["ftp://example.com", "javascript:alert(1)", "https://", "https://user:pass@example.com/"])
def test_an_address_that_is_none_is_refused(url, facts):
    with pytest.raises(EndpointRefused):
        endpoint_make(person("cx_lead"), "坏地址", url, [])


def test_the_secret_is_shown_once_and_the_address_not_written_into_the_audit(browser, receiver):
    from huiyin.server.foundation.audit.models import AuditEntry

    page = browser("cx_lead").post("/webhooks/new/", {"name": "数据平台", "url": receiver.url, "kinds": ["problem."]})
    assert b"whsec_" in page.content
    number = Endpoint.objects.get().pk
    assert b"whsec_" not in browser("cx_lead").get(f"/webhooks/{number}/").content
    assert "geheim" not in json.dumps(list(AuditEntry.objects.values_list("after", flat=True)))


def test_the_answer_to_a_test_stands_beside_the_button(receiver, facts, browser):
    lead = browser("cx_lead")
    endpoint, _ = endpoint_make(person("administrator", "other@example.com"), "试的", receiver.url, ["problem."])
    page = lead.get(f"/webhooks/{endpoint.pk}/").content.decode()
    assert 'value="problem." checked' in page and 'value="board." checked' not in page and "不带原话" in page
    assert "对方回答 204" in lead.post(f"/webhooks/{endpoint.pk}/test/").content.decode()
    receiver.answer = 503
    assert "HTTP 503" in lead.post(f"/webhooks/{endpoint.pk}/test/").content.decode()
    Endpoint.objects.update(enabled=False)
    assert "先启用" in lead.post(f"/webhooks/{endpoint.pk}/test/").content.decode()
    assert len(receiver.got) == 2
