"""Live news: sent on commit, to those who may hear them, and no stream outlives the server."""

from __future__ import annotations

import asyncio
import json

import pytest
from django.db import transaction

from huiyin.server.foundation.live import endpoint, hub
from huiyin.server.foundation.live.endpoint import live
from huiyin.server.foundation.live.events import publish, subscribe
from huiyin.server.foundation.live.topics import admit, admitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    found: list = []
    leave = subscribe("orders", lambda topic, data: found.append((topic, dict(data))))
    yield found
    leave()


def test_news_leave_when_the_change_is_committed(heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            publish("orders.7", {"n": 1})
            assert heard == []
        publish("ordersheet", {})
    assert heard == [("orders.7", {"n": 1})]


def test_news_of_a_change_that_was_taken_back_never_leave(heard, django_capture_on_commit_callbacks):
    def change():
        with transaction.atomic():
            publish("orders", {})
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        change()
    assert heard == []


def test_a_listener_that_fails_harms_nobody(heard, django_capture_on_commit_callbacks):
    leave = subscribe("orders", lambda topic, data: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        publish("orders", {"n": 2})
    leave()
    assert heard == [("orders", {"n": 2})]


def test_a_topic_without_a_rule_is_open_to_nobody(person):
    admit("test_open", lambda user, rest: rest == "mine")
    assert admitted(person(), ["test_open.mine", "test_open.yours", "no_rule", "test_open"]) == ["test_open.mine"]


def test_who_may_watch_jobs_and_sources(person):
    from huiyin.server.foundation.jobs.services import enqueue

    analyst, agent = person(), person("service_agent", email="agent@example.com")
    mine, other = enqueue("x", user=agent), enqueue("x")
    topics = [f"jobs.{mine.pk}", f"jobs.{other.pk}", "jobs", "sources", "inbox"]
    assert admitted(analyst, topics) == topics
    assert admitted(agent, topics) == [f"jobs.{mine.pk}"]


class Browser:
    """One stream, asked for in the loop of the test."""

    def __init__(self, query: str, cookie: bytes = b"") -> None:
        self.scope = {"type": "http", "path": "/live/", "query_string": query.encode(), "headers": [(b"cookie", cookie)]}
        self.sent: list[dict] = []
        self.gone = asyncio.Event()

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)

    async def until(self, words: str) -> None:
        async with asyncio.timeout(10):
            while words not in self.text:
                await asyncio.sleep(0.01)

    @property
    def text(self) -> str:
        return "".join(one.get("body", b"").decode() for one in self.sent)


@pytest.fixture
def admitted_to(monkeypatch):
    """Who asks is answered here: the test's transaction is not seen by the thread that finds it out."""

    def answer(status: int, *topics: str) -> None:
        monkeypatch.setattr(endpoint, "_who", lambda cookie, asked: (status, list(topics)))

    return answer


def test_a_stream_brings_the_topics_a_person_may_hear_and_ends_with_the_server(admitted_to):
    admitted_to(200, "inbox")
    browser = Browser("topic=inbox&topic=no_rule")

    async def story():
        stream = asyncio.create_task(live(browser.scope, browser.receive, browser.send))
        await browser.until("retry:")
        hub.send("no_rule", {"secret": 1})
        hub.send("inbox", {"count": 3})
        await browser.until("count")
        hub.close()
        await asyncio.wait_for(stream, 5)

    try:
        asyncio.run(story())
        assert browser.sent[0]["status"] == 200
        assert "secret" not in browser.text
        event = next(block for block in browser.text.split("\n\n") if block.startswith("event: inbox"))
        assert json.loads(event.split("data: ")[1]) == {"count": 3}
        assert hub.listening() == 0
    finally:
        hub.reopen()


def test_a_stream_ends_when_the_browser_goes_and_a_slow_one_loses_the_oldest(admitted_to):
    admitted_to(200, "inbox")
    browser = Browser("topic=inbox")

    async def story():
        stream = asyncio.create_task(live(browser.scope, browser.receive, browser.send))
        await browser.until("retry:")
        for number in range(1000):
            hub.send("inbox", {"n": number})
        await browser.until('"n": 999')
        browser.gone.set()
        await asyncio.wait_for(stream, 5)

    asyncio.run(story())
    assert browser.text.count("event: inbox") <= 1000
    assert hub.listening() == 0


def test_strangers_and_idle_questions_are_turned_away(client, person, monkeypatch, admitted_to):
    monkeypatch.setattr(endpoint.connection, "close", lambda: None)
    client.force_login(person())
    known = f"huiyin_session={client.cookies['huiyin_session'].value}"
    assert endpoint._who("huiyin_session=made-up", ["inbox"]) == (401, [])
    assert endpoint._who("", ["inbox"]) == (401, [])
    assert endpoint._who(known, ["no_rule"]) == endpoint._who(known, []) == (403, [])
    assert endpoint._who(known, ["inbox", "no_rule"]) == (200, ["inbox"])
    admitted_to(401)
    browser = Browser("topic=inbox")
    asyncio.run(live(browser.scope, browser.receive, browser.send))
    assert browser.sent[0]["status"] == 401
