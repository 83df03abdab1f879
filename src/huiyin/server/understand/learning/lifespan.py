"""The file of the model in use is there before reading starts: after a restore it comes back out of the state."""

from __future__ import annotations

import shutil

from huiyin.server.foundation.jobs.selectors import job_is_underway
from huiyin.server.understand.learning.models import Candidate
from huiyin.server.understand.learning.services import TRAIN, training_failed, written
from huiyin.server.understand.reading.services import models_folder

ORDER = 15


def start() -> None:
    """Write the file where it is missing; sweep away what a kill left half made, and trainings that no job is at."""
    for half in models_folder().glob(".making-*") if models_folder().is_dir() else ():
        shutil.rmtree(half, ignore_errors=True)
    for active in Candidate.objects.filter(state=Candidate.State.ACTIVE):
        written(active)
    for training in Candidate.objects.filter(state=Candidate.State.TRAINING):
        if not job_is_underway(TRAIN, str(training.pk)):
            training_failed(training)


def stop() -> None:
    """Nothing is open."""
