"""The company with twice as many voices: with fewer, a fix that was planted cannot be told from chance, and the verdict rightly says so."""

import pytest

from tests.server.company import company, read_once
from tests.server.guests import browser, facts, send

__all__ = ["browser", "company", "facts", "send"]


@pytest.fixture(scope="session")
def company_file(tmp_path_factory):
    return read_once(tmp_path_factory.mktemp("larger_company"), 12_000)
