"""Answers are made once for each state of the facts; what took long may be a little old, is renewed behind the scenes, and can be forgotten at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import get_language, override

from huiyin.server.understand.reading.facts import FactsState
from huiyin.server.understand.reckoning.keeping import MOST, Keeping


class Facts:
    def __init__(self):
        self.revision, self.acts, self.made, self.voices = 1, 1, 0, 1000

    def change(self):
        self.revision, self.acts = self.revision + 1, self.acts + 1

    def arrive(self, voices=1):
        self.revision += 1
        self.voices += voices

    def state(self):
        return FactsState(1, self.revision, self.acts, self.voices)

    def answer(self):
        self.made += 1
        return self.revision


@pytest.fixture
def facts():
    return Facts()


@pytest.fixture
def keeping(facts):
    made = Keeping(facts.state)
    made.start()
    yield made
    made.stop()


def aged(keeping, key, seconds, took):
    """As if the answer had been made so long ago and had taken so long."""
    found = keeping._answers[key]
    keeping._answers[key] = replace(found, at=datetime.now(UTC) - timedelta(seconds=seconds), seconds=took)


def test_it_is_made_once_for_each_state_of_the_facts(keeping, facts):
    assert [keeping.reckoned("a", facts.answer).value for _ in range(3)] == [1, 1, 1]
    facts.change()
    assert keeping.reckoned("a", facts.answer).value == 2
    assert facts.made == 2


def test_what_took_long_is_shown_and_renewed_meanwhile(keeping, facts):
    keeping.reckoned("a", facts.answer)
    aged(keeping, "a", 30, 4.0)
    facts.change()
    renewed = threading.Event()

    def answer():
        value = facts.answer()
        renewed.set()
        return value

    shown = keeping.reckoned("a", answer)
    assert (shown.value, shown.state.revision) == (1, 1)
    assert renewed.wait(10)
    for _ in range(1000):
        if keeping._answers["a"].state.revision == 2:
            break
        threading.Event().wait(0.01)
    assert keeping.reckoned("a", answer).value == 2
    assert facts.made == 2


def test_what_took_a_moment_is_old_for_seconds_only(keeping, facts):
    keeping.reckoned("a", facts.answer)
    aged(keeping, "a", 6, 0.4)
    facts.change()
    assert keeping.reckoned("a", facts.answer).value == 2


@pytest.mark.parametrize(("took", "seconds"), [(0.05, 25), (0.4, 230), (4.0, 590)])
def test_where_voices_merely_arrived_it_may_be_as_old_as_it_is_dear(keeping, facts, took, seconds):
    keeping.reckoned("a", facts.answer)
    aged(keeping, "a", seconds, took)
    facts.arrive()
    assert keeping.reckoned("a", facts.answer).value == 1
    aged(keeping, "a", seconds + 15, took)
    assert keeping.reckoned("a", facts.answer).value == 2


def test_while_a_file_is_taken_in_nothing_stays_behind(keeping, facts):
    keeping.reckoned("a", facts.answer)
    aged(keeping, "a", 6, 0.4)
    facts.arrive(500)
    assert keeping.reckoned("a", facts.answer).value == 2


def test_what_is_made_at_once_is_never_old(keeping, facts):
    keeping.reckoned("a", facts.answer)
    aged(keeping, "a", 1, 0.01)
    facts.arrive()
    assert keeping.reckoned("a", facts.answer).value == 2


def test_whoever_changes_something_sees_it(keeping, facts):
    keeping.reckoned("a", facts.answer)
    aged(keeping, "a", 1, 0.1)
    facts.change()
    assert keeping.reckoned("a", facts.answer).value == 2


def test_what_is_renewed_speaks_the_language_of_who_asked(keeping, facts):
    renewed = threading.Event()
    spoken = []

    def answer():
        spoken.append(get_language())
        renewed.set()
        return facts.answer()

    with override("en"):
        keeping.reckoned("a", answer)
        renewed.clear()
        aged(keeping, "a", 30, 4.0)
        facts.change()
        keeping.reckoned("a", answer)
    assert renewed.wait(10)
    assert spoken == ["en", "en"]


def test_what_is_too_old_is_made_anew_however_long_it_takes(keeping, facts):
    keeping.reckoned("a", facts.answer)
    aged(keeping, "a", 700, 4.0)
    facts.change()
    assert keeping.reckoned("a", facts.answer).value == 2


def test_two_who_ask_at_once_wait_for_one(keeping, facts):
    begun, go = threading.Event(), threading.Event()

    def answer():
        begun.set()
        go.wait(10)
        return facts.answer()

    got = []
    threads = [threading.Thread(target=lambda: got.append(keeping.reckoned("a", answer).value)) for _ in range(4)]
    for thread in threads:
        thread.start()
    begun.wait(10)
    go.set()
    for thread in threads:
        thread.join(10)
    assert (got, facts.made) == ([1, 1, 1, 1], 1)


def test_forgotten_is_forgotten(keeping, facts):
    keeping.reckoned("a", facts.answer)
    keeping.forget()
    keeping.reckoned("a", facts.answer)
    assert facts.made == 2


def test_it_keeps_so_many_and_no_more(keeping, facts):
    for number in range(MOST + 5):
        keeping.reckoned(number, facts.answer)
    assert len(keeping._answers) == MOST and 0 not in keeping._answers and MOST + 4 in keeping._answers


def test_a_fault_reaches_who_asked_and_is_not_kept(keeping, facts):
    def broken():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        keeping.reckoned("a", broken)
    assert keeping.reckoned("a", facts.answer).value == 1


def test_an_answer_made_from_nothing_is_not_kept(keeping, facts):
    assert keeping.reckoned("a", lambda: 0, lambda value: value > 0).value == 0
    assert keeping.reckoned("a", facts.answer, lambda value: value > 0).value == 1
