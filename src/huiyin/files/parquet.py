"""Parquet files, batch by batch, every column brought to text so that one path reads them all."""

import json
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from huiyin.files import errors
from huiyin.files.formats import Located
from huiyin.files.header import column_names
from huiyin.files.records import Chunk


class ParquetReader:
    """One Parquet file. Rows are numbered from 1, there being no header row."""

    format = "parquet"
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None

    def __init__(self, located: Located) -> None:
        self._located = located
        try:
            with pq.ParquetFile(located.path) as file:
                self._rows = int(file.metadata.num_rows)
                self.columns = column_names(file.schema_arrow.names)
        except (pa.ArrowException, OSError) as error:
            raise errors.no_reading(located.name, error) from error

    def estimate_rows(self) -> int | None:
        """As the file itself says."""
        return self._rows

    def chunks(self, rows_per_chunk: int) -> Iterator[Chunk]:
        """The rows, from the start, chunk by chunk."""
        start = 0
        try:
            with pq.ParquetFile(self._located.path) as file:
                for batch in file.iter_batches(batch_size=rows_per_chunk):
                    end = start + batch.num_rows
                    read = int(end / max(self._rows, 1) * self._located.size_bytes)
                    columns = [as_text(column) for column in batch.columns]
                    numbers = list(range(start + 1, end + 1))
                    yield Chunk(columns, numbers, list(range(start, end)), [], read)
                    start = end
        except (pa.ArrowException, OSError) as error:
            raise errors.no_reading(self._located.name, error) from error


def as_text(column: pa.Array) -> pa.Array:
    """A column of any type as strings; times with a zone end in Z, nested values are JSON."""
    kind = column.type
    if pa.types.is_nested(kind):
        values = [None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in column.to_pylist()]
        return pa.array(values, pa.string())
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("us", tz=kind.tz and "UTC"), safe=False).cast(pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        values = [None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()]
        return pa.array(values, pa.string())
    return column.cast(pa.string())
