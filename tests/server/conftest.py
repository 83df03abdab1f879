"""Fixtures of the server's tests."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from tests.server.world import World
from tests.server.world import world as make_world


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests with real threads empty the tables afterwards, which the audit's triggers would refuse."""
    from django.db import connection

    from huiyin.server.foundation.audit.guards import drop_guards

    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        drop_guards(editor)


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def world(db: None) -> World:
    return make_world()
