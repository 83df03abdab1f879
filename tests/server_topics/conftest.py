"""Voices about three things that the taxonomy does not know, among voices about nothing in particular."""

from __future__ import annotations

import itertools

import pytest

from tests.server.place import opened
from tests.server.world import person, signed_in
from tests.text.test_topics import world as planted_world

_NUMBERS = itertools.count()
ALONE = ["旋转木马的铃铛掉了一半", "楼梯扶手上的油漆蹭到袖子", "候诊椅的弹簧硌着腰"]
"""Complaints that share nothing with any other."""


@pytest.fixture(params=["memory", "clickhouse"])
def facts(db, request):
    """An empty store of each engine."""
    with opened(":memory:" if request.param == "memory" else f"chdb://memory/server_topics_{next(_NUMBERS)}") as store:
        yield store


@pytest.fixture
def lead(db):
    return person("cx_lead")


@pytest.fixture
def client(lead):
    return signed_in(lead)


@pytest.fixture
def say(facts):
    """Have customers say things, as opinions without an aspect on the whole text; gives the texts by id."""
    from datetime import UTC, datetime, timedelta

    import pyarrow as pa

    from huiyin.facts import FEEDBACK, MENTION

    def make(texts, prefix="v", region="华东", aspect=None):
        feedback, mentions = [], []
        for at, text in enumerate(texts):
            when = datetime(2026, 8, 1, tzinfo=UTC) + timedelta(hours=11 * at)
            common = {"feedback_id": f"{prefix}{at:04}", "occurred_at": when, "region": region, "customer_id": f"{prefix}c{at}", "channel": "电话"}
            feedback.append(dict.fromkeys(FEEDBACK.names) | common | {"source": "s", "text": text, "attributes": [], "is_spam": False})
            said = {"mention_no": 0, "start": 0, "end": len(text), "polarity": -1, "intensity": 0.5, "labelled_by": "machine", "aspect": aspect}
            if text:
                mentions.append(dict.fromkeys(MENTION.names) | common | said)
        facts.replace(pa.Table.from_pylist(feedback, schema=FEEDBACK), pa.Table.from_pylist(mentions, schema=MENTION))
        return {row["feedback_id"]: row["text"] for row in feedback}

    return make


@pytest.fixture
def planted(say):
    """Feedback id → what it is about."""
    texts, truth, _units = planted_world(noise=150)
    texts, truth = [*texts, *ALONE], [*truth, *[""] * len(ALONE)]
    said = say(texts)
    return dict(zip(said, truth, strict=True))
