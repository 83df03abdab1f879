"""What was handed in: transcripts and recordings, as files or within zips. Nothing is unpacked to disk under a name that somebody else gave.

Refused: names that lead out of the folder, links, sealed members, members that are far larger than what is packed (a bomb), or too many.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from huiyin.server.collect.sources.transcripts import recordings
from huiyin.server.collect.sources.transcripts.calls import Found
from huiyin.server.collect.sources.transcripts.labelled import read_labelled
from huiyin.server.collect.sources.transcripts.segments import read_segments
from huiyin.server.collect.sources.transcripts.subtitles import read_subtitles
from huiyin.server.collect.sources.transcripts.tables import is_list_of_calls, list_of_calls, read_table

LARGEST_TEXT = 64 * 1024 * 1024
LARGEST_PACKAGE = 8 * 1024 * 1024 * 1024
MOST_MEMBERS = 50_000
_DENSEST = 200
_DENSE_FROM = 4 * 1024 * 1024
_TEXTS = (".txt", ".text", ".srt", ".vtt", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".log", ".md")
_UTF8_NAMES = 0x800


@dataclass(frozen=True, slots=True)
class Member:
    """One file, loose or packed."""

    name: str
    size: int
    path: Path
    info: zipfile.ZipInfo | None = None
    archive: zipfile.ZipFile | None = None

    @property
    def stem(self) -> str:
        """Its name without folder and ending, in small letters."""
        return PurePosixPath(self.name).stem.lower()

    def open(self) -> BinaryIO:
        """Its bytes; of a packed one never more than it said it has."""
        if self.archive is not None and self.info is not None:
            return cast(BinaryIO, self.archive.open(self.info))
        return open(self.path, "rb")

    def mark(self) -> str:
        """Its contents in a few signs."""
        if self.info is not None:
            return f"{self.size}-{self.info.CRC:08x}"
        check = 0
        with self.open() as opened:
            while piece := opened.read(1 << 20):
                check = zlib.crc32(piece, check)
        return f"{self.size}-{check:08x}"


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not taken, and why."""

    name: str
    reason: str
    detail: str


@dataclass
class Package:
    """Several files, opened. Use it as a context."""

    paths: list[Path]
    texts: list[Member] = field(default_factory=list)
    recordings: dict[str, Member] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    about: dict[str, dict[str, str]] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Package:
        for path in self.paths:
            if zipfile.is_zipfile(path):
                self._unpack(path)
            else:
                self._sort(Member(path.name, path.stat().st_size, path))
        self.texts = [one for one in self.texts if not self._is_list(one)]
        return self

    def __exit__(self, *what: object) -> None:
        self._open.close()

    def calls(self, member: Member) -> Iterator[Found]:
        """The calls of a text, whatever its layout."""
        text = text_of(member)
        name = PurePosixPath(member.name).stem
        ending = PurePosixPath(member.name).suffix.lower()
        if ending in (".csv", ".tsv"):
            return read_table(text, name)
        head = text.lstrip("\ufeff \r\n\t")[:4000]
        if ending in (".json", ".jsonl", ".ndjson") or head.startswith(('{"', "[{", "{\n", "[\n")):
            return read_segments(text.lstrip("\ufeff"), name)
        if ending in (".srt", ".vtt") or head.startswith("WEBVTT") or "-->" in head:
            return read_subtitles(text.lstrip("\ufeff"), name)
        return read_labelled(text.lstrip("\ufeff"), name)

    def told(self, number: str) -> Mapping[str, str]:
        """What a list of calls tells of one."""
        return self.about.get(number, {})

    def _unpack(self, path: Path) -> None:
        try:
            archive = self._open.enter_context(zipfile.ZipFile(path))
        except (zipfile.BadZipFile, OSError):
            self.refused.append(Refused(path.name, "damaged", "压缩包坏了"))
            return
        members = [one for one in archive.infolist() if not one.is_dir()]
        if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > LARGEST_PACKAGE:
            self.refused.append(Refused(path.name, "bomb", f"压缩包里超过 {MOST_MEMBERS:,} 个文件或 {LARGEST_PACKAGE >> 30} GB"))
            return
        for info in members:
            name = _name_of(info)
            if "__MACOSX" in name or PurePosixPath(name).name.startswith((".", "~$")):
                continue
            why = _fault(info, name)
            if why:
                self.refused.append(Refused(f"{path.name}/{name}"[:300], *why))
            else:
                self._sort(Member(name, info.file_size, path, info, archive))

    def _sort(self, member: Member) -> None:
        ending = PurePosixPath(member.name).suffix.lower()
        if ending in recordings.ENDINGS:
            if member.size > recordings.LARGEST:
                self.refused.append(Refused(member.name, "too_large", f"录音超过 {recordings.LARGEST >> 20} MB"))
            else:
                self.recordings[member.stem] = member
        elif ending not in _TEXTS:
            self.refused.append(Refused(member.name, "unknown_kind", "不是认得的文本，也不是录音"))
        elif member.size > LARGEST_TEXT:
            self.refused.append(Refused(member.name, "too_large", f"文本超过 {LARGEST_TEXT >> 20} MB"))
        else:
            self.texts.append(member)

    def _is_list(self, member: Member) -> bool:
        """Whether a table tells of calls without their words; then it is taken in here."""
        if not member.name.lower().endswith((".csv", ".tsv")):
            return False
        text = text_of(member)
        if not is_list_of_calls(text):
            return False
        self.about.update(list_of_calls(text))
        return True


def text_of(member: Member) -> str:
    """The text of a file, in whichever of the usual encodings; a damaged one gives what can be read."""
    try:
        with member.open() as opened:
            said = opened.read(LARGEST_TEXT + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
        return ""
    if said[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return said.decode("utf-16", "replace")
    try:
        return said.decode("utf-8-sig")
    except UnicodeDecodeError:
        return said.decode("gb18030", "replace")


def _name_of(info: zipfile.ZipInfo) -> str:
    """A member's name. Windows in China writes it in GBK without saying so."""
    if info.flag_bits & _UTF8_NAMES:
        return info.filename
    try:
        plain = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return plain.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _fault(info: zipfile.ZipInfo, name: str) -> tuple[str, str] | None:
    """Why a member is not touched."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\x00" in info.orig_filename:
        return "unsafe_name", "文件名指到压缩包外面"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "link", "是链接，不是文件"
    if info.flag_bits & 1:
        return "sealed", "加了密码"
    if info.file_size > _DENSE_FROM and info.file_size > _DENSEST * max(1, info.compress_size):
        return "bomb", "解开后大得不正常"
    return None
