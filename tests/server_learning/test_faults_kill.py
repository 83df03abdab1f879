"""A real server is killed while it trains, while a model is taken into use, while history is read again, and posts go on arriving.

`HUIYIN_FAULT_ROUNDS` sets how often in each; `benchmarks/kill_rounds.py` runs the same for many rounds.
"""

from __future__ import annotations

import os

from tests.server_collect.running import Server
from tests.server_learning.killing import learning_killed

ROUNDS = int(os.environ.get("HUIYIN_FAULT_ROUNDS", "1"))


def test_killed_while_it_learns_old_or_new_is_whole_and_every_acknowledged_voice_is_there_once(tmp_path):
    tmp_path.chmod(0o700)
    server = Server(tmp_path)
    try:
        tallies = learning_killed(server, {"train": ROUNDS, "accept": ROUNDS, "reread": ROUNDS})
    finally:
        if server.process and server.process.poll() is None:
            server.kill()
    assert [(one.kind, one.rounds) for one in tallies] == [("retrain", 2 * ROUNDS), ("re-read", ROUNDS)]
    assert [(one.lost, one.doubled) for one in tallies] == [(0, 0)] * 2
    assert tallies[0].acknowledged > 300
