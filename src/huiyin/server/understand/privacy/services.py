"""What people do with personal data. Audit row and deed come together."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from huiyin.server.collect.feedback.attachments import path_of
from huiyin.server.collect.sources.models import Source
from huiyin.server.collect.sources.services import source_change
from huiyin.server.foundation.audit.services import record, record_change
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.foundation.people.services.unmasking import unmasking_record
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.privacy.jobs import ERASE, RENEW
from huiyin.server.understand.privacy.models import Erasure, Retention
from huiyin.server.understand.privacy.selectors import Clear, copy_of, in_the_clear, operations_of
from huiyin.server.understand.reading.pseudonyms import name_behind, pseudonym

_LARGEST_COPY = 200 * 1024 * 1024
"""Of photos and recordings in the copy that a customer gets: it is made in memory."""


def voice_unmask(user: Any, feedback_id: str, reason: str) -> Clear:
    """A voice in the clear, once it is written down who saw it and why.

    Raises:
        PermissionDenied: the person may not unmask.
    """
    unmasking_record(user, feedback_id=feedback_id, fields=["text", "customer_id"], reason=reason)
    return in_the_clear(feedback_id)


def customer_unmask(user: Any, customer: str, reason: str) -> str:
    """Who stands behind a pseudonym; empty where that is not known.

    Raises:
        PermissionDenied: the person may not unmask.
    """
    if not user.has_perm("voices.unmask"):
        raise PermissionDenied("voices.unmask")
    with state_write():
        record("customer.unmasked", customer, actor=user, object_type="customer", after={"reason": reason})
    return name_behind(customer) or ""


def customer_find(user: Any, known_as: str) -> str:
    """The pseudonym of whoever a source knows under that number. Asking is written down, the number is not."""
    found = pseudonym(known_as)
    with state_write():
        record("customer.looked_up", found, actor=user, object_type="customer")
    return found


def customer_copy(user: Any, customer: str) -> bytes:
    """Everything kept of a customer as a ZIP: one JSON document, a page to read, photos and recordings."""
    with state_write():
        record("customer.copied", customer, actor=user, object_type="customer")
    voices = list(copy_of(customer))
    files, left_out = _fitting(path_of(name) for one in voices for name in one["attachments"])
    said = {
        "customer": name_behind(customer),
        "pseudonym": customer,
        "made_at": timezone.now(),
        "voices": voices,
        "operations": operations_of(customer),
        "left_out": left_out,
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("customer.json", json.dumps(said, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder, default=str))
        file.writestr("voices.txt", "\n\n".join(_readable(one) for one in voices))
        for path in files:
            file.write(path, f"attachments/{path.parent.name}/{path.name}", zipfile.ZIP_STORED)
    return written.getvalue()


def _fitting(paths: Iterable[Path]) -> tuple[list[Path], list[str]]:
    """Photos and recordings as far as there is room, and the names of those for which there is none."""
    taken: list[Path] = []
    left_out: list[str] = []
    room = _LARGEST_COPY
    for path in paths:
        size = path.stat().st_size if path.is_file() else 0
        if size and size <= room:
            room -= size
            taken.append(path)
        else:
            left_out.append(f"{path.parent.name}/{path.name}")
    return taken, left_out


def _readable(one: dict[str, Any]) -> str:
    sent = one["sent"] if isinstance(one["sent"], dict) else {"text": one["sent"] or "—"}
    head = f"{timezone.localtime(one['received_at']):%Y-%m-%d %H:%M}  {one['source']}  {one['external_id']}"
    return "\n".join([head, *(str(sent[name]) for name in ("title", "text") if sent.get(name))])


def customer_erase(user: Any, customer: str, reason: str) -> Erasure:
    """Ask for a customer to be erased everywhere; a job does it, the receipt says when it is done."""
    with state_write():
        asked = Erasure.objects.filter(customer=customer, state=Erasure.State.ASKED).first()
        if asked is None:
            asked = Erasure.objects.create(customer=customer, reason=reason[:300], asked_at=timezone.now(), asked_by=user)
            asked.job = enqueue(ERASE, {"erasure": asked.pk}, key=str(asked.pk), user=user)
            asked.save()
            record("customer.erasure_asked", asked, actor=user, after={"reason": reason})
    return asked


def retention_set(user: Any, source: Source, keep_days: int, voices_days: int) -> None:
    """How long a source's payloads and voices are kept."""
    with state_write():
        rule, _made = Retention.objects.get_or_create(source=source)
        before, rule.voices_days = rule.voices_days, voices_days
        rule.save()
        record_change("retention.changed", rule, actor=user, before={"voices_days": before}, after={"voices_days": voices_days})
        if source.keep_days != keep_days:
            source_change(source, actor=user, keep_days=keep_days)


def backups_renew(user: Any) -> Job:
    """A fresh backup in the place of all others, so that none holds those who were erased."""
    return enqueue(RENEW, key="now", user=user)
