"""A tree that changed shape has its whole history from the first moment, and what people corrected moves along."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.facts import world

from huiyin.facts import Correction

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def aspects(facts, **options) -> dict[str | None, int]:
    rows = facts.query("SELECT aspect, count(*) AS n FROM opinion GROUP BY aspect ORDER BY aspect", **options).to_pylist()
    return {row["aspect"]: row["n"] for row in rows}


@pytest.fixture
def read(facts):
    feedback, mentions = world.batch(60)
    facts.append(feedback, mentions)
    return facts, feedback, mentions


def test_publishing_with_moves_carries_every_mention_to_its_new_path(read):
    facts, _, _ = read
    before = aspects(facts)
    old, gone = [path for path in before if path][:2]
    facts.publish("v2", "ann", {old: "new/place", gone: None})
    after = aspects(facts)
    assert after["new/place"] == before[old]
    assert after.get(None, 0) == before.get(None, 0) + before[gone]
    assert sum(after.values()) == sum(before.values())
    assert aspects(facts, version="initial") == before
    assert facts.version == "v2"


def test_what_is_published_is_not_carried_again(read):
    facts, _, _ = read
    facts.publish("v2", "ann", {})
    once = aspects(facts)
    facts.publish("v2", "ann", {path: None for path in once if path})
    assert aspects(facts) == once


def test_a_correction_follows_its_aspect_through_two_changes_of_shape_and_a_new_reading(read):
    facts, feedback, mentions = read
    row = mentions.to_pylist()[0]
    facts.correct([Correction(row["feedback_id"], "aspect", "a/old", "ann", NOW, row["start"], row["end"], row["mention_no"])])
    facts.publish("v2", "ann", {"a/old": "b/new"})
    facts.publish("v3", "ann", {"other": "elsewhere"})
    facts.publish("v4", "ann", {"b/new": "c/newest"})
    sql = f"SELECT aspect, labelled_by FROM opinion WHERE feedback_id = '{row['feedback_id']}' AND mention_no = {row['mention_no']}"
    for version, path in (("initial", "a/old"), ("v2", "b/new"), ("v3", "b/new"), ("v4", "c/newest")):
        assert facts.query(sql, version=version).to_pylist() == [{"aspect": path, "labelled_by": "human:ann"}]
    facts.replace(feedback, mentions)
    assert facts.query(sql).to_pylist() == [{"aspect": "c/newest", "labelled_by": "human:ann"}]
    assert facts.query(sql, version="v2").to_pylist()[0]["aspect"] == "b/new"
