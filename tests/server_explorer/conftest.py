"""A store of drawn voices in memory and people of several roles."""

from __future__ import annotations

import pytest

from huiyin.simulate.planted import Plan, draw
from tests.server.place import opened, place
from tests.server.world import person, signed_in

PLAN = Plan(seed=4, voices=400, customers=250)


@pytest.fixture
def facts(db):
    with opened(place()) as store:
        store.append(*draw(PLAN).tables())
        yield store


@pytest.fixture(name="signed_in")
def role_signed_in(facts):
    """A browser in which a person of the role has signed in."""
    return lambda role="cx_lead": signed_in(person(role))
