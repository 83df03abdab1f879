"""Killed again and again while records come in, a file is taken in and voices are read: the facts hold each record exactly once.

`HUIYIN_FAULT_ROUNDS` sets how often the server is killed.
"""

from __future__ import annotations

import os
import random
import threading
import time
from http.client import HTTPException
from itertools import count
from pathlib import Path

import pytest

from tests.server_collect.running import STATE, WAIT, Server, throw_away_postgres

ROUNDS = int(os.environ.get("HUIYIN_FAULT_ROUNDS", "3"))
ROWS = 12_000
SENDERS = 3


class Ledger:
    """What senders know: which ids were acknowledged, and which they are still trying."""

    def __init__(self) -> None:
        self.acknowledged: set[str] = set()
        self.pending: dict[int, list[str]] = {}
        self.stop = threading.Event()

    def send(self, server: Server, sender: int, numbers: count) -> None:
        """Send without rest, single records and batches in turn; what was not acknowledged is sent again, as any sender would."""
        chance = random.Random(sender * 1000 + len(self.acknowledged))
        connection = server.connection()
        while not self.stop.is_set():
            if not self.pending.get(sender):
                size = 1 if chance.random() < 0.7 else 50
                self.pending[sender] = [f"s{sender}-{next(numbers)}" for _ in range(size)]
            ids = self.pending[sender]
            records = [{"external_id": one, "text": f"{one} 这位客人说等得太久，态度也差"} for one in ids]
            try:
                single = len(ids) == 1
                status, _ = server.post(connection, "/api/v1/feedback" if single else "/api/v1/feedback/batch", records[0] if single else records)
            except (OSError, HTTPException):
                connection.close()
                time.sleep(0.02)
                continue
            if status in (200, 201):
                self.acknowledged.update(ids)
                self.pending[sender] = []
        connection.close()


def still_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as state:
        return state.read().rsplit(")", 1)[1].split()[0] != "Z"


def all_children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            found += [int(one) for one in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def survive(server: Server, rounds: int) -> tuple[Ledger, dict]:
    server.prepare(ROWS)
    ledger, numbers = Ledger(), [count() for _ in range(SENDERS)]
    chance = random.Random(7)
    threads = [threading.Thread(target=ledger.send, args=(server, one, numbers[one])) for one in range(SENDERS)]
    server.start()
    for thread in threads:
        thread.start()
    try:
        for _ in range(rounds):
            time.sleep(chance.uniform(0.3, 3.0))
            orphans = all_children(server.process.pid)
            server.kill()
            end = time.monotonic() + 15
            while any(still_there(one) for one in orphans) and time.monotonic() < end:
                time.sleep(0.1)
            assert not any(still_there(one) for one in orphans), "the reader outlived its server"
            server.start()
        end = time.monotonic() + 30
        enough = len(ledger.acknowledged) + 100
        while len(ledger.acknowledged) < enough and time.monotonic() < end:
            time.sleep(0.1)
    finally:
        ledger.stop.set()
        for thread in threads:
            thread.join()
    # What was sent and never acknowledged may or may not be here; sent once more, it is.
    connection = server.connection()
    for ids in ledger.pending.values():
        for one in ids:
            assert server.post(connection, "/api/v1/feedback", {"external_id": one, "text": f"{one} 这位客人说等得太久，态度也差"})[0] in (200, 201)
            ledger.acknowledged.add(one)
    connection.close()
    return ledger, settled(server)


def settled(server: Server) -> dict:
    """What stands there once everything that waits is done."""
    assert server.script(WAIT)
    server.stop()
    return server.script(STATE)


def check(ledger: Ledger, state: dict) -> None:
    sent = [one[1] for one in state["rows"] if one[0] == "rest"]
    uploaded = [one[1] for one in state["rows"] if one[0] == "upload"]
    assert len(sent) == len(set(sent))
    assert set(sent) == ledger.acknowledged
    assert sorted(uploaded) == sorted(f"u{n}" for n in range(ROWS))
    assert len({one[2] for one in state["rows"]}) == len(state["rows"]) == state["inbox"]
    assert state["stray"] == 0 == state["new"]
    assert [tuple(one) for one in state["runs"]] == [("done", ROWS, ROWS)]


def test_killed_again_and_again_nothing_is_lost_and_nothing_doubled(tmp_path):
    tmp_path.chmod(0o700)
    check(*survive(Server(tmp_path), ROUNDS))


def test_the_same_with_postgresql(tmp_path):
    given = os.environ.get("HUIYIN_TEST_POSTGRES", "")
    (tmp_path / "data").mkdir(mode=0o700)
    if given:
        check(*survive(Server(tmp_path / "data", given), ROUNDS))
        return
    with throw_away_postgres(tmp_path) as url:
        if not url:
            pytest.skip("there is no PostgreSQL to start")
        check(*survive(Server(tmp_path / "data", url), ROUNDS))
