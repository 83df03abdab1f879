"""One batch of a re-reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import QuerySet
from numpy.typing import NDArray

from huiyin.analyze import records
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.reading.facts import facts_store, facts_write
from huiyin.server.understand.reading.models import Signature
from huiyin.server.understand.reading.rows import customers_of, facts_rows, records_of
from huiyin.server.understand.reading.services import TextReader, model_folder, reading_setup


@dataclass(frozen=True, slots=True)
class Selection:
    """Which voices; nothing said: all that stand in the facts."""

    source: int = 0
    since: str = ""
    until: str = ""
    """When they arrived, ISO 8601; `until` is not included."""
    older_than: str = ""
    """Read by another text version than this."""

    def as_json(self) -> dict[str, Any]:
        """For a job's payload."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Selection:
        """From a job's payload."""
        return cls(**said)


def readable_rows() -> QuerySet[Inbox]:
    """The inbox rows that stand in the facts and whose words are still there."""
    return Inbox.objects.filter(state=Inbox.State.DONE).exclude(raw="")


def chosen_rows(where: Selection) -> QuerySet[Inbox]:
    """The inbox rows of a selection that stand in the facts."""
    rows = Inbox.objects.filter(state=Inbox.State.DONE)
    if where.source:
        rows = rows.filter(source_id=where.source)
    if where.since:
        rows = rows.filter(received_at__gte=datetime.fromisoformat(where.since))
    if where.until:
        rows = rows.filter(received_at__lt=datetime.fromisoformat(where.until))
    if where.older_than:
        rows = rows.exclude(text_version=where.older_than)
    return rows


def read_anew(rows: Sequence[Inbox], reader: TextReader, taxonomy: str = "") -> tuple[pa.Table, pa.Table, str]:
    """Rows as facts, read now: feedback, mentions, and the version that read them.

    Who repeats whom, and what came in a flood, stays as it was decided when they came.
    """
    batch = records_of(rows)
    read = reader.read(taxonomy or reading_setup().taxonomy, records.texts_of(batch), model_folder())
    known = dict(Signature.objects.filter(number__in=[row.pk for row in rows]).values_list("number", "leader"))
    leaders = np.array([known.get(row.pk, 0) for row in rows], np.int64)
    feedback, mentions = facts_rows(rows, batch, read, customers_of(batch), leaders, _flooded(rows))
    return feedback, mentions, read.version


def _flooded(rows: Sequence[Inbox]) -> NDArray[np.bool_]:
    ids = pa.table({"wanted_id": pa.array([row.feedback_id for row in rows], pa.string())})
    sql = "SELECT f.feedback_id AS id FROM wanted w JOIN feedback f ON w.wanted_id = f.feedback_id WHERE f.spam_reason = 'flood'"
    known = set(facts_store().query(sql, tables={"wanted": ids})["id"].to_pylist())
    return np.array([row.feedback_id in known for row in rows], bool)


def reread_rows(rows: Sequence[Inbox], reader: TextReader, taxonomy: str = "", draft: str = "") -> None:
    """Read rows again and put them in the place of what stands there; under a draft, only their mentions, beside what stands there.

    A row that was corrected or erased meanwhile is left out.
    """
    if not rows:
        return
    numbers = [row.pk for row in rows]
    feedback, mentions, version = read_anew(rows, reader, taxonomy)
    with facts_write() as facts:
        # Under the lock nothing is erased or read: what is gone from the inbox now stays gone from the facts.
        present = dict(Inbox.objects.filter(pk__in=numbers, state=Inbox.State.DONE).values_list("id", "revision"))
        kept = [row.feedback_id for row in rows if present.get(row.pk) == row.revision]
        if draft:
            facts.relabel(draft, kept, _of(mentions, kept))
        else:
            facts.replace(_of(feedback, kept), _of(mentions, kept))
    if not draft:
        with state_write():
            for row in rows:
                Inbox.objects.filter(pk=row.pk, revision=row.revision, state=Inbox.State.DONE).update(text_version=version)


def _of(table: Any, kept: Sequence[str]) -> Any:

    return table.filter(pc.is_in(table["feedback_id"], value_set=pa.array(kept, pa.string())))
