"""Rows of the data sets that models are built from and judged on: gzipped CSV files in a folder that is not part of the project."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path


def rows(data: Path, name: str) -> Iterator[dict[str, str]]:
    """The rows of `data`/`name`.csv.gz."""
    csv.field_size_limit(2**31 - 1)
    with gzip.open(data / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
