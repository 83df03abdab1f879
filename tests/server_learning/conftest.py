"""Voices in words that the shipped model takes for their opposite, and people who say what they mean."""

from __future__ import annotations

import numpy as np
import pytest

from tests.server.place import opened, place
from tests.server.world import person, signed_in
from tests.server_learning.voices import BAD, GOOD, said


@pytest.fixture
def facts(db):
    with opened(place()) as store:
        yield store


@pytest.fixture
def lead(db):
    return person("cx_lead")


@pytest.fixture
def client(lead):
    return signed_in(lead)


@pytest.fixture(autouse=True)
def _no_models():
    import shutil

    from huiyin.server.understand.reading.services import models_folder

    shutil.rmtree(models_folder(), ignore_errors=True)


@pytest.fixture
def speak(facts):
    """Have 300 customers say something, read by the shipped model; gives feedback id → what was meant."""
    from huiyin.server.collect.feedback.services import take
    from huiyin.server.collect.sources.entries import entry_of
    from huiyin.server.collect.sources.services import source_make
    from huiyin.server.understand.reading.writer import drain_inbox

    def say(good: list[str], bad: list[str]) -> dict[str, int]:
        here, random, meant, entries = source_make("rest", "来源"), np.random.default_rng(7), {}, []
        for at in range(300):
            side, text = said(at, random, good, bad)
            entries.append(entry_of({"external_id": str(at), "text": text, "customer_id": f"c{at}"}))
            meant[text] = side
        take(here.pk, entries)
        drain_inbox()
        rows = facts.query("SELECT feedback_id, text FROM feedback").to_pylist()
        return {row["feedback_id"]: meant[row["text"]] for row in rows}

    return say


@pytest.fixture
def spoken(speak):
    """Voices that the shipped model takes for their opposite."""
    return speak(GOOD, BAD)


@pytest.fixture
def correct(facts, lead):
    """Have a person say of opinions what was meant, or the reverse of it."""
    from django.utils import timezone

    from huiyin.facts import Correction
    from huiyin.server.understand.explorer.selectors import opinions_of

    def make(meant: dict[str, int], wrong=lambda unit: False) -> int:
        units = {row["feedback_id"]: row["unit"] for row in facts.query("SELECT feedback_id, unit FROM voice").to_pylist()}
        now, made = timezone.now(), []
        for one in opinions_of(sorted(meant)):
            if one["start"] == 0:
                side = meant[one["feedback_id"]] * (-1 if wrong(units[one["feedback_id"]]) else 1)
                made.append(Correction(one["feedback_id"], "polarity", side, lead.email, now, 0, one["end"], one["mention_no"]))
        facts.correct(made)
        return len(made)

    return make
