"""One store of each kind, for tests that every engine must pass."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.facts import world

from huiyin.facts import Facts, open_facts

_NUMBERS = itertools.count()


def fresh(kind: str, folder: Path) -> Facts:
    """An empty store."""
    if kind == "clickhouse":
        return open_facts(f"chdb://memory/facts_{next(_NUMBERS)}")
    return open_facts(folder / f"facts-{next(_NUMBERS)}.duckdb" if kind == "file" else None)


@pytest.fixture(params=["memory", "file", "clickhouse"])
def facts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Facts]:
    """An empty store of each kind."""
    opened = fresh(request.param, tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=["memory", "file", "clickhouse"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facts]:
    """The world in a store of each kind. Only to be read."""
    opened = fresh(request.param, tmp_path_factory.mktemp("filled"))
    opened.append(*world.batch())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Facts]]:
    """The world in all three at once. Only to be read."""
    opened = {kind: fresh(kind, tmp_path_factory.mktemp("engines")) for kind in ("memory", "file", "clickhouse")}
    for one in opened.values():
        one.append(*world.batch())
    yield opened
    for one in opened.values():
        one.close()
