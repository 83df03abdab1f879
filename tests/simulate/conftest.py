import pytest

from huiyin.simulate import World, simulate


@pytest.fixture(scope="session")
def world() -> World:
    return simulate(rows=20_000, seed=7)


@pytest.fixture(scope="session")
def large_world() -> World:
    """Enough records for the rare effects."""
    return simulate(rows=100_000, seed=11)
