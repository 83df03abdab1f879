"""Within a request the same question is asked once, until something is written; elsewhere always anew."""

from __future__ import annotations

import pytest

from huiyin.server.foundation.asking import asked_once, one_request
from huiyin.server.foundation.writing import state_write


class Counted:
    def __init__(self):
        self.asked = 0

    def __call__(self):
        self.asked += 1
        return self.asked


def test_outside_of_a_request_everything_is_asked_anew():
    ask = Counted()
    assert [asked_once("a", ask) for _ in range(3)] == [1, 2, 3]


def test_within_a_request_the_first_answer_is_kept_and_the_next_request_knows_nothing_of_it():
    ask = Counted()
    with one_request():
        assert [asked_once("a", ask) for _ in range(3)] == [1, 1, 1]
    with one_request():
        assert asked_once("a", ask) == 2


@pytest.mark.django_db
def test_a_write_asks_anew_within_and_after_it():
    ask = Counted()
    with one_request():
        assert asked_once("a", ask) == 1
        with state_write():
            assert [asked_once("a", ask) for _ in range(2)] == [2, 3]
            with state_write():
                assert asked_once("a", ask) == 4
            assert asked_once("a", ask) == 5
        assert [asked_once("a", ask) for _ in range(2)] == [6, 6]


def test_what_fails_is_not_kept():
    def broken():
        raise ValueError("no")

    with one_request():
        with pytest.raises(ValueError, match="no"):
            asked_once("a", broken)
        assert asked_once("a", lambda: 1) == 1
