"""The process that is killed: it does one kind of work for ever and says through a pipe what is acknowledged.

Each word is sent only after the call returned. It is forked from a process that has imported everything and opened nothing, so that
it works within milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pyarrow as pa
from tests.facts import world

from huiyin.facts import DuckDBFacts

ROWS = 40
Say = Callable[[str], None]


def append(path: Path, seed: int, said: Say) -> None:
    with DuckDBFacts(path) as facts:
        said("ready")
        for number in range(10_000):
            facts.append(*world.batch(ROWS, seed=number % 7, prefix=f"s{seed}n{number}-"))
            said(str(number))


def replace(path: Path, seed: int, said: Say) -> None:
    with DuckDBFacts(path) as facts:
        said("ready")
        for number in range(10_000):
            facts.replace(*stamped(number))
            said(str(number))


def erase(path: Path, seed: int, said: Say) -> None:
    with DuckDBFacts(path) as facts:
        customers = facts.query("SELECT DISTINCT customer_id FROM feedback WHERE customer_id IS NOT NULL ORDER BY 1")["customer_id"].to_pylist()
        said("ready")
        for customer in customers:
            facts.erase_customer(customer)
            said(customer)


def backup(path: Path, seed: int, said: Say) -> None:
    with DuckDBFacts(path) as facts:
        said("ready")
        for number in range(10_000):
            facts.replace(*stamped(number))
            facts.backup(path.with_name("backup.duckdb"))
            said(str(number))


def vacuum(path: Path, seed: int, said: Say) -> None:
    with DuckDBFacts(path) as facts:
        said("ready")
        for number in range(10_000):
            facts.replace(*stamped(number))
            facts.vacuum()
            said(str(number))


def rebuild(path: Path, seed: int, said: Say) -> None:
    with DuckDBFacts(path) as facts:
        said("ready")
        for number in range(10_000):
            facts.rebuild([stamped(number)])
            said(str(number))


def migrate(path: Path, seed: int, said: Say) -> None:
    said("ready")
    with DuckDBFacts(path):
        said("0")


def stamped(number: int | str) -> tuple[pa.Table, pa.Table]:
    """The same feedback, with its number in every row of both tables."""
    feedback, mentions = world.batch(ROWS * 5)
    feedback = feedback.set_column(feedback.column_names.index("product"), "product", pa.array([f"P{number}"] * feedback.num_rows))
    return feedback, mentions.set_column(mentions.column_names.index("target"), "target", pa.array([f"P{number}"] * mentions.num_rows))


def clickhouse(path: Path, seed: int, said: Say) -> None:
    """Replaces for ever; first makes whole what a killed one left, by doing it again as its caller would."""
    from huiyin.facts import open_facts

    facts = open_facts(f"chdb://{path}")
    last = path.with_suffix(".last")
    number = int(last.read_text()) if last.exists() else 0
    facts.replace(*stamped(number))
    counts = [facts.query(f"SELECT count(*) AS n FROM {table}")["n"][0].as_py() for table in ("feedback", "mention")]
    stamps = {*facts.query("SELECT DISTINCT product FROM feedback")["product"].to_pylist()}
    said("ready")
    said(f"{counts[0]} {counts[1]} {stamps == {f'P{number}'}}")
    for following in range(number + 1, 10_000):
        last.write_text(str(following))
        facts.replace(*stamped(following))


WORKS = {one.__name__: one for one in (append, replace, erase, backup, vacuum, rebuild, migrate, clickhouse)}


def run(path: str, work: str, seed: int, acknowledged: Connection) -> None:
    """The whole life of the child."""
    WORKS[work](Path(path), seed, acknowledged.send)
