"""What kind of file is this: told by its content first, by its name only where content is silent."""

import gzip
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from huiyin.files import errors
from huiyin.files.encoding import decode_sample, find_encoding, looks_like_text
from huiyin.files.options import Limits
from huiyin.files.streams import (
    ARCHIVE_FAULTS,
    BLOCK,
    Handle,
    check_expansion,
    open_gzip,
    open_plain,
    open_zip_member,
)

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FOREIGN = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "RAR",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\xfd7zXZ": "xz",
    b"SQLite format 3": "SQLite",
}
SEEKING = ("xlsx", "xls", "parquet")
MEMBER_ENDINGS = (
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".jsonl",
    ".ndjson",
    ".json",
    ".parquet",
)


@dataclass(frozen=True, slots=True)
class Located:
    """One table on disk: a file, a gzip file, or one member of a zip."""

    path: Path
    name: str
    size_bytes: int
    container: str = ""
    member: str = ""
    expanded_bytes: int | None = None
    """What it comes to unpacked, as far as the container says."""

    def open(self, limits: Limits) -> Handle:
        """Open its bytes, unpacked."""
        if self.container == "zip":
            return open_zip_member(self.path, self.member, self.name, limits)
        if self.container == "gz":
            return open_gzip(self.path, self.name, limits)
        return open_plain(self.path, self.name)


def locate(path: Path, name: str, limits: Limits) -> list[Located]:
    """The tables in a file: itself, or every member of a known type if it is a zip."""
    if path.is_dir():
        raise errors.is_directory(name)
    handle = open_plain(path, name)
    head = handle.stream.read(8)
    handle.close()
    size = path.stat().st_size
    if size == 0:
        raise errors.empty_file(name)
    if head.startswith(b"\x1f\x8b"):
        return [Located(path, name, size, "gz", expanded_bytes=_gzip_size(path, size))]
    if head.startswith(b"PK"):
        return _zip_tables(path, name, size, limits)
    if name.lower().endswith((".gz", ".zip")):
        raise errors.broken_archive(name, "bad signature")
    return [Located(path, name, size, expanded_bytes=size)]


def _zip_tables(path: Path, name: str, size: int, limits: Limits) -> list[Located]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except ARCHIVE_FAULTS as error:
        raise errors.broken_archive(name, error) from error
    check_expansion(name, sum(info.file_size for info in members), size, limits)
    names = {info.filename for info in members}
    if "[Content_Types].xml" in names or "mimetype" in names:
        return [Located(path, name, size, expanded_bytes=size)]
    wanted = [info for info in members if _is_table(info.filename)]
    if not wanted:
        raise errors.unsupported_format(name, "no table inside")
    if any(info.flag_bits & 1 for info in wanted):
        raise errors.encrypted(name)
    return [_zip_table(path, name, info) for info in wanted]


def _zip_table(path: Path, name: str, info: zipfile.ZipInfo) -> Located:
    size = None if info.filename.lower().endswith(".gz") else info.file_size
    packed = info.compress_size
    return Located(path, f"{name}/{info.filename}", packed, "zip", info.filename, size)


def _gzip_size(path: Path, packed: int) -> int | None:
    """The unpacked size from the trailer, where only its last 32 bits stand."""
    with path.open("rb") as file:
        file.seek(-4, 2)
        size = int.from_bytes(file.read(4), "little")
    return size if size >= packed else None


def _is_table(member: str) -> bool:
    path = PurePosixPath(member)
    hidden = path.name.startswith(".") or "__MACOSX" in path.parts
    return not hidden and path.name.lower().removesuffix(".gz").endswith(MEMBER_ENDINGS)


def find_format(located: Located, limits: Limits, encoding: str | None) -> str:
    """csv, json_lines, json_array, xlsx, xls or parquet; anything else is refused."""
    handle = located.open(limits)
    try:
        head = handle.stream.read(BLOCK)
    except (gzip.BadGzipFile, EOFError) as error:
        raise errors.broken_archive(located.name, error) from error
    except OSError as error:
        raise errors.unreadable(located.name, error) from error
    finally:
        handle.close()
    if not head:
        raise errors.empty_file(located.name)
    return _binary_format(head, located) or _text_format(head, located, encoding)


def _binary_format(head: bytes, located: Located) -> str | None:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(OLE2):
        return "xls"
    if head.startswith(b"PK\x03\x04"):
        if b"word/" in head or b"ppt/" in head:
            raise errors.unsupported_format(located.name, "Word / PowerPoint")
        return "xlsx"
    for magic, what in FOREIGN.items():
        if head.startswith(magic):
            raise errors.unsupported_format(located.name, what)
    return None


def _text_format(head: bytes, located: Located, encoding: str | None) -> str:
    sample = decode_sample(head, encoding or find_encoding(head))
    start = sample.lstrip("\ufeff \t\r\n")
    if not start:
        raise errors.empty_file(located.name)
    # Told the encoding, we are told that it is text.
    if not encoding and not looks_like_text(sample):
        raise errors.unsupported_format(located.name, "binary data")
    if start[:200].lower().startswith(("<!doctype", "<html", "<table", "<?xml")):
        raise errors.unsupported_format(located.name, "HTML / XML")
    if start.startswith("{") and '"' in start[:4000]:
        return "json_lines"
    if start.startswith("[") and start[1:].lstrip()[:1] in ("{", "]"):
        return "json_array"
    return "csv"
