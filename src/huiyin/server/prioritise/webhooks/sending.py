"""One attempt at a delivery, and when the next one is due."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.outgoing import fetch
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.webhooks.models import Delivery, Endpoint
from huiyin.server.prioritise.webhooks.services import DELIVER, EndpointRefused, test_event
from huiyin.server.prioritise.webhooks.signing import headers

WAITS = tuple(timedelta(seconds=one) for one in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400))
"""After each failed attempt, as Standard Webhooks proposes; after the last one the event counts as not delivered."""
_LARGEST = 1 << 20


def endpoint_test(user: Any, endpoint: Endpoint) -> Delivery:
    """Send a small event at once and give what came of it. One that fails is tried again like any other.

    Raises:
        EndpointRefused: it is switched off.
    """
    if not endpoint.enabled:
        raise EndpointRefused(_("先启用，再试。"))
    row = test_event(user, endpoint)
    attempt(row)
    row.refresh_from_db()
    return row


def attempt(delivery: Delivery) -> None:
    """Send it once. What comes of it is kept; a failure puts the next attempt on the queue."""
    endpoint = delivery.endpoint
    if delivery.state != Delivery.State.WAITING or not endpoint.enabled:
        return
    known = endpoint.secrets
    former = known.get("before", "") if endpoint.former_until and endpoint.former_until > timezone.now() else ""
    signed = headers([one for one in (known.get("now", ""), former) if one], delivery.event, int(time.time()), delivery.body)
    status, trouble = None, ""
    try:
        status = fetch(endpoint.url, headers=signed, body=delivery.body.encode(), largest=_LARGEST).status
    except SourceRefused as error:
        trouble = error.message_en if translation.get_language() == "en" else error.message_zh
    with state_write():
        _note(delivery, endpoint, status, trouble)


def _note(delivery: Delivery, endpoint: Endpoint, status: int | None, trouble: str) -> None:
    attempts = delivery.attempts + 1
    changes: dict[str, object] = {"attempts": attempts, "status": status, "trouble": (trouble or (f"HTTP {status}" if status else ""))[:300]}
    if status is not None and 200 <= status < 300:
        changes |= {"state": Delivery.State.DELIVERED, "done_at": timezone.now(), "trouble": ""}
    elif status == 410 or attempts > len(WAITS):
        # Gone for good, or silent for three days: nobody listens there any more.
        changes |= {"state": Delivery.State.FAILED, "done_at": timezone.now()}
        if Endpoint.objects.filter(pk=endpoint.pk, enabled=True).update(enabled=False):
            record("webhook.switched_off", endpoint, after={"status": status, "attempts": attempts})
    else:
        enqueue(DELIVER, {"delivery": delivery.pk}, key=str(delivery.pk), delay=WAITS[attempts - 1])
    Delivery.objects.filter(pk=delivery.pk).update(**changes)
