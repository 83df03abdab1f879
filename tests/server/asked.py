"""How many questions the facts are asked."""

from __future__ import annotations

import pytest
from tests.server.place import EMBEDDED

from huiyin.facts import DuckDBFacts


@pytest.fixture
def asked(monkeypatch):
    """Questions to the facts from here on, one in the list each."""
    if EMBEDDED:
        pytest.skip("the questions are counted at the door of DuckDB")
    count, real = [], DuckDBFacts.query
    monkeypatch.setattr(DuckDBFacts, "query", lambda self, *args, **given: count.append(1) or real(self, *args, **given))
    return count
