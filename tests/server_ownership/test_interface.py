"""The map and the claims for other systems: what a key may carry, and never more than its owner may."""

from __future__ import annotations

import pytest
from django.test import Client

from huiyin.server.foundation.people.services.keys import key_make
from huiyin.server.foundation.people.services.teams import team_make
from huiyin.server.prioritise.ownership.models import Claim, Responsibility
from huiyin.server.prioritise.problems.register import register
from tests.server.world import person

pytestmark = pytest.mark.django_db


def caller(user, *scopes):
    _key, text = key_make(user, name="任务系统", scopes=list(scopes))
    return Client(headers={"Authorization": f"Bearer {text}"})


@pytest.fixture
def lead(company):
    return person("cx_lead")


def sent(client, way, path, body):
    return getattr(client, way)(f"/api/v1/ownership/{path}", body, content_type="application/json")


def test_the_map_is_set_and_read(lead):
    team_make(actor=lead, name="交付", parent=None, scope={})
    client = caller(lead, "ownership.read", "ownership.write")
    answer = sent(client, "put", "map", {"lines": [{"path": "delivery", "team": "交付"}, {"path": "delivery", "team": "交付", "region": "华东"}]})
    assert (answer.status_code, answer.json()) == (200, {"set": 2})
    found = client.get("/api/v1/ownership/map").json()
    assert [(one["path"], one["region"]) for one in found["lines"]] == [("delivery", ""), ("delivery", "华东")]
    assert "delivery/delay" not in found["unowned"]
    assert "battery/life" in found["unowned"]


def test_one_wrong_line_sets_nothing(lead):
    team_make(actor=lead, name="交付", parent=None, scope={})
    client = caller(lead, "ownership.write")
    for wrong in ({"path": "nowhere", "team": "交付"}, {"path": "battery", "team": "没有"}, {"team": "交付"}):
        assert sent(client, "put", "map", {"lines": [{"path": "delivery", "team": "交付"}, wrong]}).status_code == 422
    assert not Responsibility.objects.exists()


def test_a_problem_is_assigned_rejected_and_accepted(lead):
    delivery, shop = (team_make(actor=lead, name=one, parent=None, scope={}) for one in ("交付", "商城"))
    one = register().definitions[0].problem_id
    people = []
    for team in (delivery, shop):
        people.append(person("product", f"p{team.pk}@example.com"))
        people[-1].team = team
        people[-1].save()
    assert sent(caller(lead, "ownership.write"), "post", f"problems/{one}/assign", {"team": "交付"}).json()["state"] == "proposed"
    told = {"reason": "not_ours", "words": "下单之前的事", "team": "商城"}
    assert sent(caller(people[0], "ownership.write"), "post", f"problems/{one}/reject", told).json()["state"] == "disputed"
    taken = sent(caller(people[1], "ownership.write"), "post", f"problems/{one}/accept", {"target": "减半", "due": "2099-01-01"}).json()
    assert (taken["state"], taken["team"], taken["owned"], taken["accepted"]) == ("accepted", "商城", True, True)
    found = caller(lead, "ownership.read").get(f"/api/v1/ownership/problems/{one}").json()
    assert [step["kind"] for step in found["claims"]] == ["assigned", "rejected", "accepted"]


def test_a_key_does_no_more_than_its_owner_and_its_scopes(lead):
    team_make(actor=lead, name="交付", parent=None, scope={})
    one = register().definitions[0].problem_id
    analyst = person("analyst")
    assert sent(caller(lead, "ownership.read"), "put", "map", {"lines": []}).status_code == 403
    assert sent(caller(analyst, "ownership.write"), "put", "map", {"lines": [{"path": "delivery", "team": "交付"}]}).status_code == 422
    assert sent(caller(analyst, "ownership.write"), "post", f"problems/{one}/assign", {"team": "交付"}).status_code == 422
    assert sent(caller(analyst, "ownership.write"), "post", f"problems/{one}/accept", {"target": "x"}).status_code == 422
    assert not Claim.objects.exists()
    assert caller(lead, "ownership.read").get("/api/v1/ownership/problems/P-ZZZZZZ").status_code == 404


def test_who_settles_disputes_is_named(lead, client):
    client.force_login(lead)
    assert client.get("/api/v1/ownership/arbitration").json()["arbiter"] == lead.email, "while nobody is named"
    chief = person("administrator")
    named = sent(client, "put", "arbitration", {"arbiter": chief.email, "days": 5})
    assert named.json() == client.get("/api/v1/ownership/arbitration").json() == {"arbiter": chief.email, "days": 5}
    assert sent(client, "put", "arbitration", {"arbiter": lead.email, "days": 61}).status_code >= 400
    assert sent(client, "put", "arbitration", {"arbiter": person("executive").email, "days": 5}).status_code >= 400
    client.force_login(person("service_agent"))
    assert sent(client, "put", "arbitration", {"arbiter": "", "days": 7}).status_code in (403, 422)
    assert client.get("/api/v1/ownership/arbitration").json() == {"arbiter": chief.email, "days": 5}
