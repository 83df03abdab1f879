from __future__ import annotations

import pytest
from tests.text.opinions.world import reviews

from huiyin.text.opinions.model import OpinionModel
from huiyin.text.opinions.training import train


@pytest.fixture(scope="session")
def taught() -> OpinionModel:
    return train(reviews(300))
