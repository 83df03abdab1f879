"""Keeping what an agent wrote down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huiyin.server.collect.feedback.services import Receipt, take
from huiyin.server.collect.sources.entries import entry_of
from huiyin.server.collect.sources.models import Source
from huiyin.server.collect.sources.services import default_source
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.writing import state_write


def manual_source() -> Source:
    """The source of manual entry."""
    return default_source("manual", "人工录入")


def voice_write_down(said: Mapping[str, Any], *, actor: Any, form_key: str) -> Receipt:
    """Keep one voice. `form_key` was drawn with the form: sent twice, it is kept once. The audit row holds no words of the customer.

    Raises:
        RecordRefused: there is no text.
    """
    entry = entry_of({**said, "external_id": f"form-{form_key}"})
    source = manual_source()
    with state_write():
        receipt = take(source.pk, [entry])[0]
        if receipt.status == "created":
            record("voice.written_down", receipt.number, actor=actor, object_type="inbox", object_name=entry.external_id)
    return receipt
