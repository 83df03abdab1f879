"""Keeping a handed-in file until it is taken in, and telling how it would be read."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol

from django.utils import timezone

from huiyin.files import SourceInfo, open_files
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.services import run_start
from huiyin.server.collect.sources.upload.adapter import folder_of_uploads, read_options
from huiyin.server.foundation.writing import state_write

_UNSAFE = re.compile(r"[^\w.\-()（） ]+")
KEEP_FOR = timedelta(days=7)


class GivenFile(Protocol):
    """An uploaded file, as Django hands it over."""

    name: str

    def chunks(self) -> Any:
        """Its bytes, piece by piece."""
        ...


def keep_file(given: GivenFile) -> str:
    """Put a file into the waiting folder; gives its name there."""
    name = _UNSAFE.sub("_", given.name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")[-120:] or "file"
    folder = folder_of_uploads() / uuid.uuid4().hex
    folder.mkdir(parents=True, mode=0o700)
    with open(folder / name, "wb") as out:
        for chunk in given.chunks():
            out.write(chunk)
    return f"{folder.name}/{name}"


@dataclass(frozen=True, slots=True)
class Guess:
    """How files will be read: what was found out of each, the first records, and how many there may be."""

    sources: list[SourceInfo]
    records: list[dict[str, Any]]
    rejects: list[str]
    estimated_rows: int | None


def look_at(files: Sequence[str], read: Mapping[str, Any], most: int = 5) -> Guess:
    """Guess the columns, and read the first records with nothing kept.

    Raises:
        FilesError: the files cannot be read as a whole; it says why and what to do.
    """
    options = replace(read_options(read), batch_rows=200, limit=200)
    with open_files([folder_of_uploads() / one for one in files], options) as opened:
        batch = next(iter(opened.batches()))
        rejects = [f"{one.row}: {one.detail}" for one in batch.rejects[:most]]
        counts = [one.estimated_rows for one in opened.sources]
        rows = None if None in counts else sum(one or 0 for one in counts)
        return Guess(opened.sources, batch.records.slice(0, most).to_pylist(), rejects, rows)


def upload_prepare(source: Source, files: Sequence[str], *, actor: Any = None) -> SourceRun:
    """A run that waits for a person to look at the columns."""
    with state_write():
        return SourceRun.objects.create(source=source, options={"files": list(files), "read": {}, "draft": True})


def upload_start(draft: SourceRun, read: Mapping[str, Any], *, actor: Any = None) -> SourceRun:
    """Take the files in, read as was said."""
    with state_write():
        run = run_start(draft.source, {"files": draft.options["files"], "read": dict(read)}, actor=actor)
        draft.delete()
    return run


def stale_uploads_drop() -> int:
    """Delete files that waited longer than a week, and drafts nobody went on with; a file in use belongs to a run that waits or runs."""
    waiting = SourceRun.objects.filter(state__in=[SourceRun.State.WAITING, SourceRun.State.RUNNING])
    old = timezone.now() - KEEP_FOR
    with state_write():
        SourceRun.objects.filter(pk__in=[run.pk for run in waiting.filter(started_at__lt=old) if run.options.get("draft")]).delete()
    wanted = {name.split("/")[0] for run in waiting.all() for name in run.options.get("files", [])}
    before, dropped = old.timestamp(), 0
    for folder in folder_of_uploads().glob("*"):
        if folder.name not in wanted and folder.stat().st_mtime < before:
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()
            dropped += 1
    return dropped
