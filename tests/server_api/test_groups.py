"""The groups behind keys: what a key may, what it may not, and that the numbers, rows and secrets are those of the screens."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.people.models import User
from huiyin.server.foundation.people.rights import KEY_SCOPES
from huiyin.server.foundation.people.services.keys import key_make
from huiyin.server.foundation.people.services.users import user_make
from tests.server.guests import SAID
from tests.server.world import person

pytestmark = pytest.mark.django_db


def program(owner, *scopes):
    """Asks as a program with a key of the owner; gives the status and the JSON of the answer."""
    wanted = scopes or [one for one in KEY_SCOPES if owner.has_perm(one)]
    key = key_make(owner, name="程序", scopes=wanted)[1]

    def ask(method, path, body=None):
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer = getattr(Client(), method)(f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"}, **sent)
        kind = answer.headers.get("Content-Type", "")
        return answer.status_code, answer.json() if "json" in kind and answer.status_code != 204 else answer.getvalue()

    return ask


@pytest.fixture
def lead(send):
    send(*SAID)
    return person("cx_lead")


def test_a_key_shuts_people_out_but_gives_nobody_rights(facts):
    administrator, other = person("administrator"), person("analyst")
    ask = program(administrator)
    status, page = ask("get", "/people?words=analyst")
    assert (status, page["total"], page["items"][0]["roles"]) == (200, 1, ["analyst", "everyone"])
    everything = {"display_name": "何穗", "roles": ["administrator"]}
    for path, body in (
        (f"/people/{other.pk}", everything),
        ("/invitations", {**everything, "email": "new@example.com"}),
        (f"/people/{other.pk}/reset-link", None),
        ("/teams", {"name": "新组"}),
    ):
        status, answer = ask("post", path, body)
        assert (status, answer["code"], answer["right"]) == (403, "not_allowed", "people.manage")
    assert ask("post", f"/people/{other.pk}/activity", {"active": False})[1]["active"] is False
    assert ask("post", f"/people/{other.pk}/activity", {"active": True})[0] == 403
    assert not User.objects.get(pk=other.pk).is_active
    row = AuditEntry.objects.filter(verb="user.deactivated").get()
    assert (row.actor_id, row.key_name) == (administrator.pk, "程序")
    assert ask("post", f"/people/{administrator.pk}/activity", {"active": False})[1]["code"] == "refused"


def test_a_session_invites_and_the_link_lets_one_in(facts, browser):
    session = browser("administrator")
    body = {"email": "new@example.com", "roles": ["analyst"], "scope": {"product": ["平板"]}}
    made = session.post("/api/v1/invitations", json.dumps(body), content_type="application/json")
    assert made.status_code == 201 and "/join/" in made.json()["link"]
    waiting = session.get("/api/v1/invitations").json()
    assert [one["email"] for one in waiting] == ["new@example.com"] and "link" not in waiting[0]
    assert session.post(f"/api/v1/invitations/{waiting[0]['id']}/withdraw").status_code == 204
    assert session.get("/api/v1/invitations").json() == []


def test_a_secret_goes_in_and_never_comes_out(facts):
    lead = person("cx_lead")
    ask = program(lead, "sources.read", "sources.manage")
    body = {"kind": "webhook", "name": "推送", "settings": {"preset": "generic", "secret": "只在这里用的密钥-Xq7"}}
    status, made = ask("post", "/sources", body)
    assert status == 201 and made["secrets_set"] == ["secret"] and "Xq7" not in json.dumps(made)
    status, changed = ask("post", f"/sources/{made['id']}", {"enabled": False, "settings": {"preset": "generic"}})
    assert (status, changed["enabled"], changed["secrets_set"]) == (200, False, ["secret"])
    assert "Xq7" not in json.dumps(ask("get", "/sources")[1]) + json.dumps(ask("get", f"/sources/{made['id']}")[1])
    assert ask("post", "/sources", {"kind": "nonsense", "name": "x"})[0] == 422
    assert ask("post", f"/sources/{made['id']}/run")[0] == 409
    feed = ask("post", "/sources", {"kind": "rss", "name": "论坛", "settings": {"url": "http://127.0.0.1:9/feed"}})[1]
    refused = ask("post", f"/sources/{feed['id']}/test")[1]
    assert refused["usable"] is False and refused["message_en"]
    status, run = ask("post", f"/sources/{feed['id']}/run")
    assert (status, run["state"]) == (202, "waiting")
    assert ask("get", f"/sources/{feed['id']}/runs")[1][0]["id"] == run["id"]
    assert program(lead, "jobs.read")("get", f"/jobs/{run['job']}")[1]["state"] == "waiting"
    assert program(lead, "sources.read")("post", f"/sources/{feed['id']}/run")[0] == 403


def test_a_board_tells_the_numbers_of_the_metric_and_only_the_rows_of_who_asks(lead):
    ask = program(lead)
    board = ask("post", "/boards", {"name": "门店"})[1]
    status, widget = ask("post", f"/boards/{board['id']}/widgets", {"kind": "tile", "settings": {"metric": "voices", "days": "0"}})
    assert status == 201
    assert ask("post", f"/boards/{board['id']}", {"shared": "everyone"})[1]["shared"] == "everyone"
    counted = ask("get", "/metrics/voices")[1]["value"]
    shown = ask("get", f"/boards/{board['id']}?days=0")[1]["widgets"][0]
    assert shown["id"] == widget["id"] and counted == 4 and counted in shown["rows"][0]
    narrow = user_make(email="s@example.com", display_name="店", password="clear-water-71", roles=["store_manager"], scope={"store": ["上海店"]})
    theirs = program(narrow)
    assert theirs("get", f"/boards/{board['id']}?days=0")[1]["widgets"][0]["rows"][0] != shown["rows"][0]
    assert theirs("post", f"/boards/{board['id']}", {"name": "我的"})[0] == 404
    assert program(lead, "voices.read")("post", "/boards", {"name": "只读"})[1]["right"] == "boards.write"
    assert ask("post", f"/boards/{board['id']}/widgets", {"kind": "nonsense"})[0] == 422
    assert ask("get", f"/boards/{board['id']}/export")[1][:2] == b"PK"
    assert AuditEntry.objects.filter(verb="board.exported").count() == 1


def test_two_check_the_same_blind_and_a_third_settles(lead):
    from huiyin.server.understand.review.models import ReviewItem

    first, second, third = program(lead), program(person("analyst")), program(person("product"))
    queue = first("get", "/review/next")[1]
    assert queue["waiting"] > 0 and "13812345678" not in json.dumps(queue)
    item = queue["next"]
    assert item["text"][item["start"] : item["end"]] == item["words"]
    ReviewItem.objects.filter(pk=item["id"]).update(second=True)
    assert first("post", f"/review/{item['id']}", {"polarity": 1})[1]["answered_today"] == 1
    assert first("post", f"/review/{item['id']}", {"polarity": 1})[0] == 409
    assert second("post", f"/review/{item['id']}", {"polarity": -1, "aspect": "no/such"})[0] == 422
    assert second("post", f"/review/{item['id']}", {"removed": True})[0] == 200
    (dispute,) = third("get", "/review/disputes")[1]
    assert [(side["turn"], side["removed"]) for side in dispute["sides"]] == [(1, False), (2, True)]
    assert first("post", f"/review/{item['id']}/settle", {"turn": 1})[0] == 404
    assert third("post", f"/review/{item['id']}/settle", {"turn": 2})[0] == 204
    figures = third("get", "/review/figures")[1]
    assert (figures["disputed"], figures["polarity_agreement"]["kappa"]["value"]) == (0, None)


def test_a_customer_is_told_by_pseudonym_within_ones_rows(lead):
    ask = program(lead)
    page = ask("get", "/customers?order=most")[1]
    assert page["total"] == 2 and page["items"][0]["voices"] == 2
    one = ask("get", f"/customers/{page['items'][0]['customer']}")[1]
    assert one["voices"] == len(one["said"]) == 2 and len(one["scores"]) == 2
    assert "13812345678" not in json.dumps(one)
    narrow = user_make(email="s@example.com", display_name="店", password="clear-water-71", roles=["store_manager"], scope={"store": ["上海店"]})
    theirs = program(narrow)("get", f"/customers/{page['items'][0]['customer']}")[1]
    assert theirs["voices"] == 1


def test_topics_are_edited_with_their_right_only(facts):
    from huiyin.server.understand.topics.models import Topic

    lead = person("cx_lead")
    one, other = Topic.objects.create(name="充电口盖"), Topic.objects.create(name="后备箱")
    reads, edits = program(lead, "taxonomy.read"), program(lead, "taxonomy.read", "taxonomy.write")
    assert reads("post", f"/topics/{one.pk}/rename", {"name": "盖子"})[0] == 403
    assert edits("post", f"/topics/{one.pk}/rename", {"name": "盖子"})[1]["name"] == "盖子"
    merged = edits("post", f"/topics/{one.pk}/merge", {"into": other.pk})[1]
    assert (merged["state"], merged["into"]) == ("merged", other.pk)
    assert reads("get", f"/topics/{one.pk}")[1]["into"] == other.pk
    assert edits("post", f"/topics/{one.pk}/rename", {"name": "又改"})[0] == 409
    assert edits("post", f"/topics/{other.pk}/split", {"members": [1]})[0] == 409


def test_the_record_is_walked_to_its_end_and_taking_it_is_recorded(facts):
    administrator = person("administrator")
    ask = program(administrator)
    for number in range(5):
        key_make(administrator, name=f"k{number}", scopes=["voices.read"])
    seen, before = [], ""
    while True:
        page = ask("get", f"/audit?kind=key&size=2{before}")[1]
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert seen == sorted(set(seen), reverse=True) and len(seen) == 6
    assert ask("get", "/audit/export?kind=key")[0] == 200
    assert AuditEntry.objects.filter(verb="audit.exported").count() == 1
