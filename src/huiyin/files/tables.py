"""Any table in any of the formats, columns as they are: for data that is no feedback, such as orders."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from huiyin.files.feedback_files import first_rows, reader_of
from huiyin.files.formats import locate
from huiyin.files.options import Limits, ReadOptions
from huiyin.files.records import Chunk


@dataclass(frozen=True, slots=True)
class PlainTable:
    """One table of a file: its columns, the first rows of each, its rows in chunks of strings."""

    name: str
    columns: list[str]
    samples: list[list[str | None]]
    """Of each column, up to 2,000 values."""
    estimated_rows: int | None
    _chunks: Callable[[int], Iterator[Chunk]]

    def chunks(self, rows: int = 20_000) -> Iterator[Chunk]:
        """All rows; may be asked for again."""
        yield from self._chunks(rows)


class PlainTables:
    """The tables of a file, or of an archive; close it, or use `with`: closing removes temporary copies.

    Raises (on opening):
        FilesError: the file cannot be read as a whole; it says why and what to do.
    """

    def __init__(self, path: Path, options: ReadOptions | None = None, limits: Limits | None = None) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="huiyin-"))
        bounds, chosen = limits or Limits(), options or ReadOptions()
        try:
            self.tables = []
            for located in locate(path, path.name, bounds):
                reader = reader_of(located, chosen, bounds, self._folder)
                samples = [column.to_pylist() for column in first_rows(reader, located.name).columns]
                self.tables.append(PlainTable(located.name, list(reader.columns), samples, reader.estimate_rows(), reader.chunks))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Remove temporary copies."""
        shutil.rmtree(self._folder, ignore_errors=True)
