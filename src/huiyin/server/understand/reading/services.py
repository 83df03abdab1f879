"""Reading a batch of the inbox into the facts. A crash at any line loses nothing and doubles nothing.

Facts first, in one transaction that replaces by id; then, in one transaction of state, the rows are done, their signatures and
customers kept. Killed between the two, the batch is read again and replaces itself.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import numpy as np
from django.conf import settings
from django.utils import timezone

from huiyin.analyze import records
from huiyin.facts import BatchRefused
from huiyin.server.collect.feedback import services as inbox
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.feedback.services import ReadRow
from huiyin.server.foundation.asking import asked_once
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.reading.child import ReadTexts
from huiyin.server.understand.reading.facts import facts_write, voices_arrive
from huiyin.server.understand.reading.models import ReadingSetup, Signature
from huiyin.server.understand.reading.process import ReaderBroken
from huiyin.server.understand.reading.pseudonyms import keep_names
from huiyin.server.understand.reading.rows import customers_of, facts_rows, records_of
from huiyin.server.understand.reading.window import MOST, Signed, Window

_LOG = logging.getLogger(__name__)


class _Gone(Exception):  # noqa: N818 - no error: rows were erased while they were being read
    """Rows of the batch are no longer in the inbox."""


class TextReader(Protocol):
    """Something that reads texts: the process, or in tests this one."""

    def read(self, taxonomy: str, texts: list[str], model: str = "") -> ReadTexts:
        """Read a batch under a taxonomy, with the model in a folder or with the shipped one."""
        ...


def reading_setup() -> ReadingSetup:
    """By what voices are read."""
    return asked_once("reading_setup", lambda: ReadingSetup.objects.first() or ReadingSetup())


def models_folder() -> Path:
    """Where the files of models lie that corrections have taught, each in a folder of its version."""
    return Path(settings.DATA) / "models"


def model_folder() -> str:
    """The folder of the model in use; empty: the shipped one."""
    version = reading_setup().model
    return str(models_folder() / version) if version else ""


def load_window() -> Window:
    """The remembered voices, from the table."""
    since = timezone.now() - timedelta(days=reading_setup().duplicate_days)
    kept = Signature.objects.filter(received_at__gte=since).order_by("-number")[:MOST]
    rows = list(kept.values_list("number", "exact", "minhash", "letters", "customer", "leader"))[::-1]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    minhash = np.frombuffer(b"".join(bytes(one) for one in columns[2]), np.uint16).reshape(len(rows), 32)
    number, exact, letters, customer, leader = (np.array(columns[at], np.int64) for at in (0, 1, 3, 4, 5))
    return Window(Signed(number, exact, minhash.copy(), letters, customer), leader)


def read_rows(rows: Sequence[Inbox], reader: TextReader, window: Window, taxonomy: str | None = None) -> int:
    """Read inbox rows into the facts; gives how many stand there now. A row that cannot be read is rejected, alone.

    Raises:
        ReaderRefused, FactsError: nothing can be read as things stand; the rows wait.
    """
    if not rows:
        return 0
    try:
        _read(rows, reader, window, taxonomy or reading_setup().taxonomy)
        return len(rows)
    except _Gone:
        left = set(_still_there(rows))
        return read_rows([row for row in rows if row.pk in left], reader, window, taxonomy)
    except (ReaderBroken, BatchRefused, ValueError) as error:
        if len(rows) > 1:
            half = len(rows) // 2
            return read_rows(rows[:half], reader, window, taxonomy) + read_rows(rows[half:], reader, window, taxonomy)
        return _read_alone(rows[0], reader, window, taxonomy, error)


def _read_alone(row: Inbox, reader: TextReader, window: Window, taxonomy: str | None, error: Exception) -> int:
    """A row over which reading failed: the machine may have been at fault once, not twice."""
    if isinstance(error, ReaderBroken):
        try:
            _read([row], reader, window, taxonomy or reading_setup().taxonomy)
            return 1
        except (ReaderBroken, BatchRefused, ValueError) as again:
            error = again
    _LOG.warning("inbox row %s cannot be read: %s", row.pk, type(error).__name__)
    inbox.reject(row.pk, row.revision, "unreadable", f"{type(error).__name__}: {error}")
    return 0


def _read(rows: Sequence[Inbox], reader: TextReader, window: Window, taxonomy: str) -> None:
    batch = records_of(rows)
    read = reader.read(taxonomy, records.texts_of(batch), model_folder())
    customers = customers_of(batch)
    signed = _signed(rows, read, customers)
    leaders = window.mark(signed)
    try:
        feedback, mentions = facts_rows(rows, batch, read, customers, leaders, window.flooded(signed))
        with facts_write() as facts:
            # Who erases holds this lock until the inbox rows are gone: what is not there now must not be brought back.
            if len(_still_there(rows)) < len(rows):
                raise _Gone
            voices_arrive(facts, feedback, mentions)
            _settle(rows, read, customers, signed, leaders)
    except BaseException:
        window.forget(signed.number)
        raise


def _still_there(rows: Sequence[Inbox]) -> list[int]:
    numbers = [row.pk for row in rows]
    return list(Inbox.objects.filter(pk__in=numbers).values_list("pk", flat=True))


def _signed(rows: Sequence[Inbox], read: ReadTexts, customers: Sequence[tuple[str, str] | None]) -> Signed:
    known = [_hashed(one[0]) if one else 0 for one in customers]
    numbers = np.array([row.pk for row in rows], np.int64)
    return Signed(numbers, read.exact.view(np.int64), read.minhash, read.letters, np.array(known, np.int64))


def _hashed(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") >> 1 or 1


def _settle(rows: Sequence[Inbox], read: ReadTexts, customers: Sequence[tuple[str, str] | None], signed: Signed, leaders: np.ndarray) -> None:
    """The state that follows from what stands in the facts now."""
    kept = [
        Signature(
            number=row.pk,
            exact=int(signed.exact[at]),
            minhash=signed.minhash[at].tobytes(),
            letters=int(signed.letters[at]),
            customer=int(signed.customer[at]),
            leader=int(leaders[at]),
            received_at=row.received_at,
        )
        for at, row in enumerate(rows)
    ]
    done = [ReadRow(row.pk, row.revision, one[0] if one else "", read.version) for row, one in zip(rows, customers, strict=True)]
    corrected = [row.pk for row in rows if row.revision > 1]
    with state_write():
        keep_names(one for one in customers if one)
        Signature.objects.bulk_create(
            kept, update_conflicts=True, unique_fields=["number"], update_fields=["exact", "minhash", "letters", "customer", "leader", "received_at"]
        )
        inbox.mark_done(done)
        if corrected:
            # What repeated the former words may repeat nothing any more.
            inbox.read_again(list(Signature.objects.filter(leader__in=corrected).values_list("number", flat=True)))
        publish("reading.done", {"count": len(rows), "first": rows[0].pk, "last": rows[-1].pk})


def set_taxonomy(taxonomy: str) -> ReadingSetup:
    """What is read from now on is read under this taxonomy: a shipped pack, or the path of a file."""
    with state_write():
        setup = reading_setup()
        setup.taxonomy = taxonomy
        setup.save()
    return setup
