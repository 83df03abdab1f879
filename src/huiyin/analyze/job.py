"""`analyze`: the whole way from files to a report folder, as one call with typed results."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from huiyin.analyze import duplication, records
from huiyin.analyze.outputs import RejectsFile, catalogue_of, run_summary
from huiyin.analyze.progress import Progress, Silent
from huiyin.facts import FactsStore
from huiyin.files import FeedbackFiles, Limits, ReadOptions, open_files
from huiyin.insight import Findings, Intake, analyse_load
from huiyin.report import write_html, write_problems_csv, write_problems_xlsx
from huiyin.text import Reader, taxonomy
from huiyin.text.taxonomy import Taxonomy

WORK = ".huiyin-work"
_TAXONOMY_SAMPLE = 3000
_FILES = ("report.html", "problems.csv", "problems.xlsx", "feedback.parquet", "mentions.parquet", "rejected.csv", "run.json")


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


@dataclass(frozen=True, slots=True)
class AnalysisResult:
    """What was found and where it was written; `run` is the content of run.json."""

    findings: Findings
    folder: Path
    run: dict[str, object]

    @property
    def report(self) -> Path:
        """The page to open."""
        return self.folder / "report.html"


def analyze(paths: Sequence[str | Path], out: str | Path, options: AnalyzeOptions | None = None, progress: Progress | None = None) -> AnalysisResult:
    """Read `paths`, write the seven result files into the folder `out`.

    Raises:
        huiyin.files.FilesError: an input cannot be used.
        huiyin.text.TaxonomyError, huiyin.text.ModelError: a taxonomy or model cannot be used.
        JobError: the folder cannot be used (`out_not_empty`, `out_unwritable`), the disk is full (`disk_full`), or no row could
            be kept (`nothing_kept`).
    """
    options, progress, folder = options or AnalyzeOptions(), progress or Silent(), Path(out)
    with open_files(paths, options.read, limits=options.limits) as files:
        reader = Reader.load(options.taxonomy, options.model)
        _claim(folder, options.force)
        progress.sources(files.sources, files.total_bytes, files.estimated_rows)
        with _storage(folder) as work:
            return _Job(files, reader, folder, work, options, progress).run()


def _claim(folder: Path, force: bool) -> None:
    """Make sure that results can be written into `folder`."""
    try:
        if folder.exists() and not folder.is_dir():
            raise JobError("out_unwritable", f"{folder} 不是文件夹", f"{folder} is not a folder")
        # A run that was killed leaves its working folder behind and nothing else.
        shutil.rmtree(folder / WORK, ignore_errors=True)
        if folder.is_dir() and any(folder.iterdir()) and not force:
            raise JobError(
                "out_not_empty",
                f"{folder} 里已有文件；换一个文件夹，或加 --force 覆盖",
                f"{folder} is not empty; choose another folder or add --force",
            )
        (folder / WORK).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JobError("out_unwritable", f"不能写入 {folder}：{error.strerror}", f"Cannot write to {folder}: {error.strerror}") from None


@contextmanager
def _storage(folder: Path) -> Iterator[Path]:
    """The working folder inside `folder`, removed afterwards; a full disk is told in one line."""
    work = folder / WORK
    try:
        yield work
    except (OSError, duckdb.Error, pa.ArrowException) as error:
        full = getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error) or "out of disk" in str(error).lower()
        if full:
            raise JobError(
                "disk_full",
                f"磁盘满了，{folder} 里没有留下不完整的结果；腾出空间再运行",
                f"The disk is full; nothing incomplete was left in {folder}. Free some space and run again",
            ) from None
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


class _Job:
    """One run. Results are made in the working folder and moved into place together at the end."""

    def __init__(self, files: FeedbackFiles, reader: Reader, folder: Path, work: Path, options: AnalyzeOptions, progress: Progress) -> None:
        self._files, self._reader, self._folder, self._work = files, reader, folder, work
        self._options, self._progress = options, progress
        self._seconds: dict[str, float] = {}
        self._peak: dict[str, int] = {}
        self._read = 0
        self._rejected: Counter[str] = Counter()
        self._partial = False
        self._names: dict[int, str] = {}

    def run(self) -> AnalysisResult:
        """The four rooms, one after the other."""
        with FactsStore(self._work / "facts.duckdb") as store, RejectsFile(self._work / "rejected.csv") as rejects:
            with self._timed("read"):
                ledger = self._load(store, rejects)
            if self._read - sum(self._rejected.values()) <= 0:
                os.replace(self._work / "rejected.csv", self._folder / "rejected.csv")
                raise JobError("nothing_kept", "没有一行可用；原因见 rejected.csv", "No row could be used; see rejected.csv for the reasons")
            with self._timed("settle"):
                self._progress.step("settle")
                settled = self._settle(store, ledger)
            with self._timed("insight"):
                self._progress.step("insight")
                findings = analyse_load(store, catalogue_of(self._taxonomy()), self._intake(settled))
            with self._timed("report"):
                self._progress.step("report")
                store.export(self._work)
                self._write(findings)
        run = run_summary(findings, self._files, self._reader.version, self._read, self._rejected, settled, self._seconds, self._peak)
        (self._work / "run.json").write_text(json.dumps(run, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        for name in _FILES:
            os.replace(self._work / name, self._folder / name)
        return AnalysisResult(findings, self._folder, run)

    def _load(self, store: FactsStore, rejects: RejectsFile) -> duplication.Ledger:
        store.begin_load()
        ledger = duplication.Ledger()
        kept = taken = 0
        batches = self._files.batches()
        try:
            for batch in batches:
                rejects.write(batch.rejects)
                self._rejected.update(reject.code for reject in batch.rejects)
                self._take(store, ledger, batch.records, kept)
                kept += batch.records.num_rows
                taken += 1
                self._read = kept + sum(self._rejected.values())
                self._progress.read(self._read, batch.bytes_read)
                if self._progress.stopped:
                    self._partial = True
                    break
        except KeyboardInterrupt:
            if not taken:
                raise
            # The batch in hand may stand in one of the two and not in the other.
            store.discard_from(kept)
            ledger.keep(taken)
            self._partial = True
        return ledger

    def _take(self, store: FactsStore, ledger: duplication.Ledger, batch: pa.RecordBatch, first_row: int) -> None:
        texts = records.texts_of(batch)
        if self._reader.taxonomy is None:
            written = [text for text in texts if text]
            chosen, scores = taxonomy.choose(written[:: len(written) // _TAXONOMY_SAMPLE + 1])
            self._reader = self._reader.using(chosen)
            self._progress.taxonomy(chosen.pack, True, scores)
        reading = self._reader.read(texts)
        feedback, mentions = records.rows_of(batch, reading, first_row)
        when = batch["occurred_at"].cast(pa.int64()).fill_null(int(duplication.UNKNOWN_TIME)).to_numpy(zero_copy_only=False)
        store.append(feedback, mentions)
        ledger.add(records.identity_hashes(batch), when, reading.signatures)

    def _settle(self, store: FactsStore, ledger: duplication.Ledger) -> duplication.Settled:
        settled = duplication.settle(ledger)
        rows = [row for row, _ in settled.renamed]
        named = store.query("SELECT row_no, feedback_id FROM feedback WHERE list_contains(?, row_no)", [rows]).to_pylist() if rows else []
        store.settle_load(*duplication.tables(settled, {one["row_no"]: one["feedback_id"] for one in named}))
        return settled

    def _intake(self, settled: duplication.Settled) -> Intake:
        sources = self._files.sources
        title = "、".join(source.name for source in sources[:3]) + (f" 等 {len(sources)} 个文件" if len(sources) > 3 else "")
        now = datetime.now(ZoneInfo(self._options.read.timezone)).isoformat(timespec="seconds")
        rejected, zone = sum(self._rejected.values()), self._options.read.timezone
        return Intake(title, now, self._read, rejected, len(settled.repeated), self._partial, len(settled.copies), time_zone=zone)

    def _taxonomy(self) -> Taxonomy:
        return self._reader.settle([])

    def _write(self, findings: Findings) -> None:
        write_problems_csv(findings, self._work / "problems.csv")
        write_problems_xlsx(findings, self._work / "problems.xlsx")
        write_html(findings, self._work / "report.html")

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self._seconds[step] = round(time.perf_counter() - start, 3)
        self._peak[step] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != "darwin" else 1024 * 1024)
