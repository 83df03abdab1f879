"""今日原声: each hears what touches her work, within her scope; what is unread is counted and is read once shown; who listens is told by team."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache

from huiyin.server.foundation.people.models import User
from huiyin.server.foundation.people.services.teams import team_make
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.stream.models import StreamRead
from huiyin.server.understand.stream.selectors import reach, stream_filter, unread_count
from tests.server.guests import SAID

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()


def of(role: str) -> User:
    return User.objects.get(email=f"{role}@example.com")


def shown(client) -> list[str]:
    return re.findall(r'id="voice-([^"]+)"', client.get("/stream/").content.decode())


def test_what_arrived_today_is_unread_until_it_was_shown(send, browser):
    client = browser("product")
    send(*SAID)
    page = client.get("/stream/").content.decode()
    assert "今天新到 4 条还没看" in page
    assert len(shown(client)) == 4
    assert unread_count(of("product")) == 4  # looking at the page alone, without its being shown, reads nothing
    until = re.search(r'name="until" value="([^"]+)"', page)[1]
    assert client.post("/stream/seen/", {"voices": "4", "until": until}).status_code == 204
    assert unread_count(of("product")) == 0
    send({"external_id": "9", "text": "充电桩又坏了，等了一小时"})
    assert unread_count(of("product")) == 1
    assert re.search(r"今日原声</span><b class=\"count\">1<", client.get("/").content.decode())
    assert StreamRead.objects.get().voices == 4


def test_a_time_in_the_future_or_none_at_all_hides_nothing_that_comes(send, browser):
    client = browser("product")
    send(SAID[0])
    for until in ("2099-01-01T00:00:00+00:00", "gestern", ""):
        assert client.post("/stream/seen/", {"voices": "999", "until": until}).status_code == 204
    assert unread_count(of("product")) == 1
    assert StreamRead.objects.get().voices <= 90


def test_roles_and_teams_hear_what_is_mapped_and_never_beyond_their_scope(send, browser):
    send(*SAID)
    lead, agent = browser("cx_lead"), browser("service_agent")
    assert lead.post("/stream/mapping/", {"role": "service_agent", "query": "?store=上海店"}).status_code == 302
    assert len(shown(agent)) == 2
    with state_write():
        team = team_make(actor=of("cx_lead"), name="交付", parent=None, scope={})
    User.objects.filter(email="service_agent@example.com").update(team=team)
    lead.post("/stream/mapping/", {"team": team.pk, "query": "store=杭州滨江店"})
    assert len(shown(agent)) == 1
    manager = browser("store_manager")
    lead.post("/stream/mapping/", {"role": "store_manager", "query": "store=上海店"})
    assert shown(manager) == []  # her own store is another one
    lead.post("/stream/mapping/", {"role": "store_manager", "query": ""})
    assert len(shown(manager)) == 1
    assert "交付" in lead.get("/stream/mapping/").content.decode()


def test_a_query_that_is_none_is_refused(facts, browser):
    lead = browser("cx_lead")
    lead.post("/stream/mapping/", {"role": "analyst", "query": "since=gestern"})
    assert "读不懂" in lead.get("/stream/mapping/").content.decode()
    browser("analyst")
    assert stream_filter(of("analyst")).is_everything


def test_reach_counts_people_not_looks(send, browser):
    send(*SAID)
    for role, times in (("product", 3), ("analyst", 1)):
        for _ in range(times):
            browser(role).post("/stream/seen/", {"voices": "4", "until": ""})
    browser("marketing")
    (one,) = reach()
    assert (one.listening, one.people) == (1, 3)  # five voices make a listener: twelve do, four do not
