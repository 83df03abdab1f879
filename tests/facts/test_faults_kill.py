"""Killed at any moment, a store opens again, has all that was acknowledged and nothing half done.

A child process writes, this one kills it with SIGKILL after a random time. `HUIYIN_FAULT_ROUNDS` sets the rounds of each operation.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.facts import world
from tests.facts.fault_child import ROWS, run, stamped
from tests.facts.test_one_process import first_layout

from huiyin.facts import DuckDBFacts, verify

ROUNDS = int(os.environ.get("HUIYIN_FAULT_ROUNDS", "8"))
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.facts.fault_child"])
PER_BATCH = [world.batch(ROWS, seed=seed)[1].num_rows for seed in range(7)]


def killed(path: Path, work: str, seed: int, longest: float) -> list[str]:
    """What the child had acknowledged when it was killed, at a random moment after it began to work."""
    ours, theirs = FORKS.Pipe(duplex=False)
    child = FORKS.Process(target=run, args=(str(path), work, seed, theirs))
    child.start()
    theirs.close()
    assert ours.poll(60)
    assert ours.recv() == "ready"
    time.sleep(random.Random(f"{work}{seed}").uniform(0, longest))
    child.kill()
    child.join()
    words = []
    with suppress(EOFError):
        while True:
            words.append(ours.recv())
    return words


def counted(facts, table: str, condition: str = "TRUE") -> int:
    return int(facts.query(f"SELECT count(*) AS n FROM {table} WHERE {condition}")["n"][0].as_py())


def stamps(facts) -> set[str]:
    """The numbers that the rows of both tables carry."""
    products = facts.query("SELECT DISTINCT product FROM feedback")["product"].to_pylist()
    return {*products, *facts.query("SELECT DISTINCT target FROM mention")["target"].to_pylist()}


def one_whole_stamp(facts, acknowledged: list[str]) -> None:
    """All rows are of one replacement: the last acknowledged one, or the one after it that was under way."""
    feedback, mentions = stamped(0)
    assert (counted(facts, "feedback"), counted(facts, "mention")) == (feedback.num_rows, mentions.num_rows)
    (stamp,) = stamps(facts)
    last = int(acknowledged[-1]) if acknowledged else -1
    assert stamp in {f"P{last}" if last >= 0 else "Pbefore", f"P{last + 1}"}


def before(path: Path) -> None:
    with DuckDBFacts(path) as facts:
        facts.append(*stamped("before"))


def test_killed_while_appending(tmp_path):
    path = tmp_path / "facts.duckdb"
    total = 0
    for seed in range(ROUNDS):
        acknowledged = killed(path, "append", seed, 0.6)
        with DuckDBFacts(path) as facts:
            batches = facts.query(
                "SELECT split_part(feedback_id, '-', 1) AS batch, count(*) AS n FROM feedback WHERE starts_with(feedback_id, ?) GROUP BY 1",
                (f"s{seed}n",),
            ).to_pylist()
            numbers = sorted(int(row["batch"].split("n")[1]) for row in batches)
            assert numbers[: len(acknowledged)] == [int(one) for one in acknowledged]
            assert len(numbers) <= len(acknowledged) + 1
            assert all(row["n"] == ROWS for row in batches)
            said = counted(facts, "mention", f"starts_with(feedback_id, 's{seed}n')")
            assert said == sum(PER_BATCH[number % 7] for number in numbers)
            total += len(numbers)
            assert counted(facts, "feedback") == total * ROWS


@pytest.mark.parametrize("work", ["replace", "vacuum", "rebuild"])
def test_killed_while_replacing_sweeping_up_or_rebuilding(tmp_path, work):
    path = tmp_path / "facts.duckdb"
    for seed in range(ROUNDS):
        path.unlink(missing_ok=True)
        before(path)
        acknowledged = killed(path, work, seed, 0.8)
        with DuckDBFacts(path) as facts:
            one_whole_stamp(facts, acknowledged)
            facts.replace(*stamped("after"))
            assert stamps(facts) == {"Pafter"}


def test_killed_while_erasing(tmp_path):
    for seed in range(ROUNDS):
        path = tmp_path / f"{seed}.duckdb"
        before(path)
        acknowledged = killed(path, "erase", seed, 0.4)
        with DuckDBFacts(path) as facts:
            left = {
                table: {row["customer_id"] for row in facts.query(f"SELECT DISTINCT customer_id FROM {table}").to_pylist()}
                for table in ("feedback", "mention")
            }
            assert not left["feedback"] & set(acknowledged)
            assert left["mention"] <= left["feedback"]
            orphans = "feedback_id NOT IN (SELECT feedback_id FROM feedback)"
            assert counted(facts, "mention", orphans) == 0
            assert facts.query("SELECT count(*) AS n FROM feedback WHERE customer_id IS NULL")["n"][0].as_py() > 0


def test_killed_while_backing_up(tmp_path):
    path, backup = tmp_path / "facts.duckdb", tmp_path / "backup.duckdb"
    for seed in range(ROUNDS):
        for one in (path, backup):
            one.unlink(missing_ok=True)
        before(path)
        acknowledged = killed(path, "backup", seed, 1.5)
        with DuckDBFacts(path) as facts:
            assert counted(facts, "feedback") == ROWS * 5
        if acknowledged:
            assert verify(backup)["feedback"] == ROWS * 5
        if backup.exists():
            verify(backup)
            with DuckDBFacts(backup) as facts:
                (stamp,) = stamps(facts)
                last = int(acknowledged[-1]) if acknowledged else -1
                assert stamp in {f"P{last}", f"P{last + 1}"}


def test_killed_while_a_layout_is_brought_up(tmp_path):
    old = tmp_path / "old.duckdb"
    first_layout(old)
    content = old.read_bytes()
    with DuckDBFacts(old) as facts:
        answer = facts.query("SELECT aspect, count(DISTINCT unit) AS people, count(*) AS n FROM opinion GROUP BY aspect ORDER BY aspect")
    path = tmp_path / "facts.duckdb"
    for seed in range(ROUNDS):
        path.with_name("facts.duckdb.wal").unlink(missing_ok=True)
        path.write_bytes(content)
        killed(path, "migrate", seed, 0.12)
        with DuckDBFacts(path) as facts:
            assert facts.version == "initial"
            assert facts.query("SELECT aspect, count(DISTINCT unit) AS people, count(*) AS n FROM opinion GROUP BY aspect ORDER BY aspect").equals(
                answer
            )


def test_killed_in_clickhouse_the_batch_done_again_makes_it_whole(tmp_path):
    feedback, mentions = stamped(0)
    for seed in range(max(2, ROUNDS // 4)):
        found = killed(tmp_path / "engine" / "facts", "clickhouse", seed, 0.5)
        assert found in ([f"{feedback.num_rows} {mentions.num_rows} True"], [])
