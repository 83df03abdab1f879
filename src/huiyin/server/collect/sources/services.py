"""Writes of sources: made, changed, run, their rejects run again. Each with its audit row."""

from __future__ import annotations

import re
import secrets as random
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, models
from django.utils import timezone

from huiyin.server.collect.feedback import services as inbox
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.feedback.records import RecordRefused
from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.adapters import adapter_of
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.sealing import SHOWN
from huiyin.server.foundation.audit.services import record, record_change
from huiyin.server.foundation.jobs.errors import JobFailed
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.services import cancel, enqueue, next_time, schedule, unschedule
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write

RUN = "sources.run"
DUE = "sources.due"
_PLAIN = re.compile(r"[^a-z0-9\-]+")


def source_make(
    kind: str,
    name: str,
    values: Mapping[str, Any] | None = None,
    *,
    actor: Any = None,
    key: str = "",
    channel: str = "",
    cron: str = "",
    keep_days: int = 0,
    stale_after_hours: int = 0,
    fixed_key: bool = False,
) -> Source:
    """A new source. `values` are the fields of its kind, secrets among them. A key that is taken gets a number, unless it is fixed.

    Raises:
        SourceRefused: no such kind, settings that cannot work, a schedule that cannot be read.
        IntegrityError: a fixed key is taken.
    """
    config, secrets = _checked(kind, values or {}, {})
    check_cron(cron)
    with state_write():
        source = Source(
            kind=kind, name=name.strip()[:100] or kind, key=key if fixed_key else free_key(key or name, kind), channel=channel[:100], config=config
        )
        source.secrets = secrets
        source.cron, source.keep_days, source.stale_after_hours = cron, keep_days, stale_after_hours
        source.created_by = actor if getattr(actor, "pk", None) else None
        source.save()
        _keep_time(source)
        record("source.made", source, actor=actor, after=_told(source))
        publish(f"sources.{source.pk}", {"made": True})
    return source


def source_change(source: Source, *, actor: Any = None, values: Mapping[str, Any] | None = None, **changes: Any) -> Source:
    """Change a source. A secret that comes as it is shown, or empty, stays as it was.

    Raises:
        SourceRefused: as in `source_make`.
    """
    before = _told(source)
    if values is not None:
        source.config, source.secrets = _checked(source.kind, values, source.secrets)
    for name in ("name", "channel", "cron", "enabled", "keep_days", "stale_after_hours"):
        if name in changes:
            setattr(source, name, changes[name])
    check_cron(source.cron)
    with state_write():
        source.save()
        _keep_time(source)
        record_change("source.changed", source, actor=actor, before=before, after=_told(source))
        publish(f"sources.{source.pk}", {"changed": True})
    return source


def default_source(kind: str, name: str) -> Source:
    """The source that a kind has without being set up, such as the one of manual entry."""
    found = Source.objects.filter(kind=kind, key=kind).first()
    if found is None:
        try:
            found = source_make(kind, name, key=kind, channel=name, fixed_key=True)
        except IntegrityError:
            # Another request made it at the same time.
            found = Source.objects.get(kind=kind, key=kind)
    return found


def _checked(kind: str, values: Mapping[str, Any], kept: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        adapter = adapter_of(kind)
    except KeyError:
        raise SourceRefused(f"没有「{kind}」这种来源", f"There is no kind of source named '{kind}'", "kind") from None
    config: dict[str, Any] = {}
    secrets: dict[str, Any] = {}
    for setting in adapter.settings:
        value = values.get(setting.name, kept.get(setting.name, setting.default))
        if setting.kind == "secret":
            value = kept.get(setting.name, "") if value in ("", None, SHOWN) else value
        if setting.required and value in ("", None):
            raise SourceRefused(f"还没有填{setting.label}", f"{setting.label} is missing", setting.name)
        if setting.kind == "choice" and value not in ("", None) and value not in dict(setting.choices):
            raise SourceRefused(f"{setting.label}没有这个选项", f"{setting.label} has no such choice", setting.name)
        if setting.kind == "secret":
            secrets[setting.name] = value
        else:
            config[setting.name] = value
    return adapter.check(config, secrets), secrets


def check_cron(cron: str) -> None:
    """Refuse a schedule that cannot be read; none is fine.

    Raises:
        SourceRefused: naming the field `cron`.
    """
    if cron:
        try:
            next_time(cron)
        except JobFailed as error:
            raise SourceRefused(error.message_zh, error.message_en, "cron") from error


def free_key(wanted: str, kind: str, keyed: type[models.Model] = Source) -> str:
    """A key out of a name that no row of `keyed` has: a taken one gets a number."""
    stem = _PLAIN.sub("-", wanted.lower()).strip("-")[:40] or kind
    taken = set(keyed._default_manager.filter(key__startswith=stem).values_list("key", flat=True))
    return stem if stem not in taken else next(name for number in range(2, 100_000) if (name := f"{stem}-{number}") not in taken)


def _keep_time(source: Source) -> None:
    if source.cron and source.enabled and adapter_of(source.kind).pulls:
        schedule(DUE, source.cron, key=str(source.pk), payload={"source": source.pk})
    else:
        unschedule(DUE, str(source.pk))


def _told(source: Source) -> dict[str, Any]:
    """What an audit row may say: never a secret, only which ones are set."""
    names = ("name", "kind", "channel", "cron", "enabled", "keep_days", "stale_after_hours")
    kept = sorted(name for name, value in source.secrets.items() if value)
    return {**{name: getattr(source, name) for name in names}, "config": source.config, "secrets_set": kept}


def run_start(source: Source, options: Mapping[str, Any] | None = None, *, actor: Any = None) -> SourceRun:
    """Let a source be fetched, or a file taken in, by a job."""
    with state_write():
        person = actor if getattr(actor, "pk", None) else None
        run = SourceRun.objects.create(source=source, options=dict(options or {}))
        run.job = enqueue(RUN, {"run": run.pk}, user=person)
        run.save(update_fields=["job"])
        record("source.run_started", source, actor=actor, after={"run": run.pk})
        publish(f"sources.{source.pk}", {"run": run.pk})
    return run


def run_cancel(run: SourceRun, *, actor: Any = None) -> None:
    """Stop a run. What it has taken in stays."""
    with state_write():
        if run.job is not None:
            cancel(run.job)
            if Job.objects.filter(pk=run.job.pk, state=Job.State.CANCELLED).exists():
                SourceRun.objects.filter(pk=run.pk).update(state=SourceRun.State.CANCELLED, finished_at=timezone.now())
        record("source.run_cancelled", run.source, actor=actor, after={"run": run.pk})


def rejects_run_again(source: Source, *, actor: Any = None, most: int = 5000) -> int:
    """Give the rejected rows of a source another try: mapped anew where the adapter can, else read again. Gives how many were."""
    adapter, done = adapter_of(source.kind), 0
    rows = list(Inbox.objects.filter(source=source, state=Inbox.State.REJECTED).exclude(raw="").order_by("id")[:most])
    with state_write():
        for row in rows:
            if row.external_id.startswith("!"):
                done += _mapped_again(source, adapter, row)
            else:
                done += inbox.read_again([row.pk])
        record("source.rejects_run_again", source, actor=actor, after={"rows": len(rows), "taken": done})
    return done


def _mapped_again(source: Source, adapter: Any, row: Inbox) -> int:
    try:
        entries = [entry for entry in adapter.map(source, row.raw) if not entry.reason]
    except (RecordRefused, SourceRefused):
        return 0
    if not entries:
        return 0
    inbox.take(source.pk, entries)
    row.delete()
    return 1


def new_secret() -> str:
    """A secret that we draw ourselves, for a sender to sign with."""
    return random.token_urlsafe(32)
