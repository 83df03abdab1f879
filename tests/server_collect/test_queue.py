"""Messages from a real broker: kept before they are confirmed, each once, none lost when broker or server go down, poison set aside."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from time import monotonic

import pytest
from django.urls import reverse

from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.adapters import adapter_of
from huiyin.server.collect.sources.models import SourceRun
from huiyin.server.collect.sources.queue import listening
from huiyin.server.collect.sources.queue.listening import listen
from huiyin.server.collect.sources.services import rejects_run_again, source_change
from tests.server_collect.broker import broker

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not Path("/usr/lib/rabbitmq/bin/rabbitmq-server").exists(), reason="there is no rabbitmq-server to start"),
]


@pytest.fixture(scope="module")
def rabbit():
    with broker() as running:
        yield running


@pytest.fixture
def name(rabbit, monkeypatch):
    """An empty queue."""
    monkeypatch.setenv("HUIYIN_OUTGOING_ALLOW", "127.0.0.1")
    name = f"feedback-{uuid.uuid4().hex[:8]}"
    rabbit.declare(name)
    return name


@pytest.fixture
def queue(source, rabbit, name):
    def make(**more):
        values = {"host": "127.0.0.1", "tls": "none", "port": rabbit.port, "user": "guest", "password": "guest", "queue": name}
        return source("queue", "订单系统", values=values | more, channel="App")

    return make


class Until:
    """Stops listening once something is so; gives up after a minute, so that a test fails and does not hang."""

    def __init__(self, so, *steps) -> None:
        self.so, self.steps, self.end = so, list(steps), monotonic() + 60

    def is_set(self) -> bool:
        if self.steps and self.steps[0][0]():
            self.steps.pop(0)[1]()
        return self.so() or monotonic() > self.end

    def wait(self, timeout: float) -> bool:
        return self.is_set()


def kept() -> int:
    return Inbox.objects.count()


def records(count: int, first: int = 0) -> list[dict[str, str]]:
    return [{"external_id": f"m{n}", "text": f"第{n}条：配送太慢", "product": "S5"} for n in range(first, first + count)]


def test_messages_are_kept_and_only_then_confirmed_each_once(rabbit, name, queue, facts, read_inbox):
    here = queue(prefetch=20)
    rabbit.put(name, records(90) + records(10))
    assert adapter_of("queue").test(here).details["messages"] == 100
    listen(here.pk, Until(lambda: kept() >= 90 and rabbit.waiting(name) == 0))
    run = SourceRun.objects.get()
    assert (run.state, run.read, run.created, run.same) == ("done", 100, 90, 10)
    assert rabbit.waiting(name) == 0
    read_inbox()
    assert facts.query("SELECT count(*) AS n FROM feedback WHERE channel = 'App' AND product = 'S5'")["n"][0].as_py() == 90


def test_what_was_not_kept_goes_back_to_the_queue(rabbit, name, queue, monkeypatch):
    here = queue(prefetch=5)
    rabbit.put(name, records(5))
    taken = []

    def refuse(*args, **more):
        taken.append(args)
        raise RuntimeError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(listening, "take", refuse)
        listen(here.pk, Until(lambda: len(taken) >= 2))
    assert kept() == 0
    assert SourceRun.objects.get().state == "failed"
    assert rabbit.waiting(name) == 5
    listen(here.pk, Until(lambda: kept() == 5))
    assert rabbit.waiting(name) == 0


def test_poison_is_listed_confirmed_and_does_not_block_those_behind_it(rabbit, name, queue):
    here = queue()
    deep = b"[" * 100_000
    poison = [
        b"not json",
        b"\xff\xfe\x00",
        b'"words alone"',
        deep,
        {"external_id": "x", "nothing": 1},
        {"text": "a" * 300_000},
        b'{"text": "' + b"\\u0000\\ud800" + b'"}',
    ]
    rabbit.put(name, [*poison, b"x" * (5 * 1024 * 1024 + 1), *records(3)])
    listen(here.pk, Until(lambda: Inbox.objects.filter(state="new").count() >= 3))
    reasons = list(Inbox.objects.filter(state="rejected").values_list("reason", flat=True))
    assert sorted(set(reasons)) == ["empty_text", "not_json", "not_object", "too_large", "too_long"]
    assert rabbit.waiting(name) == 0


def test_rejects_are_mapped_again_once_the_mapping_is_right(rabbit, name, queue):
    here = queue()
    rabbit.put(name, [{"id": "A-1", "data": {"words": "座椅太硬"}}, {"id": "A-2", "data": {"words": "导航很准"}}])
    listen(here.pk, Until(lambda: kept() == 2))
    assert Inbox.objects.filter(state="rejected").count() == 2
    source_change(here, values={**here.config, "mapping": '{"external_id": "$.id", "text": "$.data.words"}'})
    assert rejects_run_again(here) == 2
    assert sorted(Inbox.objects.filter(state="new").values_list("external_id", flat=True)) == ["A-1", "A-2"]


def test_a_message_without_an_id_of_its_own_is_known_by_that_of_the_message_or_by_its_words(rabbit, name, queue):
    here = queue()
    for mark in ("one", "two", "one"):
        rabbit.put(name, [{"text": "好用"}], message_id=mark)
    rabbit.put(name, [{"text": "很好用"}, {"text": "很好用"}])
    listen(here.pk, Until(lambda: rabbit.waiting(name) == 0 and kept() == 3))
    assert kept() == 3


def test_it_goes_on_when_the_broker_was_restarted(rabbit, name, queue):
    here = queue(prefetch=10)
    rabbit.put(name, records(50))

    def restart():
        rabbit.stop()
        rabbit.start()
        rabbit.put(name, records(50, first=50))

    listen(here.pk, Until(lambda: kept() >= 100, (lambda: kept() >= 10, restart)))
    assert kept() == 100
    assert rabbit.waiting(name) == 0
    broke, *rest = SourceRun.objects.order_by("pk")
    assert broke.state == "failed"
    assert "没有应答" in broke.error["zh"]
    assert rest[-1].state == "done"


def test_a_broker_that_stays_away_makes_one_line_and_says_why(rabbit, name, queue):
    here = queue(port=1)
    tries = []

    class Thrice(Until):
        def wait(self, timeout: float) -> bool:
            tries.append(timeout)
            return False

    listen(here.pk, Thrice(lambda: len(tries) >= 7))
    run = SourceRun.objects.get()
    assert (run.state, run.error["zh"]) == ("failed", "127.0.0.1 没有应答（ConnectionRefusedError）；会自动再连")
    assert tries == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


def test_a_queue_that_is_deleted_meanwhile_is_told_and_read_again_when_it_is_back(rabbit, name, queue):
    here = queue()
    rabbit.put(name, records(1))

    def away():
        rabbit.delete(name)

    def back():
        rabbit.declare(name)
        rabbit.put(name, records(2))

    gone = Until(
        lambda: kept() >= 2,
        (lambda: kept() == 1, away),
        (lambda: SourceRun.objects.filter(state="failed", error__zh=f"没有队列「{name}」；会自动再连").exists(), back),
    )
    listen(here.pk, gone)
    assert kept() == 2


def test_a_look_at_the_queue_leaves_it_as_it_was(rabbit, name, queue, client, person):
    here = queue()
    rabbit.put(name, [*records(7), b"not json"])
    found = adapter_of("queue").preview(here)
    assert [one["external_id"] for one in found] == ["m0", "m1", "m2", "m3", "m4"]
    client.force_login(person())
    page = client.get(reverse("sources:source", args=[here.pk])).content.decode()
    assert reverse("sources:preview", args=[here.pk]) in page
    answer = client.post(reverse("sources:preview", args=[here.pk]), headers={"HX-Request": "true"})
    assert "第0条" in answer.content.decode()
    assert kept() == 0
    listen(here.pk, Until(lambda: kept() >= 8))
    assert kept() == 8


def test_refusals_name_the_fault_and_never_the_password(rabbit, name, queue, monkeypatch):
    for change, words in (({"password": "wrong-password"}, "Sign-in"), ({"queue": "nowhere"}, "no queue"), ({"vhost": "other"}, "virtual host")):
        with pytest.raises(SourceRefused, match=words) as refused:
            adapter_of("queue").test(queue(**change))
        assert "wrong-password" not in json.dumps([refused.value.message_zh, refused.value.message_en, str(refused.value.__cause__)])
    monkeypatch.delenv("HUIYIN_OUTGOING_ALLOW")
    with pytest.raises(SourceRefused, match="internal"):
        adapter_of("queue").test(queue())


def test_settings_that_cannot_work_are_refused(queue):
    for bad in ({"host": "a/b"}, {"port": 70_000}, {"prefetch": 5000}, {"mapping": "nonsense"}, {"mapping": '{"price": "$.x"}'}, {"queue": ""}):
        with pytest.raises(SourceRefused):
            queue(**bad)
