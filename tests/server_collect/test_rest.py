"""The REST intake: acknowledged is kept, idempotent, refusals are problem documents."""

from __future__ import annotations

import json

import pytest

from huiyin.server.collect.feedback.models import Inbox

pytestmark = pytest.mark.django_db
ONE, MANY = "/api/v1/feedback", "/api/v1/feedback/batch"


@pytest.fixture
def post(client, api_key):
    def send(path, body, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body)
        return client.post(path, data, content_type="application/json", headers={"Authorization": f"Bearer {api_key}", **headers})

    return send


def test_one_record_is_kept_and_known_again(post):
    first, again = post(ONE, {"external_id": "a", "text": "很好"}), post(ONE, {"external_id": "a", "text": "很好"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"] == Inbox.objects.get().feedback_id
    assert post(ONE, {"external_id": "a", "text": "很差"}).json()["status"] == "changed"


def test_an_idempotency_key_makes_a_record_without_id_recognisable(post):
    answers = [post(ONE, {"text": "好用"}, **{"Idempotency-Key": "k1"}).json()["status"] for _ in range(2)]
    assert answers == ["created", "same"]


def test_a_batch_is_kept_whole_or_not_at_all(post):
    good = [{"external_id": str(n), "text": f"第{n}条"} for n in range(1200)]
    answer = post(MANY, good)
    assert (answer.status_code, answer.json()["created"], Inbox.objects.count()) == (200, 1200, 1200)
    assert [one["external_id"] for one in answer.json()["receipts"]] == [one["external_id"] for one in good]
    bad = post(MANY, {"records": [{"external_id": "x", "text": "好"}, {"external_id": "y"}]})
    assert (bad.status_code, bad.json()["code"], bad.json()["index"]) == (422, "empty_text", 1)
    assert Inbox.objects.count() == 1200


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        (ONE, b"{", 400, "not_json"),
        (ONE, b"\xff\xfe", 400, "not_json"),
        (ONE, b"[" * 100_000, 400, "not_json"),
        (ONE, b"[]", 422, "no_object"),
        (ONE, b'"text"', 422, "no_object"),
        (ONE, {}, 422, "empty_text"),
        (ONE, {"text": "好", "external_id": "x" * 500}, 422, "too_long"),
        (MANY, {}, 422, "no_records"),
        (MANY, [], 422, "no_records"),
        (MANY, [1], 422, "no_object"),
        (MANY, [{"text": "好"}] * 5001, 413, "too_many"),
        (ONE + "?source=nobody", {"text": "好"}, 404, "no_such_source"),
    ],
)
def test_a_refusal_is_a_problem_document_and_keeps_nothing(post, path, body, status, code):
    answer = post(path, body)
    assert (answer.status_code, answer.headers["Content-Type"], answer.json()["code"]) == (status, "application/problem+json", code)
    assert answer.json()["title"]
    assert answer.json()["title_en"]
    assert not Inbox.objects.exists()


def test_without_a_key_or_the_right_nothing_is_taken(client, person):
    from huiyin.server.foundation.people.services.keys import key_make

    assert client.post(ONE, {"text": "好"}, content_type="application/json").status_code == 401
    key = key_make(person(), name="只读", scopes=["voices.read"])[1]
    answer = client.post(ONE, {"text": "好"}, content_type="application/json", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 403
    assert not Inbox.objects.exists()


def test_a_source_that_is_off_says_so(post, source):
    from huiyin.server.collect.sources.services import source_change

    here = source("rest", "门店")
    assert post(f"{ONE}?source={here.key}", {"text": "好"}).status_code == 201
    source_change(here, enabled=False)
    assert post(f"{ONE}?source={here.key}", {"text": "好"}).status_code == 409


def test_the_interface_describes_itself(client, person):
    client.force_login(person())
    described = client.get("/api/v1/openapi.json").json()["paths"]
    operation = described["/api/v1/feedback"]["post"]
    assert "text" in operation["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert {"200", "201", "422", "413"} <= set(operation["responses"])
    assert "/api/v1/feedback/batch" in described
