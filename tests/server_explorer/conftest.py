"""A store of drawn voices in memory and people of several roles."""

from __future__ import annotations

import pytest
from django.test import Client

from huiyin.simulate.planted import Plan, draw
from tests.server.place import place
from tests.server.world import person

PLAN = Plan(seed=4, voices=400, customers=250)


@pytest.fixture
def facts(db):
    from huiyin.server.understand.reading.facts import close_store, open_store

    close_store()
    store = open_store(place())
    store.append(*draw(PLAN).tables())
    yield store
    close_store()


@pytest.fixture
def signed_in(facts):
    """A browser in which a person of the role has signed in."""

    def make(role: str = "cx_lead") -> Client:
        client = Client()
        client.force_login(person(role))
        return client

    return make
