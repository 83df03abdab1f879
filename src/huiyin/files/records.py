"""What the readers pass on: raw chunks inside the package, batches and rejects to callers."""

from dataclasses import dataclass, field

import pyarrow as pa

RAW_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that was not taken, and why.

    `row` is the record number in the file, the first record (a header, where there is one)
    being 1; a cell with line breaks in it does not make its record count twice.
    """

    file: str
    row: int
    code: str
    column: str
    detail: str
    raw: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file and why it was given its role."""

    name: str
    index: int
    """Its place in the file, the first column being 1."""
    why: str
    why_en: str = ""


@dataclass(slots=True)
class FileWarning:
    """Something odd about rows that were kept: how many, and the first few (row, value)."""

    file: str
    code: str
    column: str
    count: int = 0
    examples: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class SourceInfo:
    """How one file is going to be read, for a person to check before it is."""

    path: str
    name: str
    format: str
    size_bytes: int
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    columns: list[str] = field(default_factory=list)
    mapping: dict[str, Column] = field(default_factory=dict)
    samples: dict[str, list[str]] = field(default_factory=dict)
    """The first three values of each column."""
    scale: str | None = None
    """How the rating column is read, for example "csat 5"."""
    estimated_rows: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one file, ready for the pipeline."""

    records: pa.RecordBatch
    rejects: list[Reject]
    bytes_read: int


@dataclass(slots=True)
class RawReject:
    """A row its reader could not make out; the file name is added later."""

    row: int
    code: str
    column: str
    detail: str
    raw: str


@dataclass(slots=True)
class Chunk:
    """Rows as a reader found them: every column as strings, nulls where nothing stood.

    `rows` are record numbers in the file; `ordinals` count data rows from 0, rejected ones
    included, so that the id made from one never depends on what else was rejected.
    """

    columns: list[pa.Array]
    rows: list[int]
    ordinals: list[int]
    rejects: list[RawReject]
    bytes_read: int
