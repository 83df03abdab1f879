"""Training as a job. Killed anywhere it begins again from the corrections as they stand; until the last line nothing has changed."""

from __future__ import annotations

from huiyin.server.foundation.jobs.errors import Cancelled, JobFailed
from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.understand.learning.child import Task
from huiyin.server.understand.learning.lessons import BACKGROUND, SAMPLE, lessons_of, sample_of
from huiyin.server.understand.learning.models import Candidate
from huiyin.server.understand.learning.process import train_apart
from huiyin.server.understand.learning.services import TRAIN, training_failed, training_finished
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.services import model_folder, reading_setup


@job(TRAIN, attempts=5)
def train(run: Run) -> dict[str, object]:
    """Gather, train apart, keep what came of it."""
    this = Candidate.objects.filter(pk=run.payload["candidate"]).first()
    if this is None or this.state != Candidate.State.TRAINING:
        return {}
    store = facts_store()
    lessons = lessons_of(store)
    taught = sorted({one.feedback_id for one in lessons})
    background = [text for _, text in sample_of(store, "background", BACKGROUND, taught)]
    task = Task(lessons, reading_setup().taxonomy, model_folder(), background, sample_of(store, "preview", SAMPLE, []))
    try:
        done = train_apart(task, lambda: run.report(note_zh=f"正在学 {len(lessons)} 个样本", note_en=f"Learning from {len(lessons)} examples"))
    except (Cancelled, JobFailed) as error:
        if isinstance(error, Cancelled) or error.permanent or this.pk and run.job.attempts >= 5:
            training_failed(this)
        raise
    run.check()
    training_finished(this, done)
    return {"version": done.version, "verdict": done.verdict}
