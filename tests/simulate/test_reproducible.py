from datetime import date

import pyarrow as pa
import pytest

from huiyin.simulate import World, simulate, simulate_batches


def test_the_same_seed_gives_the_same_world(world: World) -> None:
    again = simulate(rows=20_000, seed=7)
    assert again.records.equals(world.records)
    assert again.labels == world.labels
    assert again.truth == world.truth


def test_another_seed_gives_another_world() -> None:
    one, other = simulate(rows=500, seed=1), simulate(rows=500, seed=2)
    assert not one.records.equals(other.records)
    assert one.records["产品"] != other.records["产品"]


@pytest.mark.parametrize("batch_rows", [777, 10_000, 50_000])
def test_the_size_of_the_batches_does_not_change_the_records(world: World, batch_rows: int) -> None:
    batches = list(simulate_batches(rows=20_000, seed=7, batch_rows=batch_rows))
    assert all(batch.num_rows == batch_rows for batch in batches[:-1])
    assert pa.concat_tables(batches).combine_chunks().equals(world.records)


def test_a_world_hands_out_its_records_in_batches(world: World) -> None:
    batches = list(world.batches(3_000))
    assert [batch.num_rows for batch in batches] == [3_000] * 6 + [2_000]
    assert pa.concat_tables(batches).combine_chunks().equals(world.records)


def test_a_start_that_is_no_monday_is_refused() -> None:
    with pytest.raises(ValueError, match="must be a Monday.*Tuesday"):
        simulate(rows=10, start=date(2025, 11, 25))


def test_no_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="rows=0"):
        simulate(rows=0)
    with pytest.raises(ValueError, match="batch_rows"):
        next(simulate_batches(rows=10, batch_rows=0))
