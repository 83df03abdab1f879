"""The same questions put to PostgreSQL and SQLite, with the indexes a careful hand would give them. Both are kept to the columns asked for."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
from benchmarks.facts import generator
from benchmarks.facts.questions import BOARD, PAGES
from benchmarks.facts.timing import Timing, measured

from huiyin.facts import DuckDBFacts
from huiyin.facts.latest import latest_voices
from huiyin.facts.views import with_views

Ask = Callable[[str, list[object]], object]
_FEEDBACK = "feedback_id, occurred_at, product, region, segment, metric, score, text, unit, day, counted"
_MENTION = "feedback_id, mention_no, aspect, polarity, opinion, intensity, product, region, segment, unit, day, counted, version"
_TYPES = {
    "feedback": "feedback_id text, occurred_at timestamptz, product text, region text, segment text, metric text, score double precision, "
    "text text, unit bigint, day date, counted boolean",
    "mention": "feedback_id text, mention_no int, aspect text, polarity smallint, opinion text, intensity double precision, product text, "
    "region text, segment text, unit bigint, day date, counted boolean, version text",
}
_INDEXES = (
    "CREATE INDEX feedback_newest ON feedback (occurred_at DESC, feedback_id)",
    "CREATE INDEX feedback_by_id ON feedback (feedback_id)",
    "CREATE INDEX mention_by_day ON mention (day)",
    "CREATE INDEX mention_by_product ON mention (product, day)",
    "CREATE INDEX mention_by_aspect ON mention (aspect, polarity)",
    "CREATE INDEX mention_by_feedback ON mention (feedback_id)",
)
_PAGE = "SELECT feedback_id, occurred_at, product, region, segment, score, text FROM voice ORDER BY occurred_at DESC, feedback_id LIMIT 50"


def compared(folder: Path, feedback: int, rounds: int) -> dict[str, object]:
    """Every question on DuckDB's file, PostgreSQL and SQLite, at one size."""
    path = folder / "alternatives.duckdb"
    with DuckDBFacts(path) as facts:
        for batch in generator.batches(feedback):
            facts.append(*batch)
    for name, columns in (("feedback", _FEEDBACK), ("mention", _MENTION)):
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(f"COPY (SELECT {columns} FROM {name}) TO '{folder / name}.csv' (FORMAT csv, HEADER false)")
    found: dict[str, dict[str, Timing]] = {}
    with DuckDBFacts(path) as facts:
        calls: dict[str, dict[str, Callable[[], object]]] = {
            name: {"file": lambda sql=sql, values=values, where=where: facts.query(sql, values, where=where)}
            for name, (sql, values, where) in BOARD.items()
        } | {name: {"file": lambda where=where: latest_voices(facts, where)} for name, where in PAGES.items()}
        with _sqlite(folder) as sqlite, _Postgres(folder) as postgres:
            for name, (sql, values, where) in {**BOARD, **{name: (_PAGE, (), where) for name, where in PAGES.items()}}.items():
                text, given = with_views(sql, where, "initial")
                for engine, ask in (("sqlite", sqlite.ask), ("postgres", postgres.ask)):
                    calls[name][engine] = lambda ask=ask, text=text, given=given, values=values: ask(text, [*given, *values])
            for name, one in calls.items():
                found[name] = measured(one, rounds)
    _printed(feedback, found)
    return {"questions": found}


def _printed(feedback: int, found: dict[str, dict[str, Timing]]) -> None:
    print(f"\n{feedback:,} feedback, median ms by the clock\n{'':<40} {'DuckDB':>9} {'SQLite':>9} {'PostgreSQL':>11}")
    for name, one in found.items():
        print(f"{name:<40} {one['file'].median * 1000:>9.1f} {one['sqlite'].median * 1000:>9.1f} {one['postgres'].median * 1000:>11.1f}", flush=True)


class _Spread:
    """SQLite has no standard deviation."""

    def __init__(self) -> None:
        self.values: list[float] = []

    def step(self, value: float) -> None:
        self.values.append(value)

    def finalize(self) -> float | None:
        return statistics.stdev(self.values) if len(self.values) > 1 else None


class _sqlite:  # noqa: N801
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._connection = sqlite3.connect(folder / "alternatives.sqlite")
        self._connection.create_aggregate("stddev_samp", 1, _Spread)

    def __enter__(self) -> _sqlite:
        import csv

        for name, columns in _TYPES.items():
            self._connection.execute(f"CREATE TABLE {name} ({columns})")
            with open(self._folder / f"{name}.csv", encoding="utf-8", newline="") as file:
                rows = (
                    [None if value == "" else value == "true" if value in ("true", "false") else value for value in row] for row in csv.reader(file)
                )
                self._connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' for _ in columns.split(', '))})", rows)
        for statement in (*_INDEXES, "ANALYZE"):
            self._connection.execute(statement)
        self._connection.commit()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, sql: str, values: list[object]) -> object:
        sql = re.sub(r", CAST\(date_trunc\('week', day\) AS DATE\) AS week", "", sql).replace("CAST(? AS DATE)", "?")
        sql = sql.replace("starts_with(aspect, ?)", "aspect GLOB ? || '*'").replace("contains(text, ?)", "instr(text, ?) > 0")
        sql = sql.replace("AS DOUBLE)", "AS REAL)")
        return self._connection.execute(sql, [str(one) if isinstance(one, date) else one for one in values]).fetchall()


class _Postgres:
    """A cluster of our own in a folder, on a socket alone, stopped at the end."""

    def __init__(self, folder: Path) -> None:
        self._source, self._data = folder, Path(tempfile.mkdtemp(prefix="huiyin-bench-"))

    def __enter__(self) -> _Postgres:
        import psycopg

        self._as = {}
        if os.getuid() == 0:
            # PostgreSQL refuses to run as root.
            os.chown(self._data, 65534, 65534)
            self._as = {"user": 65534, "group": 65534}
        cluster, quiet = self._data / "cluster", {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([_program("initdb"), "-D", cluster, "-U", "bench", "-A", "trust", "--no-sync"], check=True, **quiet, **self._as)
        options = (
            f"-k {self._data} -c listen_addresses= -c shared_buffers=1GB -c work_mem=256MB -c effective_cache_size=4GB -c max_wal_size=8GB -c jit=off"
        )
        subprocess.run([_program("pg_ctl"), "-D", cluster, "-w", "-o", options, "-l", self._data / "log", "start"], check=True, **quiet, **self._as)
        self._connection = psycopg.connect(host=str(self._data), user="bench", dbname="postgres", autocommit=True)
        for name, columns in _TYPES.items():
            self._connection.execute(f"CREATE TABLE {name} ({columns})")
            with self._connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy, open(self._source / f"{name}.csv", "rb") as file:
                while block := file.read(1 << 20):
                    copy.write(block)
        for statement in (*_INDEXES, "VACUUM ANALYZE"):
            self._connection.execute(statement)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        subprocess.run(
            [_program("pg_ctl"), "-D", self._data / "cluster", "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL, **self._as
        )
        shutil.rmtree(self._data, ignore_errors=True)

    def ask(self, sql: str, values: list[object]) -> object:
        sql = sql.replace("contains(text, ?)", "strpos(text, ?) > 0").replace("AS DOUBLE)", "AS DOUBLE PRECISION)")
        return self._connection.execute(sql.replace("%", "%%").replace("?", "%s"), values).fetchall()


def _program(name: str) -> str:
    found = shutil.which(name) or next((str(one) for one in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None)
    if not found:
        raise SystemExit(f"{name} is not installed")
    return found
