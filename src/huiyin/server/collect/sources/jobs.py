"""Runs of sources, and the clean-up of payloads whose time is over."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from huiyin.files import FilesError
from huiyin.server.collect.feedback.attachments import stray_files_drop
from huiyin.server.collect.feedback.services import forget_payloads, take
from huiyin.server.collect.sources.adapter import Pulled, SourceRefused
from huiyin.server.collect.sources.adapters import adapter_of
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.services import DUE, RUN, run_start
from huiyin.server.collect.sources.upload.services import stale_uploads_drop
from huiyin.server.foundation.jobs.errors import Cancelled, JobFailed, LeaseLost, Stopping
from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write


@job(DUE)
def source_due(run: Run) -> None:
    """A source's time has come; if its last run still goes, this one is left out."""
    source = Source.objects.filter(pk=run.payload["source"], enabled=True).first()
    underway = [SourceRun.State.WAITING, SourceRun.State.RUNNING]
    if source and not SourceRun.objects.filter(source=source, state__in=underway).exists():
        run_start(source)


@job(RUN)
def source_run(run: Run) -> dict[str, object]:
    """Fetch a source or take in a file. Each step is one transaction: entries, counts and cursor together."""
    this = SourceRun.objects.select_related("source").get(pk=run.payload["run"])
    source = this.source
    adapter = adapter_of(source.kind)
    with state_write():
        SourceRun.objects.filter(pk=this.pk).update(state=SourceRun.State.RUNNING)
    cursor = run.cursor if run.cursor is not None else source.cursor
    try:
        for step in adapter.run(source, this, cursor):
            run.check()
            _keep(run, this, step, adapter.bulk)
    except Cancelled:
        _end(this, SourceRun.State.CANCELLED)
        raise
    except (SourceRefused, FilesError) as error:
        permanent = not getattr(error, "passing", False)
        _end(this, SourceRun.State.FAILED, {"zh": error.message_zh, "en": error.message_en})
        raise JobFailed(error.message_zh, error.message_en, permanent=permanent) from error
    except (Stopping, LeaseLost):
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}"[:300]
        _end(this, SourceRun.State.FAILED, {"zh": f"出错了：{said}", "en": f"It failed: {said}"})
        raise
    _end(this, SourceRun.State.DONE)
    this.refresh_from_db()
    return {name: getattr(this, name) for name in ("read", "created", "changed", "same", "rejected")}


def _keep(run: Run, this: SourceRun, step: Pulled, bulk: bool) -> None:
    with state_write():
        receipts = take(this.source_id, step.entries, this.pk, bulk=bulk) if step.entries else []
        counts = Counter(one.status for one in receipts)
        counted: dict[str, Any] = {name: F(name) + counts[name] for name in ("created", "changed", "same", "rejected") if counts[name]}
        SourceRun.objects.filter(pk=this.pk).update(read=F("read") + len(receipts), **counted)
        if not bulk:
            Source.objects.filter(pk=this.source_id).update(cursor=step.cursor)
        run.save_cursor(step.cursor, {"done": step.done, "total": step.total})
        publish(f"sources.{this.source_id}", {"run": this.pk, "done": step.done, "total": step.total})


def _end(this: SourceRun, state: Any, error: dict[str, str] | None = None) -> None:
    now = timezone.now()
    with state_write():
        SourceRun.objects.filter(pk=this.pk).update(state=state, error=error, finished_at=now)
        Source.objects.filter(pk=this.source_id).update(last_run_at=now)
        publish(f"sources.{this.source_id}", {"run": this.pk, "state": state})


@job("sources.forget", cron="20 3 * * *")
def forget(run: Run) -> dict[str, object]:
    """Empty payloads whose time is over, source by source, and drop files that belong to nothing."""
    emptied = 0
    for source in Source.objects.filter(keep_days__gt=0):
        run.check()
        emptied += forget_payloads(source.pk, timedelta(days=source.keep_days))
    return {"emptied": emptied, "uploads_dropped": stale_uploads_drop(), "stray_files_dropped": stray_files_drop()}
