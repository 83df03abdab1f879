"""The facts store under a board's questions, against DuckDB in memory in the same run. `--help` for sizes.

Aims: a question ≤ 2 × memory and ≤ 250 ms, a page of voices ≤ 60 ms, 1 M rows appended in ≤ 20 s, 10,000 feedback replaced and a customer
erased in ≤ 1 s each, 30 M mentions within 3.5 × of 9 M. Two numbers say what the machine did meanwhile: CPU seconds beside the clock.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.facts import alternatives, generator  # noqa: E402
from benchmarks.facts.questions import BOARD, PAGES  # noqa: E402
from benchmarks.facts.timing import Timing, measured, once  # noqa: E402

from huiyin.facts import DuckDBFacts, Facts  # noqa: E402
from huiyin.facts.latest import latest_voices  # noqa: E402

Report = dict[str, object]


def questions(facts: Facts) -> dict[str, Callable[[], object]]:
    """Each board question and page as a call."""
    asked: dict[str, Callable[[], object]] = {
        name: (lambda sql=sql, values=values, where=where: facts.query(sql, values, where=where)) for name, (sql, values, where) in BOARD.items()
    }
    return asked | {name: (lambda where=where: latest_voices(facts, where)) for name, where in PAGES.items()}


def filled(path: Path, feedback: int) -> DuckDBFacts:
    """A store of so many feedback, appended as they would come and then put in order as the nightly job does."""
    facts = DuckDBFacts(path)
    start, cpu = time.perf_counter(), time.process_time()
    for batch in generator.batches(feedback):
        facts.append(*batch)
    print(f"{feedback:,} feedback made and appended: {time.perf_counter() - start:.1f} s, CPU {time.process_time() - cpu:.1f} s", flush=True)
    return facts


def in_memory(path: Path) -> DuckDBFacts:
    """The same rows in memory; `path` must not be open."""
    facts = DuckDBFacts()
    root = facts._database.root()
    root.execute(f"ATTACH '{path}' AS kept (READ_ONLY)")
    for name in ("feedback", "mention"):
        root.execute(f"INSERT INTO {name} SELECT * FROM kept.{name}")
    root.execute("DETACH kept")
    return facts


def side_by_side(file: Facts, memory: Facts | None, rounds: int) -> dict[str, dict[str, Timing]]:
    """Both stores asked in turn, so that what else the machine does falls on both."""
    found: dict[str, dict[str, Timing]] = {}
    beside = questions(memory) if memory is not None else {}
    for name, ask in questions(file).items():
        calls = {"file": ask} | ({"memory": beside[name]} if beside else {})
        found[name] = measured(calls, rounds)
    return found


def writes(facts: DuckDBFacts, path: Path, feedback: int) -> Report:
    """What changing the store costs at its full size."""
    part = generator.batch(feedback // 2, 10_000, feedback)
    report: Report = {
        "replace 10,000 feedback": once(lambda: facts.replace(*part)),
        "replace 1 feedback": once(lambda: facts.replace(part[0].slice(0, 1), part[1].filter(_of_first(part)))),
        "erase a customer": once(lambda: facts.erase_customer("c123")),
        "backup, compared": once(lambda: facts.backup(path.with_name("backup.duckdb"))),
        "vacuum": once(facts.vacuum),
        "remember 1,000 rows": once(lambda: facts.remember("ranks", generator.LAST_DAY, part[0].slice(0, 1000).select(["feedback_id"]))),
    }
    path.with_name("backup.duckdb").unlink()
    return report


def _of_first(part):  # type: ignore[no-untyped-def]
    import pyarrow.compute as pc

    return pc.equal(part[1]["feedback_id"], part[0]["feedback_id"][0])


def bulk(folder: Path, rows: int) -> Timing:
    """So many feedback with their mentions appended to an empty file; making them is not counted."""
    facts = DuckDBFacts(folder / "bulk.duckdb")
    seconds = [0.0, 0.0]
    for batch in generator.batches(rows):
        took = once(lambda: facts.append(*batch))
        seconds[0], seconds[1] = seconds[0] + took.median, seconds[1] + took.cpu
    facts.close()
    (folder / "bulk.duckdb").unlink()
    return Timing(seconds[0], seconds[0], seconds[1])


def table(title: str, found: dict[str, dict[str, Timing]]) -> None:
    print(f"\n{title}\n{'':<40} {'median':>8} {'p95':>8} {'CPU':>8} {'memory':>8} {'p95':>8} {'CPU':>8} {'ratio':>6}  ms")
    for name, one in found.items():
        cells = "".join(f" {value * 1000:>8.1f}" for kind in one.values() for value in (kind.median, kind.p95, kind.cpu))
        ratio = f" {one['file'].median / one['memory'].median:>6.2f}" if "memory" in one else ""
        print(f"{name:<40}{cells}{ratio}", flush=True)


def lines(found: Report) -> None:
    print()
    for name, one in found.items():
        if isinstance(one, Timing):
            print(f"{name:<40} {one.median:>8.3f} s, CPU {one.cpu:.3f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feedback", type=int, default=3_000_000, help="three mentions to each")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--quick", action="store_true", help="60,000 feedback, 5 rounds: for CI")
    parser.add_argument("--large", action="store_true", help="also three and a third times the feedback, without the copy in memory")
    parser.add_argument("--growth", action="store_true", help="also 1 M, 3 M, 9 M and 30 M mentions")
    parser.add_argument("--alternatives", type=int, nargs="?", const=200_000, help="also PostgreSQL and SQLite, with so many feedback")
    parser.add_argument("--folder", type=Path, help="where to put the stores; a temporary folder otherwise")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    feedback, rounds = (60_000, 5) if options.quick else (options.feedback, options.rounds)
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        report: Report = {"feedback": feedback, "one size": one_size(folder, feedback, rounds, compared=True)}
        if options.large or options.growth:
            sizes = (333_333, 1_000_000, 3_000_000, 10_000_000) if options.growth else (feedback * 10 // 3,)
            report["sizes"] = {size: one_size(folder, size, rounds, compared=False) for size in sizes}
        if options.alternatives:
            report["alternatives"] = {"feedback": options.alternatives, **alternatives.compared(folder, options.alternatives, min(rounds, 5))}
    if options.json:
        options.json.write_text(json.dumps(report, ensure_ascii=False, indent=1, default=lambda one: vars(one)), encoding="utf-8")


def one_size(folder: Path, feedback: int, rounds: int, compared: bool) -> Report:
    """Everything at one size."""
    path = folder / f"facts-{feedback}.duckdb"
    filled(path, feedback).close()
    memory = in_memory(path) if compared else None
    facts = DuckDBFacts(path)
    mentions = facts.query("SELECT count(*) AS n FROM mention")["n"][0].as_py()
    report: Report = {"mentions": mentions, "file MB": path.stat().st_size / 1e6}
    print(f"{feedback:,} feedback, {mentions:,} mentions, {path.stat().st_size / 1e6:,.0f} MB")
    asked = side_by_side(facts, memory, rounds)
    table(f"{mentions:,} mentions", asked)
    report["questions"] = asked
    if memory is not None:
        memory.close()
        changed = writes(facts, path, feedback)
        changed[f"append {min(feedback, 1_000_000):,} feedback"] = bulk(folder, min(feedback, 1_000_000))
        lines(changed)
        report["writes"] = changed
    facts.close()
    path.unlink()
    return report


if __name__ == "__main__":
    main()
