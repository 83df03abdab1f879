"""The REST interface tells the numbers of the screens, and its edits are those of the screens."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.people.services.keys import key_make
from huiyin.server.prioritise.problems import snapshots
from huiyin.server.prioritise.problems.register import register
from tests.server.world import person

pytestmark = pytest.mark.django_db


def definitions():
    return register().definitions


@pytest.fixture
def ask(company):
    """Calls with the key of an analyst."""
    analyst = person("analyst")
    _key, text = key_make(analyst, name="仓库", scopes=["problems.read", "problems.talk", "problems.write"])
    client, headers = Client(), {"Authorization": f"Bearer {text}"}

    def call(path, body=None):
        url = f"/api/v1/problems{path}"
        return (
            client.get(url, headers=headers) if body is None else client.post(url, json.dumps(body), content_type="application/json", headers=headers)
        )

    return call


def test_numbers_are_those_of_the_screen(ask, client):
    client.force_login(person("cx_lead"))
    seen = client.get("/problems/?period=365&w_harm=2").context["lines"]
    told = ask("?period=365&w_harm=2&limit=40").json()
    assert [one["id"] for one in told["items"]] == [line.row.problem_id for line in seen]
    for one, line in zip(told["items"], seen, strict=True):
        row = line.row
        assert (one["rank"], one["customers"], one["frequency"]["value"], one["harm"]["low"]) == (
            row.rank,
            row.customers,
            row.frequency.value,
            row.harm.low,
        )
    first = told["items"][0]["id"]
    one = ask(f"/{first}?period=365").json()
    page = client.get(f"/problems/{first}/?period=365").context
    assert (one["voices"], one["customers"], one["opinions"]) == (page["behind"].voices, page["behind"].customers, page["behind"].opinions)
    wall = ask(f"/{first}/evidence?period=365").json()
    assert wall["customers"] == one["customers"]
    assert [quote["feedback_id"] for quote in wall["items"]] == [card.quote.feedback_id for card in page["quotes"]]


def test_it_is_paged(ask):
    whole = ask("?period=all&limit=200").json()
    parts = [one["id"] for first in range(0, whole["total"], 7) for one in ask(f"?period=all&offset={first}&limit=7").json()["items"]]
    assert parts == [one["id"] for one in whole["items"]]


def test_a_past_day_is_told_as_it_stood(ask):
    day = timezone.localdate() - timedelta(days=2)
    snapshots.snapshot_take(day)
    assert ask("/days").json() == [day.isoformat()]
    kept = snapshots.list_of(day)
    told = ask(f"/days/{day.isoformat()}").json()
    assert [(one["id"], one["score"]["value"]) for one in told["items"]] == [(row.problem_id, row.score.value) for row in kept.rows]
    assert ask(f"/days/{date(2000, 1, 1).isoformat()}").status_code == 404


def test_edits_are_made_recorded_and_refused(ask):
    first, second = (one["id"] for one in ask("?period=all").json()["items"][:2])
    assert ask(f"/{first}/rename", {"name": "新名"}).json()["name"] == "新名"
    assert ask(f"/{second}/merge", {"into": first}).json()["id"] == first
    assert ask(f"/{second}").json()["id"] == first
    assert ask(f"/{first}/merge", {"into": first}).status_code == 422
    assert ask(f"/{first}/snooze", {"until": "2000-01-01", "reason": "x"}).json()["code"] == "past_day"
    assert ask(f"/{first}/comments", {"text": "看一下"}).status_code == 200
    assert ask(f"/{first}/pin", {"pinned": True}).status_code == 200
    assert ask("/P-000000/rename", {"name": "x"}).status_code == 404
    parts = ask(f"/{first}/split", {"by": "aspect", "values": [ask(f"/{first}").json()["aspects"][1]], "name": "又分开"}).json()
    assert len(parts) == 2
    assert parts[1]["name"] == "又分开"
    verbs = set(AuditEntry.objects.filter(object_type="problem").values_list("verb", flat=True))
    assert verbs >= {"problem.renamed", "problem.merged", "problem.commented", "problem.pinned", "problem.split"}
    assert all(entry.key_name == "仓库" for entry in AuditEntry.objects.filter(object_type="problem"))


def test_it_is_defined_and_linked(ask):
    first = ask("?period=all&limit=1").json()["items"][0]["id"]
    told = ask(f"/{first}/define", {"definition": "改地址", "include": "改不了", "exclude": "送错"}).json()
    assert told["meaning"] == {"definition": "改地址", "include": "改不了", "exclude": "送错"}
    link = ask(f"/{first}/links", {"title": "说明", "url": "https://example.com/a"}).json()["links"][0]
    assert ask(f"/{first}/links", {"title": "坏的", "url": "javascript:alert(1)"}).status_code == 422
    assert ask(f"/{first}/links/{link['id']}/remove", {}).json()["links"] == []


@pytest.mark.parametrize("role", ["executive", "store_manager"])
def test_whoever_may_read_may_comment_and_follow_by_either_door(company, client, role):
    reader, problem = person(role), definitions()[0].problem_id
    client.force_login(reader)
    assert client.post(f"/problems/{problem}/comment/", {"text": "看一下"}).status_code == 302
    assert client.post(f"/api/v1/problems/{problem}/comments", json.dumps({"text": "再看"}), content_type="application/json").status_code == 200
    assert client.post(f"/api/v1/problems/{problem}/follow", json.dumps({"follows": False}), content_type="application/json").status_code == 200
    assert client.post(f"/api/v1/problems/{problem}/pin", json.dumps({}), content_type="application/json").status_code == 403


def test_a_key_that_only_reads_says_nothing(company):
    _key, text = key_make(person("analyst"), name="只读", scopes=["problems.read"])
    answer = Client().post(
        f"/api/v1/problems/{definitions()[0].problem_id}/comments",
        json.dumps({"text": "看一下"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {text}"},
    )
    assert answer.status_code == 403
