"""Making events and sending them."""

from __future__ import annotations

from huiyin.server.foundation.jobs.registry import job
from huiyin.server.foundation.jobs.run import Run
from huiyin.server.prioritise.webhooks.models import Delivery, Endpoint
from huiyin.server.prioritise.webhooks.sending import attempt
from huiyin.server.prioritise.webhooks.services import DELIVER, events_collect

COLLECT = "webhooks.collect"


@job(COLLECT, cron="* * * * *")
def collect(run: Run) -> dict[str, object]:
    """Make deliveries of what happened; the clock is the safety net, changes call it at once."""
    return {"made": events_collect() if Endpoint.objects.exists() else 0}


@job(DELIVER)
def deliver(run: Run) -> dict[str, object]:
    """Send one event to one endpoint."""
    row = Delivery.objects.select_related("endpoint").filter(pk=int(run.payload["delivery"])).first()
    if row is None:
        return {"gone": True}
    attempt(row)
    return {}
