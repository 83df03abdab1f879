"""Erasing, retention, backups and what a restored backup still has to forget."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.utils import timezone

from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.privacy.backups import backup_make, backups_turn
from huiyin.server.understand.privacy.erasing import erase_customer, erase_rows, left_of
from huiyin.server.understand.privacy.ledger import ledger_add, ledger_lines
from huiyin.server.understand.privacy.models import Erasure, Retention
from huiyin.server.understand.reading.facts import facts_write

ERASE, RENEW, REPLAY = "privacy.erase", "privacy.renew_backups", "privacy.replay"
_ROWS = 5000


@job(ERASE, attempts=20)
def erase(run: Run) -> dict[str, object]:
    """Erase a customer everywhere, look again, write the receipt. Counts of an attempt that was cut off are added up."""
    this = Erasure.objects.get(pk=run.payload["erasure"])
    if this.state == Erasure.State.DONE:
        return dict(this.counts)
    ledger_add(this.customer, this.asked_at)
    counts = Counter(this.counts)
    counts.update(erase_customer(this.customer))
    left = left_of(this.customer)
    with state_write():
        done = {"state": Erasure.State.DONE, "erased_at": timezone.now(), "counts": dict(counts), "left": left}
        Erasure.objects.filter(pk=this.pk).update(**done)
        record("customer.erased", this, actor=this.asked_by, after=dict(counts))
        publish("privacy", {"erasure": this.pk})
    return dict(counts)


@job("privacy.retain", cron="40 3 * * *")
def retain(run: Run) -> dict[str, object]:
    """Erase voices whose time is over, source by source."""
    counts: Counter[str] = Counter()
    for rule in Retention.objects.filter(voices_days__gt=0).select_related("source"):
        before = timezone.now() - timedelta(days=rule.voices_days)
        found: Counter[str] = Counter()
        while numbers := list(Inbox.objects.filter(source=rule.source, received_at__lt=before).values_list("pk", flat=True)[:_ROWS]):
            run.check()
            found.update(erase_rows(numbers))
        if found["inbox"]:
            with state_write():
                record("retention.applied", rule, after=dict(found))
        counts.update(found)
    return dict(counts)


@job("privacy.settle", cron="10 4 * * *")
def settle(run: Run) -> dict[str, object]:
    """Rewrite the facts file where somebody was erased since, so that the bytes leave it."""
    waiting = list(Erasure.objects.filter(state=Erasure.State.DONE, settled_at=None).values_list("pk", flat=True))
    if waiting:
        with facts_write() as facts:
            facts.vacuum()
        with state_write():
            Erasure.objects.filter(pk__in=waiting).update(settled_at=timezone.now())
    return {"settled": len(waiting)}


@job("privacy.backup", cron="40 2 * * *")
def backup(run: Run) -> dict[str, object]:
    """The nightly copy; the oldest ones go."""
    made = backup_make()
    return {"backup": made.folder, "removed": backups_turn()}


@job(RENEW)
def renew_backups(run: Run) -> dict[str, object]:
    """A fresh copy in the place of all others."""
    made = backup_make(run.job.started_by)
    return {"backup": made.folder, "removed": backups_turn(run.job.started_by, kept=1)}


@job(REPLAY, attempts=20)
def replay(run: Run) -> dict[str, object]:
    """Erase again what a restored backup brought back. Voices that somebody sent after the erasure are new and stay."""
    counts: Counter[str] = Counter()
    for customer, at in ledger_lines().items():
        run.check()
        found = erase_customer(customer, before=at)
        counts.update(found)
        if any(found.values()):
            with state_write():
                record("customer.erased", customer, object_type="customer", after={**found, "reason": "restored"})
    return {name: count for name, count in counts.items() if count}
