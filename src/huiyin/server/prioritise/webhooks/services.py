"""Writes of endpoints and deliveries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.webhooks.events import KINDS, body_of, of_audit, of_readings, wanted
from huiyin.server.prioritise.webhooks.models import Delivery, Endpoint, Told
from huiyin.server.prioritise.webhooks.signing import new_secret

DELIVER = "webhooks.deliver"
_FORMER = timedelta(hours=24)
_TEST = "test"


class EndpointRefused(ValueError):
    """An endpoint that cannot be; `str` of it is for the person."""


def endpoint_make(user: Any, name: str, url: str, kinds: Sequence[str]) -> tuple[Endpoint, str]:
    """An endpoint and its secret, which is shown once.

    Raises:
        EndpointRefused: no name, no HTTP address, or events that are none.
    """
    _checked(name, url, kinds)
    secret = new_secret()
    with state_write():
        _begin()
        endpoint = Endpoint(name=name.strip(), url=url.strip(), kinds=sorted(set(kinds)), made_by=user)
        endpoint.secrets = {"now": secret}
        endpoint.save()
        record("webhook.made", endpoint, actor=user, after={"url": _host(endpoint.url), "kinds": endpoint.kinds})
    return endpoint, secret


def endpoint_change(user: Any, endpoint: Endpoint, name: str, url: str, kinds: Sequence[str], enabled: bool) -> None:
    """Change an endpoint; switched on again, what waits for it goes out.

    Raises:
        EndpointRefused: as in `endpoint_make`.
    """
    _checked(name, url, kinds)
    with state_write():
        before = {"url": _host(endpoint.url), "kinds": endpoint.kinds, "enabled": endpoint.enabled}
        endpoint.name, endpoint.url, endpoint.kinds, endpoint.enabled = name.strip(), url.strip(), sorted(set(kinds)), enabled
        endpoint.save()
        record("webhook.changed", endpoint, actor=user, before=before,
               after={"url": _host(endpoint.url), "kinds": endpoint.kinds, "enabled": enabled})  # fmt: skip
        if enabled:
            for number in endpoint.deliveries.filter(state=Delivery.State.WAITING).values_list("pk", flat=True):
                enqueue(DELIVER, {"delivery": number}, key=str(number))


def endpoint_remove(user: Any, endpoint: Endpoint) -> None:
    """Forget an endpoint and what was sent there."""
    with state_write():
        record("webhook.removed", endpoint, actor=user, before={"url": _host(endpoint.url)})
        endpoint.delete()


def secret_renew(user: Any, endpoint: Endpoint) -> str:
    """Another secret; for a day the former one signs too, so that the receiver can change over without a gap."""
    with state_write():
        secret = new_secret()
        endpoint.secrets = {"now": secret, "before": endpoint.secrets.get("now", "")}
        endpoint.former_until = timezone.now() + _FORMER
        endpoint.save()
        record("webhook.secret_renewed", endpoint, actor=user)
    return secret


def test_event(user: Any, endpoint: Endpoint) -> Delivery:
    """A small event to see whether it comes through; `sending.attempt` sends it."""
    now = timezone.now()
    with state_write():
        return Delivery.objects.create(
            endpoint=endpoint, event=f"msg_{uuid4().hex}", kind=_TEST, body=body_of(_TEST, now, {"by": str(user)}), made_at=now
        )


def deliveries_again(user: Any, endpoint: Endpoint, numbers: Sequence[int] | None = None) -> int:
    """Send some deliveries again, or all that did not come through; the events keep their ids. Gives how many."""
    with state_write():
        chosen = endpoint.deliveries.filter(pk__in=numbers) if numbers is not None else endpoint.deliveries.filter(state=Delivery.State.FAILED)
        rows = list(chosen.values_list("pk", flat=True))
        Delivery.objects.filter(pk__in=rows).update(state=Delivery.State.WAITING, attempts=0, trouble="", status=None, done_at=None)
        for number in rows:
            enqueue(DELIVER, {"delivery": number}, key=str(number), user=user)
        if rows:
            record("webhook.sent_again", endpoint, actor=user, after={"count": len(rows)})
    return len(rows)


def events_collect() -> int:
    """Make deliveries of what happened since the last time; gives how many."""
    made = 0
    while True:
        with state_write():
            endpoints = [one for one in Endpoint.objects.all() if one.enabled]
            told = _begin()
            rows = list(of_audit(told.audit))
            events = [(name, kind, body) for _number, name, kind, body in rows if kind]
            until = timezone.now()
            if told.read_at is not None and any(wanted(one.kinds, "voices.read") for one in endpoints):
                events += of_readings(told.read_at, until)
            made += sum(_deliver(endpoint, event) for event in events for endpoint in endpoints if wanted(endpoint.kinds, event[1]))
            told.audit, told.read_at = (rows[-1][0] if rows else told.audit), until
            told.save()
        if not rows:
            return made


def _begin() -> Told:
    """Where events begin: what happened before the first endpoint was there is not told."""
    told, fresh = Told.objects.select_for_update().get_or_create(pk=1)
    if fresh or (not Endpoint.objects.exists()):
        told.audit = AuditEntry.objects.aggregate(last=Max("id"))["last"] or 0
        told.read_at = timezone.now()
        told.save()
    return told


def _deliver(endpoint: Endpoint, event: tuple[str, str, str]) -> int:
    name, kind, body = event
    row, made = Delivery.objects.get_or_create(endpoint=endpoint, event=name, defaults={"kind": kind, "body": body, "made_at": timezone.now()})
    if made:
        enqueue(DELIVER, {"delivery": row.pk}, key=str(row.pk))
    return int(made)


def _checked(name: str, url: str, kinds: Sequence[str]) -> None:
    parts = urlsplit(url.strip())
    if not name.strip():
        raise EndpointRefused(_("给它起个名。"))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EndpointRefused(_("地址要以 http:// 或 https:// 开头。"))
    if parts.username or parts.password:
        raise EndpointRefused(_("地址里不要写用户名和密码，签名已经证明是我们发的。"))
    if any(one not in KINDS for one in kinds):
        raise EndpointRefused(_("有不认识的事件：%(kinds)s") % {"kinds": json.dumps([one for one in kinds if one not in KINDS], ensure_ascii=False)})


def _host(url: str) -> str:
    """The address without path and query, where receivers like to put secrets."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}"
