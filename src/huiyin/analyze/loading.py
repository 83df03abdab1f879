"""From files to settled facts: read, understood, freed of repetitions. What `analyze` and `import` have in common."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from huiyin.analyze import duplication, records
from huiyin.analyze.outputs import RejectsFile
from huiyin.analyze.progress import Progress
from huiyin.facts import FactsStore
from huiyin.files import FeedbackFiles, Limits, ReadOptions
from huiyin.text import Reader, taxonomy

_TAXONOMY_SAMPLE = 3000


class JobError(Exception):
    """The job cannot be done; `code` names the reason, the messages are one line each."""

    def __init__(self, code: str, message_zh: str, message_en: str) -> None:
        super().__init__(message_en)
        self.code, self.message_zh, self.message_en = code, message_zh, message_en


@dataclass(frozen=True, slots=True)
class AnalyzeOptions:
    """What may be said about a job; `read` holds the overrides of how files are read."""

    read: ReadOptions = field(default_factory=ReadOptions)
    taxonomy: str = "auto"
    model: Path | None = None
    force: bool = False
    limits: Limits = field(default_factory=Limits)


class Load:
    """One load of files into a working store; afterwards what was read, rejected and found to be repeated stands here."""

    def __init__(self, files: FeedbackFiles, reader: Reader, progress: Progress) -> None:
        self._files, self._progress = files, progress
        self.reader = reader
        self.read = 0
        self.rejected: Counter[str] = Counter()
        self.partial = False

    @property
    def kept(self) -> int:
        """Rows that are in the store."""
        return self.read - sum(self.rejected.values())

    def take_all(self, store: FactsStore, rejects: RejectsFile) -> duplication.Ledger:
        """Read every batch into the store. Ctrl-C ends it early and leaves whole batches."""
        store.begin_load()
        ledger = duplication.Ledger()
        kept = taken = 0
        batches = self._files.batches()
        try:
            for batch in batches:
                rejects.write(batch.rejects)
                self.rejected.update(reject.code for reject in batch.rejects)
                self._take(store, ledger, batch.records, kept)
                kept += batch.records.num_rows
                taken += 1
                self.read = kept + sum(self.rejected.values())
                self._progress.read(self.read, batch.bytes_read)
                if self._progress.stopped:
                    self.partial = True
                    break
        except KeyboardInterrupt:
            if not taken:
                raise
            # The batch in hand may stand in one of the two and not in the other.
            store.discard_from(kept)
            ledger.keep(taken)
            self.partial = True
        return ledger

    def _take(self, store: FactsStore, ledger: duplication.Ledger, batch: pa.RecordBatch, first_row: int) -> None:
        texts = records.texts_of(batch)
        if self.reader.taxonomy is None:
            written = [text for text in texts if text]
            chosen, scores = taxonomy.choose(written[:: len(written) // _TAXONOMY_SAMPLE + 1])
            self.reader = self.reader.using(chosen)
            self._progress.taxonomy(chosen.pack, True, scores)
        reading = self.reader.read(texts)
        feedback, mentions = records.rows_of(batch, reading, first_row)
        when = batch["occurred_at"].cast(pa.int64()).fill_null(int(duplication.UNKNOWN_TIME)).to_numpy(zero_copy_only=False)
        store.append(feedback, mentions)
        ledger.add(records.identity_hashes(batch), when, reading.signatures)

    def settle(self, store: FactsStore, ledger: duplication.Ledger) -> duplication.Settled:
        """Drop repeated rows, give second uses of an id their own, mark copies."""
        settled = duplication.settle(ledger)
        rows = [row for row, _ in settled.renamed]
        named = store.query("SELECT row_no, feedback_id FROM feedback WHERE list_contains(?, row_no)", [rows]).to_pylist() if rows else []
        store.settle_load(*duplication.tables(settled, {one["row_no"]: one["feedback_id"] for one in named}))
        return settled
