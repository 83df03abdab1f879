"""Are the statistics honest? Detection, false alarms, coverage of intervals and verdicts over simulated worlds. `make bench-insight`.

Each module beside this file in `insight/` measures one room of `huiyin.insight` on worlds with planted truths.
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
from pathlib import Path

ROOMS = ("problems", "decomposition", "metrics", "drivers", "surveillance", "effects", "comparing", "integrity")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", choices=ROOMS, default=ROOMS)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = {}
    for room in options.only:
        start = time.perf_counter()
        found[room] = importlib.import_module(f"insight.{room}").measure(options.worlds, options.seed)
        print(f"\n== {room} ({time.perf_counter() - start:.0f} s)")
        print(json.dumps(found[room], ensure_ascii=False, indent=2, default=str), flush=True)
        if options.json:
            options.json.write_text(json.dumps(found, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
