"""Copies of recordings for browsers: telephone systems write what no browser plays. The original stays what it was and can be fetched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from django.db.models import QuerySet

from huiyin.server.collect.feedback import converting
from huiyin.server.collect.feedback.attachments import file_reserve, path_of
from huiyin.server.collect.feedback.models import Attachment
from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.foundation.writing import state_write

JOB = "feedback.player_copies"
PLAYER_TYPE = "audio/mpeg"
WITHIN = 900
"""Seconds for one recording; four hours of sound take about six minutes of a busy core."""
_LOOKED_EVERY = 0.5
_FORMS = {
    "audio/amr": "amr",
    "audio/amr-wb": "amr",
    "audio/3gpp": "mov",
    "audio/gsm": "gsm",
    "audio/vnd.wave;codec=6": "wav",
    "audio/vnd.wave;codec=7": "wav",
    "audio/vnd.wave;codec=31": "wav",
}
"""The name under which FFmpeg reads what browsers do not: AMR, 3GP, GSM, and WAV of A-law, µ-law and GSM (codecs as in RFC 2361)."""
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LANG")
_TROUBLES = {converting.DAMAGED: "damaged", converting.TOO_LONG: "too_long", -signal.SIGXCPU: "too_slow", -signal.SIGKILL: "too_slow"}


def needs_copy(media_type: str) -> bool:
    """Whether a browser needs a copy to play it."""
    return media_type in _FORMS


def copies_wanted() -> None:
    """Have the waiting copies made; within the caller's transaction."""
    enqueue(JOB, key="all")


def waiting() -> QuerySet[Attachment]:
    """Recordings whose copy is still to be made, the oldest first."""
    return Attachment.objects.filter(player_state=Attachment.Player.WAITING).order_by("pk")


def forgotten_copies_wanted() -> int:
    """Have made what waits though no job knows of it, and what could not be made while the decoder was missing. Gives how many wait."""
    with state_write():
        if find_spec("av"):
            missed = Attachment.objects.filter(player_state=Attachment.Player.FAILED, player_trouble="missing")
            missed.update(player_state=Attachment.Player.WAITING, player_trouble="")
        count = waiting().count()
        if count:
            copies_wanted()
    return count


def copy_make(recording: Attachment, check: Callable[[], None]) -> None:
    """Make the copy of one recording, or say why there is none. `check` is asked meanwhile, and ends the work by raising."""
    name = file_reserve(".mp3")
    try:
        trouble = _converted(path_of(recording.file), path_of(name), _FORMS[recording.media_type], check)
    except BaseException:
        path_of(name).unlink(missing_ok=True)
        raise
    state = Attachment.Player.FAILED if trouble else Attachment.Player.DONE
    with state_write():
        still_there = Attachment.objects.filter(pk=recording.pk, player_state=Attachment.Player.WAITING)
        kept = still_there.update(player="" if trouble else name, player_state=state, player_trouble=trouble)
    if trouble or not kept:
        path_of(name).unlink(missing_ok=True)


def _converted(source: Path, target: Path, form: str, check: Callable[[], None]) -> str:
    """Run the conversion apart; the code of what went wrong, or nothing."""
    if find_spec("av") is None:
        return "missing"
    if not source.is_file():
        return "gone"
    command = [sys.executable, "-m", converting.__name__, str(source), str(target), form]
    # No key and no address of a database goes along to where hostile bytes are read.
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet) as apart:
        try:
            ended = _ended(apart, check)
        finally:
            apart.kill()
    if ended is None:
        return "too_slow"
    return _TROUBLES.get(ended, "damaged") if ended else ""


def _ended(apart: subprocess.Popen[bytes], check: Callable[[], None]) -> int | None:
    """How the process ended; None where its time was over first."""
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        try:
            return apart.wait(_LOOKED_EVERY)
        except subprocess.TimeoutExpired:
            check()
    return None
