"""Are the statistics honest? Detection, false alarms, coverage of intervals and verdicts over simulated worlds.

Each module beside this file in `insight/` measures one room of `huiyin.insight` on worlds with planted truths. `--quick` draws ten worlds and
shows only that every room still runs: ten worlds say nothing about a coverage. The figures stand in docs/reference/insight/quality.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
from pathlib import Path

ROOMS = ("problems", "decomposition", "metrics", "drivers", "surveillance", "effects", "comparing", "integrity")
QUICK = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} worlds, for a smoke test")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", choices=ROOMS, default=ROOMS)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    worlds = QUICK if options.quick else options.worlds
    found = {}
    began = time.perf_counter()
    for room in options.only:
        start = time.perf_counter()
        found[room] = importlib.import_module(f"insight.{room}").measure(worlds, options.seed)
        found[room]["seconds"] = round(time.perf_counter() - start, 1)
        print(f"\n== {room}: {found[room]['seconds']} s")
        print(json.dumps(found[room], ensure_ascii=False, indent=2, default=str), flush=True)
        if options.json:
            options.json.write_text(json.dumps(found, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
    print(f"\n{worlds} worlds from seed {options.seed}: {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
