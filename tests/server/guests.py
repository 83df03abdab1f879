"""A server without threads: the queue and the inbox are drained by hand, facts in a file, three customers who spoke."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.server.place import opened, place
from tests.server.world import person, signed_in

SAID = (
    {
        "external_id": "1",
        "text": "前台办理入住等了四十多分钟，态度还特别差，找我 13812345678",
        "customer_id": "甲",
        "store": "杭州滨江店",
        "score": 2,
        "scale_max": 10,
    },
    {"external_id": "2", "text": "第二次来，早餐太差，再也不会来了", "customer_id": "甲", "store": "上海店", "score": 1, "scale_max": 10},
    {"external_id": "3", "text": "房间很干净，服务也热情", "customer_id": "乙", "store": "上海店"},
    {"external_id": "4", "text": "空调一直响，睡不好"},
)


@pytest.fixture
def facts(db, tmp_path, settings):
    settings.DATA = tmp_path
    with opened(place(str(tmp_path / "facts.duckdb"))) as store:
        yield store


@pytest.fixture
def send(facts):
    """Hand in records and have them read; the source, made at the first call."""
    from huiyin.server.collect.feedback.services import take
    from huiyin.server.collect.sources.entries import entry_of
    from huiyin.server.collect.sources.services import source_make
    from huiyin.server.understand.reading.writer import drain_inbox

    made: list[Any] = []

    def hand_in(*said: dict[str, Any], read: bool = True) -> Any:
        if not made:
            made.append(source_make("rest", "前台"))
        take(made[0].pk, [entry_of(one) for one in said])
        if read:
            drain_inbox()
        return made[0]

    return hand_in


@pytest.fixture
def browser(facts):
    """A browser in which a person of the role has signed in."""
    known: dict[str, Client] = {}

    def make(role: str = "cx_lead") -> Client:
        if role not in known:
            known[role] = signed_in(person(role))
        return known[role]

    return make
