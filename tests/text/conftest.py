import pytest

from huiyin.text import Reader


@pytest.fixture(scope="session")
def general() -> Reader:
    return Reader.load("general")
