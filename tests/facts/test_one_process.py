"""A second process is told who holds the store and what to do; older layouts are brought up; newer ones are left alone."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import pytest
from tests.facts import world

from huiyin.facts import DuckDBFacts, FactsError, StoreHeld, StoreTooNew, open_facts, verify

HOLD = "import sys, time; from pathlib import Path; from huiyin.facts import DuckDBFacts; f = DuckDBFacts(Path(sys.argv[1])); print('open', flush=True); time.sleep(60)"


@pytest.fixture
def held(tmp_path):
    path = tmp_path / "facts.duckdb"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None and holder.stdout.readline() == "open\n"
    yield path, holder
    holder.kill()
    holder.wait()
    holder.stdout.close()


def test_a_second_process_is_told_who_since_when_and_what_to_do(held):
    path, holder = held
    for attempt in (lambda: DuckDBFacts(path), lambda: verify(path)):
        with pytest.raises(StoreHeld) as refusal:
            attempt()
        for message, words in ((refusal.value.message_zh, "HTTP API"), (refusal.value.message_en, "stop it and try again")):
            assert str(path) in message
            assert str(holder.pid) in message
            assert "huiyin.facts" in message
            assert "20" in message and "T" in message
            assert words in message
            assert "\n" not in message


def test_the_store_is_free_as_soon_as_its_holder_is_killed(held):
    path, holder = held
    holder.kill()
    holder.wait()
    with DuckDBFacts(path) as facts:
        facts.append(*world.batch(5))


def test_a_program_that_opened_the_file_past_us_is_named_too(tmp_path):
    path = tmp_path / "facts.duckdb"
    DuckDBFacts(path).close()
    code = "import sys, time, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); time.sleep(60)"
    other = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None and other.stdout.readline() == "open\n"
        with pytest.raises(StoreHeld, match=str(other.pid)):
            DuckDBFacts(path)
    finally:
        other.kill()
        other.wait()


def test_a_store_that_was_closed_says_so():
    facts = DuckDBFacts()
    facts.close()
    with pytest.raises(FactsError, match="closed"):
        facts.query("SELECT count(*) AS n FROM voice")


def first_layout(path) -> None:
    """A store as the first release wrote it."""
    with DuckDBFacts(path) as facts:
        facts.append(*world.batch(50))
    connection = duckdb.connect(str(path))
    connection.execute("ALTER TABLE mention DROP COLUMN version")
    for name in ("feedback", "mention"):
        connection.execute(f"ALTER TABLE {name} ALTER unit TYPE UBIGINT USING CAST(unit AS UBIGINT) << 1")
    for name in ("operation", "correction", "taxonomy", "snapshot", "state"):
        connection.execute(f"DROP TABLE {name}")
    connection.close()


def test_a_store_of_the_first_layout_is_brought_up_with_the_same_answers(tmp_path):
    path = tmp_path / "facts.duckdb"
    first_layout(path)
    whole = DuckDBFacts()
    whole.append(*world.batch(50))
    sql = "SELECT aspect, count(DISTINCT unit) AS people, count(*) AS n FROM opinion GROUP BY aspect ORDER BY aspect"
    for _ in range(2):
        with DuckDBFacts(path) as facts:
            assert facts.query(sql).equals(whole.query(sql))
            assert facts.version == "initial"


def test_a_store_of_the_second_layout_is_brought_up_and_its_backups_can_be_read(tmp_path):
    path = tmp_path / "facts.duckdb"
    feedback, mentions = world.batch(50)
    counted = feedback["duplicate_of"].null_count
    with DuckDBFacts(path) as facts:
        facts.append(feedback, mentions)
    with duckdb.connect(str(path)) as connection:
        connection.execute("DROP TABLE operation")
        connection.execute("UPDATE state SET value = '2' WHERE name = 'layout'")
    assert "operation" not in verify(path)
    with DuckDBFacts(path) as facts:
        assert facts.query("SELECT (SELECT count(*) FROM voice) AS said, (SELECT count(*) FROM happening) AS done").to_pylist() == [
            {"said": counted, "done": 0}
        ]
    assert verify(path)["operation"] == 0


def test_a_store_of_the_third_layout_keeps_its_rows_and_takes_conditions(tmp_path):
    path = tmp_path / "facts.duckdb"
    feedback, mentions = world.batch(50)
    with DuckDBFacts(path) as facts:
        facts.append(feedback, mentions)
    with duckdb.connect(str(path)) as connection:
        connection.execute("ALTER TABLE mention DROP COLUMN conditions")
        connection.execute("ALTER TABLE feedback DROP COLUMN spam_reason")
        connection.execute("UPDATE state SET value = '3' WHERE name = 'layout'")
    whole = DuckDBFacts()
    whole.append(feedback.drop_columns(["spam_reason"]), mentions.drop_columns(["conditions"]))
    later, said = world.batch(20, seed=2, prefix="later")
    with DuckDBFacts(path) as facts:
        for store in (facts, whole):
            store.append(later, said)
        for table, order in (("feedback", "feedback_id"), ("mention", "feedback_id, mention_no")):
            sql = f"SELECT * FROM {table} ORDER BY {order}"
            assert facts.query(sql).equals(whole.query(sql))
        assert {"season", "speed"} <= {key for one in facts.query("SELECT conditions FROM opinion")["conditions"].to_pylist() for key, _ in one}


def test_a_store_of_a_later_release_is_left_alone(tmp_path):
    path = tmp_path / "facts.duckdb"
    DuckDBFacts(path).close()
    connection = duckdb.connect(str(path))
    connection.execute("UPDATE state SET value = '99' WHERE name = 'layout'")
    connection.close()
    before = path.read_bytes()
    for attempt in (lambda: DuckDBFacts(path), lambda: verify(path)):
        with pytest.raises(StoreTooNew, match="99"):
            attempt()
    assert path.read_bytes() == before


def test_an_address_chooses_the_engine(tmp_path):
    from huiyin.facts.clickhouse_facts import ClickHouseFacts

    with open_facts(tmp_path / "facts.duckdb") as file, open_facts() as memory, open_facts("chdb://memory/by_address") as other:
        assert [type(one) for one in (file, memory, other)] == [DuckDBFacts, DuckDBFacts, ClickHouseFacts]
        assert (tmp_path / "facts.duckdb").exists()


def test_a_server_that_is_not_there_is_named_without_its_password():
    with pytest.raises(FactsError) as refusal:
        open_facts("http://ann:secret@127.0.0.1:9/huiyin")
    assert "127.0.0.1:9" in refusal.value.message_zh
    assert "secret" not in str(refusal.value)
