"""Backups made while the store runs, restored on either engine; rebuilding; exporting."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.facts import world
from tests.facts.conftest import fresh

from huiyin.facts import FEEDBACK, MENTION, Correction, DuckDBFacts, Filter, StoreDamaged, StoreHeld, restore, verify

COUNT = "SELECT count(*) AS n, count(DISTINCT unit) AS people FROM opinion"


def everything(facts) -> list[object]:
    voices = facts.query("SELECT feedback_id, text, product, day, unit, attributes FROM feedback ORDER BY feedback_id").to_pylist()
    said = facts.query(
        "SELECT feedback_id, mention_no, aspect, polarity, labelled_by, version FROM mention ORDER BY feedback_id, mention_no, version"
    )
    kept = [facts.recall("ranks", day).to_pylist() for day in facts.remembered("ranks")]
    return [voices, said.to_pylist(), facts.corrections(), facts.versions()["name"].to_pylist(), facts.version, kept]


@pytest.fixture
def lived(facts):
    """A store in which everything happened once."""
    feedback, mentions = world.batch(60)
    facts.append(feedback, mentions)
    facts.correct([Correction("f0001", "sentiment", 0.25, "ann", datetime(2026, 5, 1, tzinfo=UTC))])
    facts.relabel("v2", ["f0001", "f0002"], mentions.slice(0, 0))
    facts.remember("ranks", date(2026, 5, 1), pa.table({"rank": [1, 2]}))
    facts.publish("v2", "ann")
    facts.publish("initial", "bob")
    return facts


def test_a_backup_holds_everything_and_can_be_verified(lived, tmp_path):
    rows = lived.backup(tmp_path / "backup.duckdb")
    assert rows["feedback"] == 60
    assert verify(tmp_path / "backup.duckdb") == rows
    with DuckDBFacts(tmp_path / "backup.duckdb") as copy:
        assert everything(copy) == everything(lived)


def test_a_backup_of_either_engine_restores_into_clickhouse(lived, tmp_path):
    lived.backup(tmp_path / "backup.duckdb")
    other = fresh("clickhouse", tmp_path)
    other.append(*world.batch(5, prefix="old"))
    other.restore_from(tmp_path / "backup.duckdb")
    assert everything(other) == everything(lived)
    other.close()


def test_restoring_brings_back_the_day_of_the_backup(tmp_path):
    path, backup = tmp_path / "facts.duckdb", tmp_path / "backup.duckdb"
    with DuckDBFacts(path) as facts:
        facts.append(*world.batch(30))
        before = everything(facts)
        facts.backup(backup)
        facts.erase_customer("c1")
        facts.append(*world.batch(10, prefix="later"))
        with pytest.raises(StoreHeld):
            restore(backup, path)
    restore(backup, path)
    with DuckDBFacts(path) as facts:
        assert everything(facts) == before


def test_a_damaged_backup_is_not_restored_and_the_store_stays(tmp_path):
    path, backup = tmp_path / "facts.duckdb", tmp_path / "backup.duckdb"
    with DuckDBFacts(path) as facts:
        facts.append(*world.batch(400))
        facts.backup(backup)
        before = everything(facts)
    content = bytearray(backup.read_bytes())
    # One flipped bit in every block behind the headers.
    for place in range(12288 + 100, len(content), 262144):
        content[place] ^= 1
    backup.write_bytes(content)
    with pytest.raises(StoreDamaged) as refusal:
        restore(backup, path)
    assert str(backup) in refusal.value.message_zh
    with DuckDBFacts(path) as facts:
        assert everything(facts) == before
    for broken in (b"", b"no database at all" * 1000):
        backup.write_bytes(broken)
        with pytest.raises(StoreDamaged):
            restore(backup, path)
        with pytest.raises(StoreDamaged):
            verify(backup)


def test_a_backup_while_writing_is_of_one_moment(tmp_path):
    with DuckDBFacts(tmp_path / "facts.duckdb") as facts:
        stop = threading.Event()

        def write() -> None:
            number = 0
            while not stop.is_set():
                facts.append(*world.batch(20, prefix=f"w{number}-"))
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for number in range(4):
                facts.backup(tmp_path / f"{number}.duckdb")
        finally:
            stop.set()
            writer.join()
    per_batch = world.batch(20)[1].num_rows
    for number in range(4):
        with DuckDBFacts(tmp_path / f"{number}.duckdb") as copy:
            voices = copy.query("SELECT count(*) AS n FROM feedback")["n"][0].as_py()
            said = copy.query("SELECT count(*) AS n FROM mention")["n"][0].as_py()
            assert (voices % 20, said) == (0, voices // 20 * per_batch)


def test_a_rebuild_is_the_same_facts_with_the_corrections_replayed(lived):
    before = everything(lived)
    feedback, mentions = world.batch(60)
    lived.drop_version("v2")
    lived.rebuild((feedback.slice(first, 20), only(mentions, feedback.slice(first, 20))) for first in (0, 20, 40))
    after = everything(lived)
    assert after[:3] == before[:3]
    assert lived.query("SELECT sentiment FROM voice WHERE feedback_id = 'f0001'").to_pylist() == [{"sentiment": 0.25}]


def test_after_a_rebuild_every_thread_reads_the_new_facts(facts):
    facts.append(*world.batch(60))
    count = "SELECT count(*) AS n FROM feedback"
    seen: list[int] = []
    asked, rebuilt = threading.Event(), threading.Event()

    def other() -> None:
        seen.append(facts.query(count)["n"][0].as_py())
        asked.set()
        rebuilt.wait(60)
        seen.append(facts.query(count)["n"][0].as_py())

    thread = threading.Thread(target=other)
    thread.start()
    asked.wait(60)
    before = facts.revision
    assert facts.query(count)["n"][0].as_py() == 60
    facts.rebuild([world.batch(7, prefix="new")])
    rebuilt.set()
    thread.join()
    assert seen == [60, 7]
    assert facts.query(count)["n"][0].as_py() == 7
    assert facts.revision > before


def test_a_rebuild_that_fails_changes_nothing_and_readers_see_the_old_facts_meanwhile(lived):
    before, seen = everything(lived), []

    def batches():
        yield world.batch(10, prefix="new")
        seen.append(lived.query("SELECT count(*) AS n FROM feedback")["n"][0].as_py())
        raise RuntimeError("the raw record cannot be read")

    with pytest.raises(RuntimeError, match="raw record"):
        lived.rebuild(batches())
    assert seen == [60]
    assert everything(lived) == before
    lived.append(*world.batch(10, prefix="after"))
    assert lived.query("SELECT count(*) AS n FROM feedback")["n"][0].as_py() == 70


def test_vacuum_changes_no_answer(lived):
    before = everything(lived)
    lived.vacuum()
    assert everything(lived) == before
    lived.append(*world.batch(10, prefix="after"))
    assert lived.query("SELECT count(*) AS n FROM feedback")["n"][0].as_py() == 70


def test_an_export_has_the_columns_of_the_schema_and_the_rows_of_the_filter(lived, tmp_path):
    for name, where in (("all", None), ("some", Filter(region=("华东",)))):
        folder = tmp_path / f"{name}'s"
        folder.mkdir()
        voices, said = lived.export(folder, where)
        assert pq.read_schema(voices).names == FEEDBACK.names
        assert pq.read_schema(said).names == MENTION.names
        expected = lived.query("SELECT count(*) AS n FROM " + ("voice" if where else "feedback"), where=where)["n"][0].as_py()
        assert pq.read_table(voices).num_rows == expected > 0
        expected = lived.query("SELECT count(*) AS n FROM " + ("opinion" if where else "mention WHERE version = 'initial'"), where=where)["n"][
            0
        ].as_py()
        assert pq.read_table(said).num_rows == expected > 0
        assert sorted(one.name for one in folder.iterdir()) == ["feedback.parquet", "mentions.parquet"]


def only(mentions: pa.Table, feedback: pa.Table) -> pa.Table:
    return mentions.filter(pa.compute.is_in(mentions["feedback_id"], value_set=feedback["feedback_id"].combine_chunks()))
