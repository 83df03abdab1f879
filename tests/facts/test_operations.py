"""What happened with customers: replaced by id, asked with the same filters, erased with the customer, kept by rebuild and backup."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from tests.facts import world

from huiyin.facts import BatchRefused, DuckDBFacts, Filter, restore, verify
from huiyin.facts.filters import NOTHING


def operations(count: int = 40) -> pa.Table:
    """Orders of customers c0 … c9, one a day from 2026-01-01 on, late in the evening of Shanghai."""
    rows = [
        {
            "operation_id": f"o{at:04d}",
            "kind": "order" if at % 4 else "churn",
            "occurred_at": datetime(2026, 1 + at // 28, 1 + at % 28, 15, 30, tzinfo=UTC),
            "customer_id": f"c{at % 10}",
            "order_id": f"N{at}",
            "product": "T11" if at % 2 else "S5",
            "store": "杭州店",
            "amount": 10.5 * at,
            "attributes": [("颜色", "灰")],
        }
        for at in range(count)
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, world_type(name)) for name in rows[0]]))


def world_type(name: str) -> pa.DataType:
    kinds = {"occurred_at": pa.timestamp("us", tz="UTC"), "amount": pa.float64(), "attributes": pa.map_(pa.string(), pa.string())}
    return kinds.get(name, pa.string())


def counted(facts, where: Filter | None = None) -> int:
    return facts.query("SELECT count(*) AS n FROM happening", where=where)["n"][0].as_py()


def test_what_happened_comes_back_and_twice_is_once(facts):
    facts.operate(operations())
    facts.operate(operations())
    assert counted(facts) == 40
    (one,) = facts.query("SELECT * FROM happening WHERE operation_id = 'o0003'").to_pylist()
    assert (one["kind"], one["customer_id"], one["order_id"], one["amount"], one["day"]) == ("order", "c3", "N3", 31.5, date(2026, 1, 4))
    assert dict(one["attributes"]) == {"颜色": "灰"}


@pytest.mark.parametrize(
    ("where", "count"),
    [
        (Filter(product=("T11",)), 20),
        (Filter(since=date(2026, 1, 28)), 13),
        (Filter(customer_id=("c3",), until=date(2026, 1, 20)), 2),
        (Filter(store=("上海店",)), 0),
        (Filter(source=(NOTHING,)), 0),
        (Filter(channel=("电话",)), 40),
    ],
)
def test_the_same_filter_narrows_what_happened(facts, where, count):
    facts.operate(operations())
    assert counted(facts, where) == count


def test_an_erased_customer_did_nothing(facts):
    facts.operate(operations())
    facts.erase_customer("c3")
    assert counted(facts) == 36
    facts.vacuum()
    assert counted(facts) == 36


def test_what_one_source_said_can_be_dropped(facts):
    rows = operations()
    facts.operate(rows.append_column("source", pa.array(["a"] * 30 + ["b"] * 10)))
    assert facts.drop_operations("a") == 30
    assert facts.drop_operations("a") == 0
    assert counted(facts) == 10


def test_a_wrong_batch_leaves_nothing(facts):
    rows = operations(4)
    for wrong in (pa.concat_tables([rows, rows.slice(0, 1)]), rows.drop_columns(["kind"]), rows.rename_columns({"store": "shop"})):
        with pytest.raises(BatchRefused):
            facts.operate(wrong)
    assert counted(facts) == 0


def test_a_rebuild_keeps_what_happened(facts):
    facts.append(*world.batch(20))
    facts.operate(operations())
    facts.rebuild([world.batch(30)])
    assert counted(facts) == 40
    assert facts.query("SELECT count(*) AS n FROM feedback")["n"][0].as_py() == 30


def test_a_backup_holds_what_happened(facts, tmp_path):
    facts.append(*world.batch(20))
    facts.operate(operations())
    assert facts.backup(tmp_path / "copy.duckdb")["operation"] == 40
    assert verify(tmp_path / "copy.duckdb")["operation"] == 40
    restore(tmp_path / "copy.duckdb", tmp_path / "restored.duckdb")
    with DuckDBFacts(tmp_path / "restored.duckdb") as restored:
        assert counted(restored) == 40
