"""Erasing a customer everywhere, and voices whose time is over. Every step may be done twice.

Facts first, then the inbox, both under the writers' lock: whoever reads or re-reads looks into the inbox under that lock, so that a batch
in hand cannot bring back what was erased; cut off between the two, doing it again still finds the inbox rows.

Other apps that keep something of a voice or a customer bring a module `forgetting` with `forget(customer, feedback_ids) -> dict[str, int]`,
which deletes it inside the given transaction and says how much by place.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from huiyin.server.collect.feedback.models import Inbox, feedback_id
from huiyin.server.collect.feedback.services import rows_delete
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.reading.facts import facts_store, facts_write
from huiyin.server.understand.reading.models import Pseudonym, Signature
from huiyin.server.understand.reading.pseudonyms import pseudonym
from huiyin.server.web.brought import brought

_STEP = 500


def numbers_of(customer: str, before: datetime | None = None) -> list[int]:
    """The inbox rows of a customer, by pseudonym: read ones, and those not read yet whose record names the same person."""
    rows = Inbox.objects.all() if before is None else Inbox.objects.filter(received_at__lte=before)
    found = set(rows.filter(customer=customer).values_list("pk", flat=True))
    unread = rows.exclude(state=Inbox.State.DONE).filter(customer="").values_list("pk", "record", "raw")
    found |= {number for number, record, raw in unread.iterator(chunk_size=2000) if _names(record or raw, customer)}
    return sorted(found)


def _names(payload: str, customer: str) -> bool:
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError):
        return False
    given = said.get("customer_id") if isinstance(said, dict) else None
    return bool(given) and pseudonym(str(given)) == customer


def erase_customer(customer: str, before: datetime | None = None) -> dict[str, int]:
    """Erase a customer, by pseudonym, or only what came in until `before`; gives how much was deleted by place."""
    numbers = numbers_of(customer, before)
    counts = Counter(erase_rows(numbers, customer))
    if before is None:
        with facts_write() as facts:
            # What came another way than through the inbox, and what happened.
            counts["operations"] += _operations_of(customer)
            counts["feedback"] += facts.erase_customer(customer)
        with state_write():
            counts["names"] += Pseudonym.objects.filter(name=customer).delete()[0]
    else:
        old = facts_store().query(
            "SELECT feedback_id FROM feedback WHERE customer_id = ? AND received_at <= CAST(? AS TIMESTAMPTZ)", [customer, before.isoformat()]
        )["feedback_id"]
        with facts_write() as facts:
            counts["feedback"] += facts.erase(old.to_pylist())
    return dict(counts)


def erase_rows(numbers: Sequence[int], customer: str = "") -> dict[str, int]:
    """Erase inbox rows with all that was made of them; gives how much was deleted by place."""
    counts: Counter[str] = Counter()
    for some in _steps(numbers):
        ids = [feedback_id(number) for number in some]
        with facts_write() as facts:
            counts["feedback"] += facts.erase(ids)
            with state_write():
                for app in brought("forgetting"):
                    counts.update(app.forget(customer, ids))
                counts["signatures"] += Signature.objects.filter(number__in=some).delete()[0]
                counts["inbox"] += rows_delete(some)
    return dict(counts)


def left_of(customer: str) -> dict[str, int]:
    """What a look finds of a customer, by place."""
    store = facts_store()
    asked = {table: f"SELECT count(*) AS n FROM {table} WHERE customer_id = ?" for table in ("feedback", "mention")}
    found = {table: int(store.query(sql, [customer])["n"][0].as_py()) for table, sql in asked.items()}
    found["operations"] = _operations_of(customer)
    found["inbox"] = len(numbers_of(customer))
    found["names"] = Pseudonym.objects.filter(name=customer).count()
    return found


def _operations_of(customer: str) -> int:
    return int(facts_store().query("SELECT count(*) AS n FROM operation WHERE customer_id = ?", [customer])["n"][0].as_py())


def _steps(numbers: Sequence[int]) -> Iterator[list[int]]:
    for at in range(0, len(numbers), _STEP):
        yield list(numbers[at : at + _STEP])
