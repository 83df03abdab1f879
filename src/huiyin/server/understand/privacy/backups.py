"""Copies of facts, state, photos and recordings while the server runs, kept for some nights, and removed by hand when somebody was erased."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from huiyin.server.collect.feedback.attachments import attachments_copy
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.privacy.models import KEPT, Backup
from huiyin.server.understand.reading.facts import facts_store


def backups_folder() -> Path:
    """Where backups lie."""
    return Path(settings.DATA) / "backups"


def backup_make(actor: Any = None) -> Backup:
    """Copy facts, state and attachments into a folder of its own; it counts once they are whole."""
    now = timezone.now()
    name = now.strftime("%Y%m%d-%H%M%S-%f")
    folder = backups_folder() / name
    folder.mkdir(parents=True, mode=0o700)
    try:
        rows = dict(facts_store().backup(folder / "facts.duckdb"))
        with_state = _state_into(folder)
        # After the state: every file that it names is there, unless it was erased meanwhile.
        attached = attachments_copy(folder / "attachments")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    files = [path for path in folder.iterdir() if path.is_file()]
    for path in files:
        path.chmod(0o600)
    size = sum(path.stat().st_size for path in files) + attached
    with state_write():
        made = Backup.objects.create(folder=name, made_at=now, size=size, rows=rows, with_state=with_state)
        record("backup.made", made, actor=actor, after={"size": size, "feedback": rows.get("feedback", 0)})
    return made


def _state_into(folder: Path) -> bool:
    if connection.vendor == "sqlite":
        # On a connection of its own: it reads one moment, writers go on, and what was deleted is not in the copy.
        name = str(connection.settings_dict["NAME"])
        with closing(sqlite3.connect(name, timeout=60, uri=name.startswith("file:"))) as source:
            source.execute("VACUUM INTO ?", [str(folder / "state.sqlite3")])
        return True
    program = shutil.which("pg_dump")
    if program is None:
        return False
    said = connection.settings_dict
    command = [program, "--format=custom", f"--file={folder / 'state.pgdump'}", "--host", said["HOST"], "--username", said["USER"], "--no-password"]
    command += ["--port", str(said["PORT"])] if said["PORT"] else []
    done = subprocess.run([*command, said["NAME"]], env={**os.environ, "PGPASSWORD": said["PASSWORD"]}, capture_output=True, check=False)
    return done.returncode == 0


def backups_turn(actor: Any = None, kept: int = KEPT) -> int:
    """Remove all but the latest; gives how many went."""
    old = list(Backup.objects.filter(removed_at=None)[kept:])
    for one in old:
        shutil.rmtree(backups_folder() / one.folder, ignore_errors=True)
        with state_write():
            Backup.objects.filter(pk=one.pk).update(removed_at=timezone.now())
            record("backup.removed", one, actor=actor)
    return len(old)
