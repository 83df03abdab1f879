"""A taxonomy version is tried as a draft over history, published, and the former one can still be asked."""

from __future__ import annotations

import pyarrow as pa
import pytest
from tests.facts import world

from huiyin.facts import MENTION, BatchRefused, Filter


def counts(facts, **options) -> dict[str | None, int]:
    rows = facts.query("SELECT aspect, count(*) AS n FROM opinion GROUP BY aspect ORDER BY aspect", **options).to_pylist()
    return {row["aspect"]: row["n"] for row in rows}


def renamed(mentions: pa.Table, name: str) -> pa.Table:
    return mentions.set_column(MENTION.names.index("aspect"), "aspect", pa.array([name] * mentions.num_rows))


@pytest.fixture
def two(facts):
    feedback, mentions = world.batch(60)
    facts.append(feedback, mentions)
    facts.relabel("v2", feedback["feedback_id"].to_pylist(), renamed(mentions, "all"))
    return facts, feedback, mentions


def test_a_draft_moves_no_count_until_it_is_published(two):
    facts, _, _ = two
    before, draft = counts(facts), counts(facts, version="v2")
    assert list(draft) == ["all"]
    assert draft["all"] == sum(before.values())
    facts.publish("v2", "ann")
    assert counts(facts) == draft
    assert counts(facts, version="initial") == before
    assert facts.version == "v2"
    states = {row["name"]: (row["state"], row["author"]) for row in facts.versions().to_pylist()}
    assert states == {"initial": ("former", None), "v2": ("published", "ann")}


def test_a_filter_of_voices_by_opinion_means_the_version_asked(two):
    facts, _, _ = two
    sql = "SELECT count(*) AS n FROM voice"
    new, old = Filter(aspect=("all",)), Filter(aspect=("delivery",))
    assert facts.query(sql, where=new)["n"][0].as_py() == 0
    assert facts.query(sql, where=new, version="v2")["n"][0].as_py() > facts.query(sql, where=old)["n"][0].as_py() > 0
    assert facts.query(sql, where=old, version="v2")["n"][0].as_py() == 0


def test_reading_a_voice_anew_keeps_its_other_version_while_the_text_is_the_same(two):
    facts, feedback, mentions = two
    other = counts(facts, version="v2")
    facts.replace(feedback.set_column(feedback.column_names.index("region"), "region", pa.array(["西北"] * 60)), mentions)
    assert counts(facts, version="v2") == other
    assert facts.query("SELECT DISTINCT region FROM opinion", version="v2").to_pylist() == [{"region": "西北"}]
    facts.replace(feedback.set_column(feedback.column_names.index("text"), "text", pa.array(["别的话"] * 60)), mentions)
    assert counts(facts, version="v2") == {}


def test_a_version_can_be_written_again_and_dropped(two):
    facts, feedback, mentions = two
    ids = feedback["feedback_id"].to_pylist()[:10]
    part = mentions.filter(pa.compute.is_in(mentions["feedback_id"], value_set=pa.array(ids)))
    for _ in range(2):
        facts.relabel("v2", ids, renamed(part, "again"))
    assert sum(counts(facts, version="v2").values()) == sum(counts(facts).values())
    assert facts.query("SELECT count(*) AS n FROM mention WHERE version = 'v2' AND aspect = 'again'")["n"][0].as_py() == part.num_rows
    with pytest.raises(BatchRefused, match="initial"):
        facts.drop_version("initial")
    facts.drop_version("v2")
    assert facts.query("SELECT count(*) AS n FROM mention WHERE version = 'v2'")["n"][0].as_py() == 0
    assert facts.versions()["name"].to_pylist() == ["initial"]


def test_a_mention_of_feedback_that_was_not_named_is_refused(two):
    facts, _, mentions = two
    with pytest.raises(BatchRefused, match="belong"):
        facts.relabel("v3", ["f0000"], mentions)
    assert "v3" not in facts.versions()["name"].to_pylist()
