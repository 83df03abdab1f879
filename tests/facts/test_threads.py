"""One writer and many readers: a reader sees whole batches, never half of one, and the file is never swapped under it."""

from __future__ import annotations

import threading

import pytest
from tests.facts import world

from huiyin.facts import Filter, latest
from huiyin.facts.latest import latest_voices


def test_readers_see_whole_batches_while_one_writes_and_another_sweeps_up(facts):
    per_batch = world.batch(20)[1].num_rows
    failures: list[str] = []
    done = threading.Event()
    whole = "SELECT count(DISTINCT f.feedback_id) AS voices, count(m.mention_no) AS said FROM feedback f LEFT JOIN mention m ON m.feedback_id = f.feedback_id"

    def read() -> None:
        while not done.is_set():
            try:
                row = facts.query(whole).to_pylist()[0]
                if row["voices"] % 20 or row["said"] != row["voices"] // 20 * per_batch:
                    failures.append(f"half a batch: {row}")
                facts.query("SELECT aspect, count(*) AS n FROM opinion GROUP BY aspect ORDER BY n DESC, aspect", where=Filter(region=("华东",)))
            except Exception as error:
                failures.append(repr(error))
                return

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        for number in range(12):
            facts.append(*world.batch(20, prefix=f"b{number}-"))
            if number % 4 == 3:
                facts.vacuum()
    finally:
        done.set()
        for reader in readers:
            reader.join(30)
    assert failures == []
    assert facts.query("SELECT count(*) AS n FROM feedback")["n"][0].as_py() == 240


def test_many_writers_take_turns(facts):
    threads = [threading.Thread(target=lambda name=name: facts.replace(*world.batch(10, prefix=f"{name}-"))) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert facts.query("SELECT count(*) AS n FROM feedback")["n"][0].as_py() == 60
    assert facts.query("SELECT count(*) AS n FROM mention")["n"][0].as_py() == 6 * world.batch(10)[1].num_rows


@pytest.mark.parametrize("first_look", [1, 30, 50_000])
def test_pages_of_the_newest_voices_hold_every_voice_once(facts, monkeypatch, first_look):
    monkeypatch.setattr(latest, "_FIRST_LOOK", first_look)
    facts.append(*world.batch(150))
    for where in (None, Filter(aspect=("delivery",)), Filter(text=("app",)), Filter(region=("nowhere",))):
        sql = "SELECT feedback_id, occurred_at FROM voice WHERE occurred_at IS NOT NULL ORDER BY occurred_at DESC, feedback_id"
        expected = facts.query(sql, where=where).to_pylist()
        seen: list[dict[str, object]] = []
        before = None
        while page := latest_voices(facts, where, 17, ("feedback_id", "occurred_at"), before).to_pylist():
            seen += page
            before = (page[-1]["occurred_at"], page[-1]["feedback_id"])
        assert seen == expected
