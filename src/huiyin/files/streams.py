"""Opening bytes: plain, gzip, zip members, standard input; with limits on what they expand to."""

import gzip
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from huiyin.files import errors
from huiyin.files.options import Limits

BLOCK = 1 << 18
ARCHIVE_FAULTS = (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


@dataclass(slots=True)
class Handle:
    """An open file: its bytes, and how far in the file on disk the reading has come."""

    stream: BinaryIO
    position: Callable[[], int]
    close: Callable[[], None]


class GuardedStream(io.RawIOBase):
    """Bytes coming out of an archive, counted against its limits as they come."""

    def __init__(self, inner: IO[bytes] | gzip.GzipFile, name: str, packed_bytes: int, limits: Limits) -> None:
        self._inner = inner
        self._name = name
        self._packed = max(packed_bytes, 1)
        self._limits = limits
        self._count = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read into a buffer, counting."""
        view = memoryview(cast(bytearray, buffer))
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Read, counting what comes out against the limits."""
        try:
            data = self._inner.read(BLOCK if size is None or size < 0 else size)
        except ARCHIVE_FAULTS as error:
            raise errors.broken_archive(self._name, error) from error
        self._count += len(data)
        check_expansion(self._name, self._count, self._packed, self._limits)
        return data

    @property
    def count(self) -> int:
        """Bytes that have come out."""
        return self._count


def check_expansion(name: str, expanded: int, packed: int, limits: Limits) -> None:
    """Refuse an archive that expands beyond the limits."""
    if expanded > limits.uncompressed_bytes:
        raise errors.zip_bomb(name, f"> {limits.uncompressed_bytes:,} bytes")
    if expanded > limits.ratio_after_bytes and expanded > limits.ratio * max(packed, 1):
        raise errors.zip_bomb(name, f"> {limits.ratio:g} : 1")


def open_plain(path: Path, name: str) -> Handle:
    """Open a file as it is."""
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise errors.missing_file(name) from error
    except IsADirectoryError as error:
        raise errors.is_directory(name) from error
    except OSError as error:
        raise errors.unreadable(name, error.strerror or error) from error
    return Handle(file, file.tell, file.close)


def open_gzip(path: Path, name: str, limits: Limits) -> Handle:
    """Open a gzip file, unpacking as it is read."""
    outer = open_plain(path, name)
    inner = gzip.GzipFile(fileobj=outer.stream, mode="rb")
    guarded = GuardedStream(inner, name, path.stat().st_size, limits)

    def close() -> None:
        inner.close()
        outer.close()

    return Handle(cast(BinaryIO, guarded), outer.position, close)


def open_zip_member(path: Path, member: str, name: str, limits: Limits) -> Handle:
    """A member's bytes; a member that is itself gzip is unpacked too."""
    try:
        archive = zipfile.ZipFile(path)
        info = archive.getinfo(member)
        packed = archive.open(info)
    except ARCHIVE_FAULTS as error:
        raise errors.broken_archive(name, error) from error
    except RuntimeError as error:
        raise errors.encrypted(name) from error
    guarded = GuardedStream(packed, name, info.compress_size, limits)
    size = max(info.file_size, 1)

    def position() -> int:
        return int(min(guarded.count / size, 1.0) * info.compress_size)

    def close() -> None:
        packed.close()
        archive.close()

    if not member.lower().endswith(".gz"):
        return Handle(cast(BinaryIO, guarded), position, close)
    unpacked = gzip.GzipFile(fileobj=guarded, mode="rb")
    twice = GuardedStream(unpacked, name, info.compress_size, limits)
    return Handle(cast(BinaryIO, twice), position, close)


def spool(stream: IO[bytes], folder: Path) -> Path:
    """Copy a stream that cannot be rewound to a file in a temporary folder of the caller's.

    Standard input is read twice (once to find out what it is), and Parquet and XLSX need to
    jump about in the file; on disk that costs no memory.
    """
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
        shutil.copyfileobj(stream, target, BLOCK)
        return Path(target.name)
