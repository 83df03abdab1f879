"""Small tables kept by name and day, such as yesterday's ranks, as bytes of Arrow's own format."""

from __future__ import annotations

import pyarrow as pa


def packed(rows: pa.Table) -> bytes:
    """A table as bytes."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(rows)
    return bytes(sink.getvalue())


def unpacked(content: bytes) -> pa.Table:
    """The table of `packed`.

    >>> unpacked(packed(pa.table({"rank": [1, 2]})))["rank"].to_pylist()
    [1, 2]
    """
    with pa.ipc.open_stream(content) as reader:
        return reader.read_all()
