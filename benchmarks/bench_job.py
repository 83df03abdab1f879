"""The whole job on simulated rows: rows/s and peak memory, each size in a process of its own. `make bench`.

The physical limit beside it: the same file read once by the csv module and nothing else.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from huiyin.simulate import write_csv


def one_run(path: Path, out: Path) -> dict[str, object]:
    """The job pinned to one core, in a fresh process."""
    code = (
        "import json, resource, sys, time\n"
        "from huiyin.analyze import analyze\n"
        "start = time.perf_counter()\n"
        "result = analyze([sys.argv[1]], sys.argv[2])\n"
        "print(json.dumps({'seconds': time.perf_counter() - start, 'rows': result.run['rows']['read'], 'steps': result.run['seconds'],\n"
        "  'peak_mb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))\n"
    )
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}
    core = sorted(os.sched_getaffinity(0))[-1]
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), str(out)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    return dict(json.loads(done.stdout))


def read_only(path: Path) -> float:
    start = time.perf_counter()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for _ in csv.reader(file):
            pass
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    options = parser.parse_args()
    print(f"{'rows':>9} {'chars':>6} {'seconds':>8} {'rows/s':>8} {'peak MB':>8} {'x csv':>7}  steps")
    with tempfile.TemporaryDirectory() as folder:
        for rows in options.rows:
            path = Path(folder) / f"{rows}.csv"
            write_csv(path, rows=rows)
            with path.open(encoding="utf-8-sig", newline="") as file:
                lengths = [len(row["内容"]) for _, row in zip(range(5000), csv.DictReader(file), strict=False)]
            plain = read_only(path)
            found = one_run(path, Path(folder) / f"out-{rows}")
            seconds = float(str(found["seconds"]))
            print(
                f"{rows:>9,} {sum(lengths) / len(lengths):>6.1f} {seconds:>8.1f} {rows / seconds:>8,.0f} "
                f"{float(str(found['peak_mb'])):>8.0f} {seconds / plain:>7.1f}  {found['steps']}",
                flush=True,
            )


if __name__ == "__main__":
    main()
