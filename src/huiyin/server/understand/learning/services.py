"""Writes of learning: start a training, keep what came of it, take a model into use, go back, read history again."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.utils import timezone

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.learning.child import Done
from huiyin.server.understand.learning.lessons import lessons_of
from huiyin.server.understand.learning.models import Candidate
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.jobs import reread
from huiyin.server.understand.reading.rereading import Selection
from huiyin.server.understand.reading.services import model_folder, models_folder, reading_setup
from huiyin.text import Reader
from huiyin.text import heads as model_files
from huiyin.text.teaching import version_of

TRAIN = "learning.train"
_State = Candidate.State


class LearningRefused(Exception):
    """Something that cannot be done as things stand."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def training_start(user: Any) -> Candidate:
    """Have a candidate trained; one that is being trained, or that learnt from the very same, is given back."""
    version = version_of(lessons_of(facts_store()), model_files.load().version)
    with state_write():
        known = Candidate.objects.filter(state=_State.TRAINING).first()
        same = [_State.READY, _State.ACTIVE, _State.REFUSED]
        known = known or Candidate.objects.filter(version=version, state__in=same, against=reading_setup().model).first()
        known = known or Candidate.objects.filter(version=version, state=_State.ACTIVE).first()
        if known is not None:
            return known
        made = Candidate.objects.create(asked_by=user, against=reading_setup().model)
        enqueue(TRAIN, {"candidate": made.pk}, key=str(made.pk), user=user)
        record("model.training_started", made, actor=user)
        publish("learning", {"candidate": made.pk})
    return made


def training_finished(candidate: Candidate, done: Done) -> None:
    """Keep a model and what it is worth. An earlier candidate that waits for a decision is outdated by it."""
    with state_write():
        now = Candidate.objects.select_for_update().get(pk=candidate.pk)
        if now.state != _State.TRAINING:
            return
        now.version, now.verdict, now.outcome, now.preview = done.version, done.verdict, done.outcome, done.preview
        now.state = _State.READY if done.acceptable else _State.REFUSED
        now.data = done.data or None
        if done.acceptable:
            Candidate.objects.filter(state=_State.READY).update(state=_State.DECLINED, data=None)
        now.save()
        record(
            "model.trained",
            now,
            actor=now.asked_by,
            after={"version": now.version, "verdict": now.verdict, "lessons": done.outcome["lessons"]["all"]},
        )
        publish("learning", {"candidate": now.pk})


def training_failed(candidate: Candidate) -> None:
    """It ended without a model."""
    with state_write():
        Candidate.objects.filter(pk=candidate.pk, state=_State.TRAINING).update(state=_State.FAILED)
        publish("learning", {"candidate": candidate.pk})


def candidate_decline(user: Any, candidate: Candidate) -> None:
    """Leave everything as it is; the file is not kept.

    Raises:
        LearningRefused: it does not wait for a decision any more.
    """
    with state_write():
        now = Candidate.objects.select_for_update().get(pk=candidate.pk)
        if now.state != _State.READY:
            raise LearningRefused("decided")
        now.state, now.data, now.decided_by, now.decided_at = _State.DECLINED, None, user, timezone.now()
        now.save()
        record("model.declined", now, actor=user, after={"version": now.version})
        publish("learning", {"candidate": now.pk})


def model_use(user: Any, candidate: Candidate | None) -> None:
    """Read with a candidate, or with a model that was in use before; None: with the shipped one. What comes in from now on is read with it.

    The file is whole on disk before the state names it, and is never changed afterwards: killed at any line, the old model or the new one is
    in use.

    Raises:
        LearningRefused: refused, declined or without a file.
    """
    if candidate is not None:
        written(candidate)
    with state_write():
        setup = reading_setup()
        before = setup.model
        if candidate is not None:
            candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
            if candidate.state not in (_State.READY, _State.FORMER, _State.ACTIVE):
                raise LearningRefused("decided")
        Candidate.objects.filter(state=_State.ACTIVE).update(state=_State.FORMER)
        if candidate is not None:
            candidate.state, candidate.decided_by, candidate.decided_at = _State.ACTIVE, user, timezone.now()
            candidate.save(update_fields=["state", "decided_by", "decided_at"])
        setup.model = candidate.version if candidate else ""
        setup.save()
        record("model.used", candidate or "", actor=user, object_type="candidate", before={"version": before}, after={"version": setup.model})
        publish("learning", {"model": setup.model})


def written(candidate: Candidate) -> Path:
    """The folder of a candidate's file; written now where it is missing, whole or not at all.

    Raises:
        LearningRefused: its file was not kept.
    """
    folder = models_folder() / candidate.version
    if (folder / "heads.npz").is_file():
        return folder
    if not candidate.data:
        raise LearningRefused("no file")
    models_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=models_folder()))
    try:
        with (making / "heads.npz").open("wb") as file:
            file.write(bytes(candidate.data))
            file.flush()
            os.fsync(file.fileno())
        model_files.load(making)
        making.rename(folder)
    except OSError:
        # Another thread was quicker.
        if not (folder / "heads.npz").is_file():
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return folder


def history_reread(user: Any) -> Job:
    """Have every voice that was read otherwise read again with the model in use. What people corrected stays."""
    folder = model_folder()
    version = Reader.load(reading_setup().taxonomy, Path(folder) if folder else None, widen=False).version
    with state_write():
        job = reread(Selection(older_than=version), user=user)
        record("model.history_reread", "", actor=user, object_type="candidate", after={"version": version})
    return job
