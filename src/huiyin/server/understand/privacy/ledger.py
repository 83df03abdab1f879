"""Who was erased and when, in a file beside the databases: a restored backup knows nothing of erasures after it, this file does.

Pseudonyms and times only, one JSON line each; appended and synced before anything is deleted.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings


def ledger_path() -> Path:
    """Where the file lies."""
    return Path(settings.DATA) / "erasures.jsonl"


def ledger_add(customer: str, at: datetime) -> None:
    """Write a line for good."""
    handle = os.open(ledger_path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, (json.dumps({"customer": customer, "erased": at.isoformat()}) + "\n").encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def ledger_lines() -> dict[str, datetime]:
    """The last erasure of each customer. A line cut off by a crash is passed over: its erasure is still in the state."""
    found: dict[str, datetime] = {}
    if not ledger_path().is_file():
        return found
    for line in ledger_path().read_text(encoding="utf-8").splitlines():
        try:
            said = json.loads(line)
            found[str(said["customer"])] = datetime.fromisoformat(said["erased"])
        except (ValueError, KeyError, TypeError):
            continue
    return found
