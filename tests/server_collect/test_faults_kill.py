"""Killed again and again while records come in, a file is taken in and voices are read: the facts hold each record exactly once.

`HUIYIN_FAULT_ROUNDS` sets how often the server is killed.
"""

from __future__ import annotations

import os
import random
import time

from tests.server_collect.databases import throw_away_postgres
from tests.server_collect.killing import Ledger, kill, more_acknowledged, sending, settled
from tests.server_collect.running import Server

ROUNDS = int(os.environ.get("HUIYIN_FAULT_ROUNDS", "3"))
ROWS = 12_000
SENDERS = 3


def survive(server: Server, rounds: int) -> tuple[Ledger, dict]:
    server.prepare(ROWS)
    chance = random.Random(7)
    server.start()
    with sending(server, SENDERS) as ledger:
        for _ in range(rounds):
            time.sleep(chance.uniform(0.3, 3.0))
            kill(server)
            server.start()
        more_acknowledged(ledger, 100)
    ledger.settle(server)
    return ledger, settled(server)


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
        check(*survive(Server(tmp_path / "data", url), ROUNDS))
