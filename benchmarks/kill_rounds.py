"""`kill -9` in five kinds of work, and whether the facts still hold every acknowledged record exactly once.

    python benchmarks/kill_rounds.py [--rounds 30] [--only import] [--database postgres://…]

`--rounds` is how many kills in all, shared evenly among the kinds; a kill counts when the dead server's database says that the work was under
way. Every kind has a server and a data folder of its own; with `--database` (an empty PostgreSQL database) the state lies there, and its
tables are emptied between the kinds. The exit code is 1 if anything was lost or doubled. The functions are those of the tests.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.server_collect.killing import Tally, import_killed, ingest_killed, reading_killed
from tests.server_collect.running import Server
from tests.server_learning.killing import learning_killed

EMPTY = """
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DROP SCHEMA public CASCADE")
    cursor.execute("CREATE SCHEMA public")
print("true")
"""


def learning(server: Server, rounds: int) -> list[Tally]:
    """Retraining, of which every third kill falls while the candidate is taken into use; and re-reading."""
    accepted = rounds // 3
    return learning_killed(server, {"train": rounds - accepted, "accept": accepted, "reread": rounds})


KINDS: dict[str, Callable[[Server, int], Tally | list[Tally]]] = {
    "import": import_killed,
    "ingest": ingest_killed,
    "reading": reading_killed,
    "learning": learning,
}


def main() -> int:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only", choices=list(KINDS), help="this kind alone; `learning` is retraining and re-reading")
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    each = max(1, given.rounds // 5)
    kinds = [KINDS[given.only]] if given.only else list(KINDS.values())
    found: list[Tally] = []
    print("| kind | rounds | acknowledged | lost | doubled |\n| --- | --- | --- | --- | --- |", flush=True)
    begun = time.monotonic()
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            server = Server(Path(folder), given.database)
            if given.database:
                server.script(EMPTY)
            try:
                made = kind(server, each)
            finally:
                if server.process and server.process.poll() is None:
                    server.kill()
        for one in made if isinstance(made, list) else [made]:
            print(f"| {one.kind} | {one.rounds} | {one.acknowledged} | {one.lost} | {one.doubled} |", flush=True)
            found.append(one)
    print(f"{sum(one.rounds for one in found)} kills, {time.monotonic() - begun:.0f} s")
    return int(any(one.lost or one.doubled for one in found))


if __name__ == "__main__":
    raise SystemExit(main())
