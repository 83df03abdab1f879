"""栖川's year in the facts: 6,000 simulated voices with what is planted in them, read once a test process and copied for each test."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.server.place import EMBEDDED

from huiyin.analyze.importing import import_files
from huiyin.analyze.job import AnalyzeOptions
from huiyin.facts import DuckDBFacts
from huiyin.simulate import write_csv

ROWS = 6000
TAXONOMY = "consumer_electronics"


@cache
def read_once(folder: Path, rows: int = ROWS) -> tuple[Path, Any]:
    """The facts as a file and the truth that stands in them."""
    truth = write_csv(folder / "voices.csv", rows=rows)
    with DuckDBFacts(folder / "facts.duckdb") as store:
        import_files([folder / "voices.csv"], store, AnalyzeOptions(taxonomy=TAXONOMY), "qichuan")
    return folder / "facts.duckdb", truth


@pytest.fixture(scope="session")
def company_file(tmp_path_factory):
    """(path of the facts, truth of `huiyin.simulate`)."""
    return read_once(tmp_path_factory.mktemp("company"))


@pytest.fixture
def company(facts, company_file, tmp_path, settings):
    """The company's facts in the server's store, its taxonomy chosen; gives the truth."""
    from huiyin.server.understand.reading.facts import close_store, open_store
    from huiyin.server.understand.reading.models import ReadingSetup

    source, truth = company_file
    ReadingSetup.objects.update_or_create(pk=1, defaults={"taxonomy": TAXONOMY})
    if EMBEDDED:
        import_files([source.parent / "voices.csv"], facts, AnalyzeOptions(taxonomy=TAXONOMY), "qichuan")
    else:
        close_store()
        shutil.copy(source, tmp_path / "facts.duckdb")
        open_store(str(tmp_path / "facts.duckdb"))
    return truth
