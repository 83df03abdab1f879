"""Opening feedback files: what they are, how they will be read, and their rows in batches."""

import shutil
import sys
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

import pyarrow as pa

from huiyin.files import errors
from huiyin.files.dates import DateReading, find_reading
from huiyin.files.delimited import DelimitedReader
from huiyin.files.formats import SEEKING, Located, find_format, locate
from huiyin.files.intake import Intake
from huiyin.files.json_records import JsonReader
from huiyin.files.mapping import map_columns
from huiyin.files.options import Limits, ReadOptions
from huiyin.files.parquet import ParquetReader
from huiyin.files.records import Batch, Chunk, FileWarning, SourceInfo
from huiyin.files.scores import Scale, find_scale
from huiyin.files.spreadsheet import SpreadsheetReader
from huiyin.files.streams import spool

SAMPLE_ROWS = 2000
_SAMPLE_CHARS = 4000
STDIN = "-"


class _Reader(Protocol):
    """What every format gives: its columns, and its rows in chunks."""

    columns: list[str]

    @property
    def format(self) -> str: ...
    @property
    def encoding(self) -> str | None: ...
    @property
    def delimiter(self) -> str | None: ...
    @property
    def sheet(self) -> str | None: ...
    def estimate_rows(self) -> int | None: ...
    def chunks(self, rows_per_chunk: int) -> Iterator[Chunk]: ...


@dataclass(slots=True)
class _Source:
    info: SourceInfo
    reader: _Reader
    dates: DateReading
    scale: Scale | None


class FeedbackFiles:
    """Files that have been looked at and are ready to be read; close it, or use `with`.

    Closing removes temporary copies, which standard input and workbooks inside archives need.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        options: ReadOptions,
        limits: Limits,
        stdin: BinaryIO | None,
    ) -> None:
        options.check()
        self._options = options
        self._limits = limits
        self._folder = Path(tempfile.mkdtemp(prefix="huiyin-"))
        self._finish = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._intakes: list[Intake] = []
        try:
            located = [one for path in paths for one in self._locate(path, stdin)]
            self._sources = [self._look(one) for one in _distinct(located)]
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove temporary copies."""
        self._finish()

    @property
    def sources(self) -> list[SourceInfo]:
        """How each file is going to be read."""
        return [source.info for source in self._sources]

    @property
    def total_bytes(self) -> int:
        """The size of all files on disk."""
        return sum(source.info.size_bytes for source in self._sources)

    @property
    def estimated_rows(self) -> int | None:
        """Rows in all files together; None where one of them gives no clue."""
        known = [source.info.estimated_rows for source in self._sources]
        total = sum(rows for rows in known if rows is not None)
        if None in known:
            return None
        limit = self._options.limit
        return total if limit is None else min(total, limit)

    @property
    def warnings(self) -> list[FileWarning]:
        """What was odd about rows kept so far; complete once the batches have been read."""
        return [warning for intake in self._intakes for warning in intake.warnings.values()]

    def batches(self) -> Iterator[Batch]:
        """Every row that can be kept, and every one that cannot; may be called again."""
        self._intakes = []
        left = self._options.limit
        before = 0
        for source in self._sources:
            intake = self._intake(source)
            self._intakes.append(intake)
            for chunk in source.reader.chunks(self._options.batch_rows):
                records, rejects = intake.convert(chunk)
                if left is not None:
                    records = records.slice(0, left)
                    left -= records.num_rows
                yield Batch(records, rejects, before + chunk.bytes_read)
                if left == 0:
                    return
            before += source.info.size_bytes

    def _intake(self, source: _Source) -> Intake:
        prefix = f"{source.info.name}:" if len(self._sources) > 1 else ""
        channel = self._options.channel
        return Intake(source.info, source.dates, source.scale, channel, prefix, self._limits)

    def _locate(self, path: str | Path, stdin: BinaryIO | None) -> list[Located]:
        if str(path) == STDIN:
            copy = spool(stdin or sys.stdin.buffer, self._folder)
            return locate(copy, "stdin", self._limits)
        return locate(Path(path), Path(path).name, self._limits)

    def _look(self, located: Located) -> _Source:
        reader = reader_of(located, self._options, self._limits, self._folder)
        samples = [_sample(column) for column in first_rows(reader, located.name).columns]
        mapping = map_columns(reader.columns, samples, self._options, located.name)
        dates = DateReading(self._options.timezone)
        if "time" in mapping:
            dates = find_reading(samples[mapping["time"].index - 1], self._options.timezone)
        scale = None
        if "rating" in mapping:
            rating = mapping["rating"]
            scale = find_scale(rating.name, samples[rating.index - 1])
        info = SourceInfo(
            path=str(located.path),
            name=located.name,
            format=reader.format,
            size_bytes=located.size_bytes,
            encoding=reader.encoding,
            delimiter=reader.delimiter,
            sheet=reader.sheet,
            columns=reader.columns,
            mapping=mapping,
            samples=dict(zip(reader.columns, map(_first_values, samples), strict=True)),
            scale=f"{scale.metric} {scale.scale_max:g}" if scale else None,
            estimated_rows=reader.estimate_rows(),
        )
        return _Source(info, reader, dates, scale)


def reader_of(located: Located, options: ReadOptions, limits: Limits, folder: Path) -> _Reader:
    """The reader of a table; what has to be copied out of an archive goes into `folder`."""
    kind = find_format(located, limits, options.encoding)
    if located.container and kind in SEEKING:
        handle = located.open(limits)
        try:
            located = replace(located, path=spool(handle.stream, folder), container="")
        finally:
            handle.close()
    if kind in ("xlsx", "xls"):
        return SpreadsheetReader(located, kind, options, limits)
    if kind == "parquet":
        return ParquetReader(located)
    if kind in ("json_lines", "json_array"):
        return JsonReader(located, kind, options, limits)
    return DelimitedReader(located, options, limits)


def first_rows(reader: _Reader, file: str) -> Chunk:
    """The first chunk with a row in it; a file without one is refused."""
    reason = ""
    for chunk in reader.chunks(SAMPLE_ROWS):
        if chunk.rows:
            return chunk
        first = chunk.rejects[0]
        reason = reason or f"{first.code}: {first.detail}"
    raise errors.no_reading(file, reason) if reason else errors.header_only(file)


def _sample(column: pa.Array) -> list[str | None]:
    return [value and value[:_SAMPLE_CHARS] for value in column.to_pylist()]


def _first_values(sample: list[str | None]) -> list[str]:
    filled = (value.strip() for value in sample if value and value.strip())
    return [value[:100] for value, _ in zip(filled, range(3), strict=False)]


def _distinct(located: list[Located]) -> list[Located]:
    """Two files of the same name, from different folders, are told apart by folder or number."""
    seen: Counter[str] = Counter()
    named = []
    repeated = Counter(one.name for one in located)
    for one in located:
        name = one.name
        if repeated[name] > 1:
            name = f"{one.path.parent.name}/{name}"
        seen[name] += 1
        named.append(replace(one, name=name if seen[name] == 1 else f"{name}#{seen[name]}"))
    return named


def open_files(
    paths: Sequence[str | Path],
    options: ReadOptions | None = None,
    *,
    limits: Limits | None = None,
    stdin: BinaryIO | None = None,
) -> FeedbackFiles:
    """Look at feedback files and decide how to read them; `-` is standard input.

    Raises `FilesError` for whatever makes a file unusable as a whole. Rows that are unusable
    come out as rejects beside the batches.
    """
    return FeedbackFiles(paths, options or ReadOptions(), limits or Limits(), stdin)
