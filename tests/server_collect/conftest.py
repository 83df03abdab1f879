"""A server without threads: the queue and the inbox are drained by hand, facts stand in memory."""

from __future__ import annotations

import pytest

from huiyin.facts import Facts
from tests.server.place import opened, place


@pytest.fixture
def facts(db):
    with opened(place()) as store:
        yield store


@pytest.fixture
def read_inbox(facts: Facts):
    from huiyin.server.understand.reading.writer import drain_inbox

    return drain_inbox


@pytest.fixture
def person(db):
    """A person with roles; an analyst unless said."""
    from huiyin.server.foundation.people.models import RoleGrant
    from huiyin.server.foundation.people.services.users import user_make

    def make(*roles: str, email: str = "analyst@example.com"):
        from huiyin.server.foundation.writing import state_write

        with state_write():
            user = user_make(email=email, display_name="分析师", password="正确的马电池订书钉")
            for role in roles or ("analyst",):
                RoleGrant.objects.get_or_create(user=user, role=role)
        return type(user).objects.get(pk=user.pk)

    return make


@pytest.fixture
def api_key(person):
    from huiyin.server.foundation.people.services.keys import key_make

    return key_make(person(), name="测试", scopes=["voices.send"])[1]


@pytest.fixture
def source(db):
    from huiyin.server.collect.sources.services import source_make

    def make(kind: str = "rest", name: str = "来源", **more):
        return source_make(kind, name, **more)

    return make


@pytest.fixture
def hotline(source, settings, tmp_path):
    """A source of transcripts whose files lie in a folder of the test."""
    settings.DATA = tmp_path
    return lambda **more: source("transcripts", "热线", values=more, channel="电话")
