"""The door to the facts, whichever engine holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Protocol

import pyarrow as pa

from huiyin.facts.corrections import Correction
from huiyin.facts.filters import Filter


class Voices(Protocol):
    """What `insight` needs: a query over `voice` and `opinion` (see `views`), rows as an Arrow table.

    `sql` is written once in a plain subset of DuckDB's SQL that sqlglot carries over to ClickHouse: CASE instead of FILTER,
    explicit casts and window frames, ORDER BY with tie-breakers.
    """

    def query(
        self, sql: str, parameters: Sequence[object] = (), where: Filter | None = None, *, tables: Mapping[str, pa.Table] | None = None
    ) -> pa.Table:
        """Rows of a query as an Arrow table; `tables` are small tables given along, under the names the query uses."""
        ...


class Facts(Protocol):
    """A lasting store. Every method may be called from any thread; writes go one at a time, reads beside them see what was committed."""

    @property
    def revision(self) -> int:
        """A number that rises with every committed write: equal numbers, equal answers."""
        ...

    @property
    def version(self) -> str:
        """The published taxonomy version, which a query means when it names none."""
        ...

    def append(self, feedback: pa.Table, mentions: pa.Table) -> None:
        """Add a batch whose ids are new to the store."""
        ...

    def replace(self, feedback: pa.Table, mentions: pa.Table) -> None:
        """Put a batch in the place of what the store holds under its ids, if anything. Doing it twice is doing it once."""
        ...

    def erase_customer(self, customer_id: str) -> int:
        """Forget a customer: feedback, mentions, corrections, operations. Gives the number of feedback erased."""
        ...

    def erase(self, feedback_ids: Sequence[str]) -> int:
        """Forget feedback by its ids: mentions and corrections with it. Gives the number of feedback erased."""
        ...

    def operate(self, operations: pa.Table) -> None:
        """Put what happened with customers in the place of what the store holds under the same ids, if anything."""
        ...

    def drop_operations(self, source: str) -> int:
        """Forget everything that one source said happened. Gives the number of operations dropped."""
        ...

    def query(
        self,
        sql: str,
        parameters: Sequence[object] = (),
        where: Filter | None = None,
        version: str | None = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> pa.Table:
        """Rows of a query over `voice`, `opinion`, `happening` and the `tables` given along."""
        ...

    def correct(self, corrections: Sequence[Correction]) -> None:
        """Keep what people corrected and lay it over the labels, now and after every later reading."""
        ...

    def corrections(self) -> list[Correction]:
        """All corrections in the order they were made."""
        ...

    def relabel(self, version: str, feedback_ids: Sequence[str], mentions: pa.Table) -> None:
        """Write what feedback that is here already says under another taxonomy version; other versions stay."""
        ...

    def publish(self, version: str, author: str, moved: Mapping[str, str | None] | None = None) -> None:
        """Make a version the one that is meant when none is named; with `moved` it begins with what the former one says, under new paths."""
        ...

    def drop_version(self, version: str) -> None:
        """Forget the mentions of a version that is not the published one."""
        ...

    def versions(self) -> pa.Table:
        """The taxonomy versions: name, state (draft, published, former), author, changed_at."""
        ...

    def export(self, folder: Path, where: Filter | None = None) -> tuple[Path, Path]:
        """Write `feedback.parquet` and `mentions.parquet` in the columns of the schema."""
        ...

    def vacuum(self) -> None:
        """Give back the room of what was erased and replaced, so that nothing of it is left in the file, and put rows in order."""
        ...

    def backup(self, target: Path) -> Mapping[str, int]:
        """Copy the store as it stands into one file while it runs. Gives the rows of each table."""
        ...

    def rebuild(self, batches: Iterable[tuple[pa.Table, pa.Table]]) -> None:
        """Make the facts anew from `batches`, replay the corrections, and only then put them in the place of the present ones."""
        ...

    def remember(self, name: str, day: date, rows: pa.Table) -> None:
        """Keep a small table under a name and a day; the same again replaces it."""
        ...

    def recall(self, name: str, day: date) -> pa.Table | None:
        """What was remembered under the name on that day."""
        ...

    def remembered(self, name: str) -> list[date]:
        """The days of a name, in order."""
        ...

    def forget(self, name: str, before: date) -> None:
        """Drop what was remembered before a day."""
        ...

    def close(self) -> None:
        """Write everything and let the store go."""
        ...

    def __enter__(self) -> Facts: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
