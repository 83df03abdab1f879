"""The file of the model in use is there before reading starts: after a restore it comes back out of the state."""

from __future__ import annotations

import shutil

from huiyin.server.understand.learning.models import Candidate
from huiyin.server.understand.learning.services import written
from huiyin.server.understand.reading.services import models_folder

ORDER = 15


def start() -> None:
    """Write the file where it is missing; sweep away what a kill left half made."""
    for half in models_folder().glob(".making-*") if models_folder().is_dir() else ():
        shutil.rmtree(half, ignore_errors=True)
    for active in Candidate.objects.filter(state=Candidate.State.ACTIVE):
        written(active)


def stop() -> None:
    """Nothing is open."""
