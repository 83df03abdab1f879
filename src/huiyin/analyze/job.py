"""`analyze`: the whole way from files to a report folder, as one call with typed results."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from huiyin.analyze import duplication
from huiyin.analyze.loading import AnalyzeOptions, JobError, Load
from huiyin.analyze.outputs import RejectsFile, catalogue_of, run_summary
from huiyin.analyze.progress import Progress, Silent
from huiyin.facts import FactsStore
from huiyin.files import FeedbackFiles, open_files
from huiyin.insight import Findings, Intake, analyse_load
from huiyin.report import write_html, write_problems_csv, write_problems_xlsx
from huiyin.text import Reader
from huiyin.text.taxonomy import Taxonomy

WORK = ".huiyin-work"
_FILES = ("report.html", "problems.csv", "problems.xlsx", "feedback.parquet", "mentions.parquet", "rejected.csv", "run.json")


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
        self._files, self._folder, self._work = files, folder, work
        self._options, self._progress = options, progress
        self._load = Load(files, reader, progress)
        self._seconds: dict[str, float] = {}
        self._peak: dict[str, int] = {}

    def run(self) -> AnalysisResult:
        """The four rooms, one after the other."""
        load = self._load
        with FactsStore(self._work / "facts.duckdb") as store, RejectsFile(self._work / "rejected.csv") as rejects:
            with self._timed("read"):
                ledger = load.take_all(store, rejects)
            if load.kept <= 0:
                os.replace(self._work / "rejected.csv", self._folder / "rejected.csv")
                raise JobError("nothing_kept", "没有一行可用；原因见 rejected.csv", "No row could be used; see rejected.csv for the reasons")
            with self._timed("settle"):
                self._progress.step("settle")
                settled = load.settle(store, ledger)
            with self._timed("insight"):
                self._progress.step("insight")
                findings = analyse_load(store, catalogue_of(self._taxonomy()), self._intake(settled))
            with self._timed("report"):
                self._progress.step("report")
                store.export(self._work)
                self._write(findings)
        run = run_summary(findings, self._files, load.reader.version, load.read, load.rejected, settled, self._seconds, self._peak)
        (self._work / "run.json").write_text(json.dumps(run, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        for name in _FILES:
            os.replace(self._work / name, self._folder / name)
        return AnalysisResult(findings, self._folder, run)

    def _intake(self, settled: duplication.Settled) -> Intake:
        sources = self._files.sources
        title = "、".join(source.name for source in sources[:3]) + (f" 等 {len(sources)} 个文件" if len(sources) > 3 else "")
        now = datetime.now(ZoneInfo(self._options.read.timezone)).isoformat(timespec="seconds")
        load, zone = self._load, self._options.read.timezone
        rejected, repeated, copies = sum(load.rejected.values()), len(settled.repeated), len(settled.copies)
        return Intake(title, now, load.read, rejected, repeated, load.partial, copies, time_zone=zone)

    def _taxonomy(self) -> Taxonomy:
        return self._load.reader.settle([])

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
