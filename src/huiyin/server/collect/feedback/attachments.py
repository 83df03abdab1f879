"""Photos and recordings beside a voice: a file each in the data folder, a row each in the state.

A file is written before the voice is committed, and removed after its row is: cut off between the two, a file without a row is left, which
the daily clean-up finds. Never is there a row whose file is yet to come.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from huiyin.server.collect.feedback.models import Attachment
from huiyin.server.foundation.writing import state_write

PHOTO, RECORDING = "photo", "recording"
_AT_ONCE = 500
_STRAY_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that was kept and waits for its voice. `file` is its name in the folder of attachments."""

    kind: str
    file: str
    media_type: str
    size: int
    about: Mapping[str, Any] = field(default_factory=dict)
    player_state: Any = Attachment.Player.AS_IS


def folder_of_attachments() -> Path:
    """Where the files lie."""
    return Path(settings.DATA) / "attachments"


def path_of(name: str) -> Path:
    """The file of a name that `file_keep` gave."""
    return folder_of_attachments() / name


def file_keep(content: BinaryIO, ending: str) -> str:
    """Put a file into the folder, to be read by this server alone; gives its name there, which nobody can guess."""
    name = file_reserve(ending)
    with open(path_of(name), "wb") as out:
        shutil.copyfileobj(content, out, 1 << 20)
    return name


def file_reserve(ending: str) -> str:
    """An empty file of that kind, to be written; gives its name."""
    number = uuid.uuid4().hex
    folder = folder_of_attachments() / number[:2]
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    os.close(os.open(folder / f"{number}{ending}", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return f"{folder.name}/{number}{ending}"


def attach(wanted: Mapping[int, Sequence[Attached]]) -> None:
    """Give rows of the inbox their attachments, in place of those they had; within the transaction that writes the rows."""
    if not wanted:
        return
    attachments_delete(wanted)
    Attachment.objects.bulk_create(
        Attachment(
            inbox_id=number,
            kind=one.kind,
            file=one.file,
            media_type=one.media_type,
            size=one.size,
            about=dict(one.about),
            player_state=one.player_state,
        )
        for number, some in wanted.items()
        for one in some
    )


def attachments_delete(numbers: Iterable[int]) -> dict[str, int]:
    """Delete what is attached to rows of the inbox; the files go once that is committed. Gives how many by kind."""
    counts: dict[str, int] = {}
    given = list(numbers)
    with state_write():
        for at in range(0, len(given), _AT_ONCE):
            rows = Attachment.objects.filter(inbox_id__in=given[at : at + _AT_ONCE])
            for kind, file, player in rows.values_list("kind", "file", "player"):
                counts[kind] = counts.get(kind, 0) + 1
                files_drop([file, player] if player else [file])
            rows.delete()
    return counts


def files_drop(names: Iterable[str]) -> None:
    """Remove files, at once or when the transaction around is committed."""
    for path in [path_of(name) for name in names]:
        transaction.on_commit(lambda path=path: path.unlink(missing_ok=True))


def stray_files_drop() -> int:
    """Remove files older than a day that belong to no voice."""
    before, dropped = (timezone.now() - _STRAY_AFTER).timestamp(), 0
    for folder in folder_of_attachments().glob("??"):
        names = [f"{folder.name}/{one.name}" for one in folder.iterdir() if one.stat().st_mtime < before]
        for at in range(0, len(names), _AT_ONCE):
            some = names[at : at + _AT_ONCE]
            kept = {one for name in ("file", "player") for one in Attachment.objects.filter(**{f"{name}__in": some}).values_list(name, flat=True)}
            for name in set(some) - kept:
                path_of(name).unlink(missing_ok=True)
                dropped += 1
    return dropped


def attachments_of(number: int) -> list[Attachment]:
    """What is attached to a row of the inbox, in the order in which it came."""
    return list(Attachment.objects.filter(inbox_id=number).order_by("pk"))


def attachments_copy(target: Path) -> int:
    """Copy every file into a folder, for a backup; without taking room twice where the file system allows it. Gives how many bytes."""
    size = 0
    for folder in folder_of_attachments().glob("??"):
        (target / folder.name).mkdir(parents=True, mode=0o700, exist_ok=True)
        for path in folder.iterdir():
            with suppress(FileNotFoundError):
                # Erased in this very moment, perhaps: then it does not belong into the copy.
                size += _twin(path, target / folder.name / path.name)
    return size


def _twin(path: Path, copy: Path) -> int:
    try:
        os.link(path, copy)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(path, copy)
    return copy.stat().st_size
