"""A real server killed again and again while records come in; for the tests and for `benchmarks/kill_rounds.py`."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from itertools import count
from pathlib import Path

from tests.server_collect.running import STATE, WAIT, Server

WORDS = "{} 这位客人说等得太久，态度也差"
UPLOADED = 4000
POSTED = 1000

UPLOAD = """
import json, sys
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.collect.sources.services import run_start, source_make
from huiyin.server.collect.sources.upload.services import keep_file
prefix, rows = sys.argv[1], int(sys.argv[2])
text = "编号,评价内容\\n" + "".join(f"{prefix}-{n},{prefix} 第{n}位客人说早餐不错\\n" for n in range(rows))
given = type("Given", (), {"name": f"{prefix}.csv", "chunks": lambda self: [text.encode()]})()
run_start(source_make("upload", prefix), {"files": [keep_file(given)], "read": {"id": "编号"}})
print("true")
"""

LEFT = """
import json
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.sources.models import SourceRun
print(json.dumps({"new": Inbox.objects.filter(state="new").count(), "runs": SourceRun.objects.exclude(state="done").count()}))
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of so many kills: records that had to be there, those that are not, those that are there more than once."""

    kind: str
    rounds: int
    acknowledged: int
    lost: int
    doubled: int


class Ledger:
    """What senders know: which ids were acknowledged, and which they are still trying. `pause` is between two sendings, in seconds."""

    def __init__(self, pause: float = 0.0) -> None:
        self.acknowledged: set[str] = set()
        self.pending: dict[int, list[str]] = {}
        self.stop = threading.Event()
        self.pause = pause

    def send(self, server: Server, sender: int, numbers: count[int]) -> None:
        """Send until stopped, single records and batches in turn; what was not acknowledged is sent again, as any sender would."""
        chance = random.Random(sender * 1000 + len(self.acknowledged))
        connection = server.connection()
        while not self.stop.wait(self.pause):
            if not self.pending.get(sender):
                size = 1 if chance.random() < 0.7 else 50
                self.pending[sender] = [f"s{sender}-{next(numbers)}" for _ in range(size)]
            ids = self.pending[sender]
            records = [{"external_id": one, "text": WORDS.format(one)} for one in ids]
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

    def settle(self, server: Server) -> None:
        """What was sent and never acknowledged may or may not be there; sent once more, it is."""
        connection = server.connection()
        for ids in self.pending.values():
            for one in ids:
                assert server.post(connection, "/api/v1/feedback", {"external_id": one, "text": WORDS.format(one)})[0] in (200, 201)
                self.acknowledged.add(one)
        connection.close()
        self.pending = {}


@contextmanager
def sending(server: Server, senders: int, pause: float = 0.0) -> Iterator[Ledger]:
    """Senders at work as long as the block lasts."""
    ledger = Ledger(pause)
    threads = [threading.Thread(target=ledger.send, args=(server, one, count())) for one in range(senders)]
    for thread in threads:
        thread.start()
    try:
        yield ledger
    finally:
        ledger.stop.set()
        for thread in threads:
            thread.join()


def more_acknowledged(ledger: Ledger, more: int, patience: float = 30) -> None:
    """Wait until so many more records were acknowledged."""
    end, enough = time.monotonic() + patience, len(ledger.acknowledged) + more
    while len(ledger.acknowledged) < enough and time.monotonic() < end:
        time.sleep(0.1)


def kill(server: Server) -> None:
    """SIGKILL; whatever it had started must end by itself."""
    assert server.process
    orphans = _children(server.process.pid)
    server.kill()
    end = time.monotonic() + 15
    while any(_still_there(one) for one in orphans) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(_still_there(one) for one in orphans), "a process outlived its server"


def _still_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat") as state:
            return state.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            found += [int(one) for one in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def killed_while(server: Server, rounds: int, window: tuple[float, float], begin: Callable[[int], None], underway: Callable[[], bool]) -> int:
    """Kill a running server at a random moment of `window` (seconds after `begin`) and start it again, until it happened `rounds` times
    while the work was under way; gives how often it did. `underway` is asked of the dead server's database.
    """
    chance, kills = random.Random(rounds), 0
    for number in range(3 * rounds):
        begin(number)
        time.sleep(chance.uniform(*window))
        kill(server)
        kills += underway()
        server.start()
        if kills == rounds:
            break
    return kills


def settled(server: Server) -> dict:
    """What stands there once everything that waits is done."""
    assert server.script(WAIT)
    server.stop()
    return server.script(STATE)


def tally(kind: str, rounds: int, wanted: set[str], state: dict) -> Tally:
    """Compare a ledger with the facts. A second row for one id, a row that nobody sent, and a mention without its feedback are doubled."""
    ids, rows = {one[1] for one in state["rows"]}, len(state["rows"])
    doubled = rows - len(ids) + rows - len({one[2] for one in state["rows"]}) + len(ids - wanted) + state["stray"]
    return Tally(kind, rounds, len(wanted), len(wanted - ids), doubled)


def ingest_killed(server: Server, rounds: int) -> Tally:
    """Killed while three senders post without rest."""
    server.prepare()
    server.start()
    with sending(server, 3) as ledger:
        kills = killed_while(server, rounds, (0.1, 2.0), lambda number: more_acknowledged(ledger, 1), lambda: True)
        more_acknowledged(ledger, 100)
    ledger.settle(server)
    return tally("ingest", kills, ledger.acknowledged, settled(server))


def import_killed(server: Server, rounds: int) -> Tally:
    """Killed while files are taken in; a new file waits whenever the last one was done."""
    server.prepare()
    wanted: set[str] = set()

    def file(prefix: str) -> None:
        server.script(UPLOAD, prefix, str(UPLOADED))
        wanted.update(f"{prefix}-{n}" for n in range(UPLOADED))

    def underway() -> bool:
        found = server.script(LEFT)["runs"] > 0
        if not found:
            file(f"u{len(wanted)}")
        return found

    file("u")
    server.start()
    kills = killed_while(server, rounds, (0.0, 0.6), lambda number: None, underway)
    return tally("import", kills, wanted, settled(server))


def reading_killed(server: Server, rounds: int) -> Tally:
    """Killed while what was acknowledged is being read."""
    server.prepare()
    server.start()
    wanted: set[str] = set()

    def post(number: int) -> None:
        ids = [f"r{number}-{at}" for at in range(POSTED)]
        connection = server.connection()
        assert server.post(connection, "/api/v1/feedback/batch", [{"external_id": one, "text": WORDS.format(one)} for one in ids])[0] == 200
        connection.close()
        wanted.update(ids)

    kills = killed_while(server, rounds, (0.0, 2.0), post, lambda: server.script(LEFT)["new"] > 0)
    return tally("reading", kills, wanted, settled(server))
