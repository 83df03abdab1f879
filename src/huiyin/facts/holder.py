"""Who has a store open: an advisory lock beside the file, in which the holder gives its name."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from huiyin.facts.errors import explained, held

try:
    import fcntl
except ImportError:  # Windows: the engine's own lock stands alone there, and its message names no command.
    fcntl = None  # type: ignore[assignment]


class Hold:
    """The exclusive hold of `path` by this process, until `release` or the end of the process, however it ends.

    The engine locks its file too, but says only a process number, and lets go while files are swapped.

    Raises:
        StoreHeld: another process, or another object of this process, holds it.
        StoreReadOnly: the lock file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".lock")
        try:
            self._file = open(self._path, "a+", encoding="utf-8")  # noqa: SIM115 - open as long as it is held
        except OSError as error:
            raise (explained(error, path) or error) from error
        if fcntl is None:
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            found = self._holder()
            self._file.close()
            raise held(path, found.get("pid"), found.get("command"), found.get("since")) from None
        self._file.truncate(0)
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        # A full disk must not keep anybody from reading: the lock holds without the name.
        with suppress(OSError):
            json.dump({"pid": os.getpid(), "command": " ".join(sys.orig_argv)[:300], "since": since}, self._file, ensure_ascii=False)
            self._file.flush()

    def release(self) -> None:
        """Let go. The lock file stays: removing it would let two processes lock two files of one name."""
        # What could not be written of the name on a full disk is tried again by close.
        with suppress(OSError):
            self._file.close()

    def _holder(self) -> dict[str, Any]:
        try:
            self._file.seek(0)
            found = json.loads(self._file.read())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}
