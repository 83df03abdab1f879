"""Files in any of the usual formats, taken in batch by batch; killed in the middle it goes on where it was."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from huiyin.files import FeedbackFiles, ReadOptions, open_files
from huiyin.server.collect.feedback.identity import digest
from huiyin.server.collect.feedback.records import Record, dumps, plain
from huiyin.server.collect.feedback.services import Entry
from huiyin.server.collect.sources.adapter import Adapter, Pulled, SourceRefused
from huiyin.server.collect.sources.models import Source, SourceRun

ROWS = 2000
_OPTIONS = (*ReadOptions.COLUMN_ROLES, "channel", "sheet", "encoding", "delimiter", "timezone")


def folder_of_uploads() -> Path:
    """Where files wait for being taken in."""
    return Path(settings.DATA) / "uploads"


def read_options(given: Mapping[str, Any]) -> ReadOptions:
    """The options of a run, as `huiyin.files` takes them."""
    known = {name: value for name, value in given.items() if name in _OPTIONS and value is not None}
    return ReadOptions(**{"timezone": settings.TIME_ZONE, **known}, batch_rows=ROWS)


class Upload(Adapter):
    """One file, or several, handed in by a person."""

    kind = "upload"
    name = _("上传文件")
    about = _("CSV、Excel、JSON、Parquet，也可以是压缩包；自动认列，大文件边读边存")
    bulk = True

    def run(self, source: Source, run: SourceRun, cursor: Any) -> Iterator[Pulled]:
        """Every batch of the files; `cursor` is the number of batches that are kept."""
        paths = [folder_of_uploads() / one for one in run.options.get("files", [])]
        if not paths or not all(path.is_file() for path in paths):
            raise SourceRefused("上传的文件已经不在了，重新上传一次", "The uploaded file is gone; upload it again")
        with open_files(paths, read_options(run.options.get("read", {}))) as files:
            yield from file_steps(files, paths, int((cursor or {}).get("batches", 0)))
        for path in paths:
            shutil.rmtree(path.parent, ignore_errors=True)


def file_steps(files: FeedbackFiles, paths: list[Path], already: int) -> Iterator[Pulled]:
    """The batches of files as entries. Batches that are kept already are looked at again only for the ids they used."""
    naming = Naming(file_mark(paths))
    seen = 0
    for number, batch in enumerate(files.batches(), start=1):
        rows = batch.records.num_rows
        entries = naming.entries(batch.records)
        seen += rows + len(batch.rejects)
        if number <= already:
            continue
        for one in batch.rejects:
            place = f"{one.file} · {one.row}"
            named = "!" + digest(f"{naming.mark}{one.file}{one.row}")
            entries.append(Entry(named, dumps({"raw": one.raw}), reason=one.code[:40], detail=f"{one.column}: {one.detail}", place=place))
        yield Pulled(entries, {"batches": number}, seen, max(files.estimated_rows or 0, seen) or None)


def file_mark(paths: list[Path]) -> str:
    """Names the contents of files: rows without an id are known again by it and their place."""
    found = hashlib.blake2b(digest_size=8)
    for path in paths:
        with open(path, "rb") as opened:
            while chunk := opened.read(1 << 20):
                found.update(chunk)
    return found.hexdigest()


@dataclass
class Naming:
    """External ids of the rows of one load. An id that stands for several different records of a file gets a number behind it."""

    mark: str
    ordinal: int = 0
    _uses: dict[int, list[int]] = field(default_factory=dict)

    def entries(self, batch: pa.RecordBatch) -> list[Entry]:
        """The rows of a batch."""
        return [self._entry(row) for row in batch.to_pylist()]

    def _entry(self, row: dict[str, Any]) -> Entry:
        self.ordinal += 1
        occurred = row.pop("occurred_at")
        row.pop("feedback_id")
        file = row.pop("source")
        values = {name: value for name, value in row.items() if value is not None and name != "attributes"}
        if occurred is not None:
            values["occurred_at"] = occurred.isoformat()
        for name in ("text", "title", "external_id"):
            if name in values:
                values[name] = plain(values[name], 1_000_000 if name != "external_id" else 190)
        if attributes := {name: value for name, value in row["attributes"] or [] if value not in (None, "")}:
            values["attributes"] = attributes
        raw = dumps(values).encode("utf-8", "replace").decode()
        named = self._named(Record(values, occurred), raw)
        return Entry(named, raw, occurred_at=occurred, place=f"{file} · {self.ordinal}")

    def _named(self, record: Record, raw: str) -> str:
        name = record.external_id
        if not name:
            recognisable = record.values.get("occurred_at") or record.values.get("customer_id")
            return f"#{digest(raw)}" if recognisable else f"~{self.mark}:{self.ordinal}"
        content, uses = hash(raw), self._uses.setdefault(hash(name), [])
        if content not in uses:
            uses.append(content)
        use = uses.index(content) + 1
        return name if use == 1 else f"{name}#{use}"


ADAPTER = Upload()
