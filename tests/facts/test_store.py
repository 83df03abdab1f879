"""The facts store keeps what it is given, settles a load in one go and exports it unchanged."""

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from huiyin.facts import FEEDBACK, MENTION, FactsStore, open_facts


def feedback(ids: list[str], first_row: int = 0) -> pa.Table:
    columns = {field.name: pa.nulls(len(ids), field.type) for field in FEEDBACK} | {
        "feedback_id": pa.array(ids),
        "text": pa.array([f"内容 {one}" for one in ids]),
        "occurred_at": pa.array([datetime(2026, 3, 1, tzinfo=UTC)] * len(ids), FEEDBACK.field("occurred_at").type),
        "attributes": pa.array([[("a", "1")]] * len(ids), FEEDBACK.field("attributes").type),
        "row_no": pa.array(range(first_row, first_row + len(ids)), pa.int64()),
    }
    return pa.table(columns)


def mentions(ids: list[str], first_row: int = 0) -> pa.Table:
    columns = {field.name: pa.nulls(len(ids), field.type) for field in MENTION} | {
        "feedback_id": pa.array(ids),
        "mention_no": pa.array([0] * len(ids), pa.int32()),
        "row_no": pa.array(range(first_row, first_row + len(ids)), pa.int64()),
    }
    return pa.table(columns)


@pytest.fixture
def store(tmp_path):
    with FactsStore(tmp_path / "facts.duckdb") as opened:
        opened.begin_load()
        opened.append(feedback(["a", "b", "c", "b"]), mentions(["a", "b", "c", "b"]))
        yield opened


NONE = pa.array([], pa.int64())


def nothing() -> pa.Table:
    return pa.table({"row_no": pa.array([], pa.int64()), "feedback_id": pa.array([], pa.string())})


def no_copies() -> pa.Table:
    return pa.table({"row_no": pa.array([], pa.int64()), "of_row_no": pa.array([], pa.int64())})


def test_a_repeated_row_goes_with_its_mentions(store):
    store.settle_load(pa.array([3], pa.int64()), nothing(), no_copies(), NONE)
    assert store.query("SELECT feedback_id FROM feedback ORDER BY 1")["feedback_id"].to_pylist() == ["a", "b", "c"]
    assert store.query("SELECT count(*) AS n FROM mention")["n"].to_pylist() == [3]


def test_a_second_use_of_an_id_gets_its_own_in_both_tables(store):
    renamed = pa.table({"row_no": pa.array([3], pa.int64()), "feedback_id": ["b#2"]})
    store.settle_load(NONE, renamed, no_copies(), NONE)
    assert store.query("SELECT feedback_id FROM feedback ORDER BY 1")["feedback_id"].to_pylist() == ["a", "b", "b#2", "c"]
    assert store.query("SELECT feedback_id FROM mention ORDER BY 1")["feedback_id"].to_pylist() == ["a", "b", "b#2", "c"]


def test_a_copy_names_the_record_it_copies(store):
    copies = pa.table({"row_no": pa.array([2], pa.int64()), "of_row_no": pa.array([0], pa.int64())})
    store.settle_load(NONE, nothing(), copies, NONE)
    rows = store.query("SELECT feedback_id, duplicate_of FROM feedback WHERE duplicate_of IS NOT NULL").to_pylist()
    assert rows == [{"feedback_id": "c", "duplicate_of": "a"}]


def test_a_flood_is_flagged_with_its_reason(store):
    store.settle_load(NONE, nothing(), no_copies(), pa.array([0, 2], pa.int64()))
    rows = store.query("SELECT is_spam, spam_reason FROM feedback").to_pylist()
    assert [one["spam_reason"] for one in rows] == ["flood", None, "flood", None]
    assert [bool(one["is_spam"]) for one in rows] == [True, False, True, False]


def test_a_batch_that_fails_leaves_nothing_behind(store):
    broken = mentions(["z"]).drop_columns(["mention_no"]).append_column("mention_no", pa.array(["not a number"]))
    with pytest.raises(Exception, match="(?i)conver"):
        store.append(feedback(["z"]), broken)
    assert "z" not in store.query("SELECT feedback_id FROM feedback")["feedback_id"].to_pylist()


def test_export_has_exactly_the_columns_of_the_schema(store, tmp_path):
    store.settle_load(NONE, nothing(), no_copies(), NONE)
    out = tmp_path / "out's"
    out.mkdir()
    for path, schema in zip(store.export(out), (FEEDBACK, MENTION), strict=True):
        written = pq.read_schema(path)
        assert written.names == schema.names
        assert [str(field.type).split(" (")[0].rstrip(">") for field in written] == [str(field.type).rstrip(">") for field in schema]


def test_the_memory_of_a_store_is_bounded(tmp_path):
    with open_facts(tmp_path / "bounded.duckdb", memory_limit="300MB") as facts:
        (limit,) = facts.query("SELECT current_setting('memory_limit') AS held")["held"].to_pylist()
    assert limit == "286.1 MiB"
