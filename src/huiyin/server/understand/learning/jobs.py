"""Training as a job. Killed anywhere it begins again from the corrections as they stand; until the last line nothing has changed."""

from __future__ import annotations

from huiyin.server.foundation.jobs.errors import Cancelled, JobFailed, LeaseLost, Stopping
from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.understand.learning.child import Done, Task
from huiyin.server.understand.learning.lessons import BACKGROUND, SAMPLE, lessons_of, sample_of
from huiyin.server.understand.learning.models import Candidate
from huiyin.server.understand.learning.process import train_apart
from huiyin.server.understand.learning.renewal import RENEWAL, preview_make
from huiyin.server.understand.learning.services import TRAIN, training_failed, training_finished
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.process import reader_of_job
from huiyin.server.understand.reading.services import model_folder, reading_setup

_ATTEMPTS = 5


@job(RENEWAL)
def renewal(run: Run) -> dict[str, object]:
    """Try the engine of now on history that an older one read."""
    with reader_of_job() as reader:
        return preview_make(run, reader)


@job(TRAIN, attempts=_ATTEMPTS)
def train(run: Run) -> dict[str, object]:
    """Gather, train apart, keep what came of it."""
    this = Candidate.objects.filter(pk=run.payload["candidate"]).first()
    if this is None or this.state != Candidate.State.TRAINING:
        return {}
    try:
        done = _trained(run)
        training_finished(this, done)
    except (Stopping, LeaseLost):
        raise
    except Exception as error:
        # Whatever it died of: a candidate that nobody trains any more would keep the next training from starting.
        if isinstance(error, Cancelled) or (isinstance(error, JobFailed) and error.permanent) or run.job.attempts >= _ATTEMPTS:
            training_failed(this)
        raise
    return {"version": done.version, "verdict": done.verdict}


def _trained(run: Run) -> Done:
    store = facts_store()
    lessons = lessons_of(store)
    taught = sorted({one.feedback_id for one in lessons})
    background = [text for _, text in sample_of(store, "background", BACKGROUND, taught)]
    task = Task(lessons, reading_setup().taxonomy, model_folder(), background, sample_of(store, "preview", SAMPLE, []))
    done = train_apart(task, lambda: run.report(note_zh=f"正在学 {len(lessons)} 个样本", note_en=f"Learning from {len(lessons)} examples"))
    run.check()
    return done
