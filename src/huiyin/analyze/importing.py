"""`import`: files of feedback into a lasting store, again and again without doubling anything."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from huiyin.analyze.loading import AnalyzeOptions, JobError, Load
from huiyin.analyze.outputs import RejectsFile
from huiyin.analyze.progress import Progress, Silent
from huiyin.facts import FEEDBACK, MENTION, Facts, FactsStore
from huiyin.files import open_files
from huiyin.text import Reader

_ROWS = 50_000
"""Feedback rows that go into the store in one transaction."""
_PLAIN_NAME = re.compile(r"[^\w\-.]+")


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of an import. `repeated` rows were the same record again, `copies` repeat another's words and count for nothing."""

    source: str
    read: int
    kept: int
    rejected: int
    repeated: int
    copies: int
    partial: bool
    taxonomy: str
    rejects: Path | None
    """The list of rejected rows, where there are any and a folder was given."""


def import_files(
    paths: Sequence[str | Path],
    store: Facts,
    options: AnalyzeOptions | None = None,
    source: str | None = None,
    rejects_in: Path | None = None,
    progress: Progress | None = None,
) -> ImportResult:
    """Read `paths` into `store` under the name `source` (the first file's name unless given).

    A record is known again by source and its id; where the file has no id column, by what it says, when, and by whom. So the
    same file imported twice changes nothing, and a corrected record takes the place of the former one.

    Raises:
        huiyin.files.FilesError, huiyin.text.TaxonomyError, huiyin.text.ModelError: as in `analyze`.
        huiyin.facts.FactsError: the store cannot take the rows.
        JobError: no row could be kept (`nothing_kept`).
    """
    options, progress = options or AnalyzeOptions(), progress or Silent()
    with open_files(paths, options.read, limits=options.limits) as files, tempfile.TemporaryDirectory(prefix="huiyin-import-") as folder:
        work = Path(folder)
        progress.sources(files.sources, files.total_bytes, files.estimated_rows)
        load = Load(files, Reader.load(options.taxonomy, options.model), progress)
        named = _PLAIN_NAME.sub("_", source or files.sources[0].name.split(".")[0]).strip("_") or "import"
        with FactsStore(work / "load.duckdb") as loaded:
            with RejectsFile(work / "rejected.csv") as rejects:
                ledger = load.take_all(loaded, rejects)
            if load.kept <= 0:
                raise JobError("nothing_kept", "没有一行可用", "No row could be used")
            progress.step("settle")
            settled = load.settle(loaded, ledger)
            progress.step("store")
            _name_records(loaded, named, {one.name for one in files.sources if "id" in one.mapping} == {one.name for one in files.sources})
            for feedback, mentions in _batches(loaded, named):
                store.replace(feedback, mentions)
        rejected = sum(load.rejected.values())
        kept_list = _keep(work / "rejected.csv", rejects_in) if rejected and rejects_in else None
        taxonomy = load.reader.settle([])
        return ImportResult(
            named,
            load.read,
            load.kept - len(settled.repeated),
            rejected,
            len(settled.repeated),
            len(settled.copies),
            load.partial,
            f"{taxonomy.pack}@{taxonomy.version}",
            kept_list,
        )


def _name_records(loaded: FactsStore, source: str, have_ids: bool) -> None:
    """Give every record the id by which the lasting store knows it: `source:id`, or `source:` and a hash of the record."""
    parts = ("text", "CAST(epoch_us(occurred_at) AS VARCHAR)", "customer_id", "product", "channel")
    said = ", ".join(f"coalesce({part}, '')" for part in parts)
    key = "feedback_id" if have_ids else f"md5(concat_ws(chr(31), {said}))"
    loaded.execute(
        "CREATE TEMP TABLE named AS SELECT feedback_id AS old, place, CASE WHEN nth = 1 THEN id ELSE id || '#' || CAST(nth AS VARCHAR) END AS new "
        f"FROM (SELECT feedback_id, rowid AS place, '{source}:' || {key} AS id, "
        f"row_number() OVER (PARTITION BY {key} ORDER BY rowid) AS nth FROM feedback)"
    )


def _batches(loaded: FactsStore, source: str) -> Iterator[tuple[pa.Table, pa.Table]]:
    """The rows of a load under their new ids."""
    total = int(loaded.query("SELECT count(*) AS n FROM feedback")["n"][0].as_py())
    last = int(loaded.query("SELECT coalesce(max(rowid), -1) AS n FROM feedback")["n"][0].as_py()) if total else -1
    own = ", ".join(f'f."{name}"' for name in FEEDBACK.names if name not in ("feedback_id", "source", "duplicate_of"))
    said = ", ".join(f'm."{name}"' for name in MENTION.names if name != "feedback_id")
    for first in range(0, last + 1, _ROWS):
        within = f"n.place >= {first} AND n.place < {first + _ROWS}"
        feedback = loaded.query(
            f"SELECT n.new AS feedback_id, '{source}' AS source, {own}, d.new AS duplicate_of FROM feedback f JOIN named n ON f.feedback_id = n.old "
            f"LEFT JOIN named d ON f.duplicate_of = d.old WHERE {within} ORDER BY n.place"
        )
        mentions = loaded.query(
            f"SELECT n.new AS feedback_id, {said} FROM mention m JOIN named n ON m.feedback_id = n.old WHERE {within} ORDER BY n.place, m.mention_no"
        )
        yield feedback.select(FEEDBACK.names), mentions.select(MENTION.names)


def _keep(rejects: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "rejected.csv"
    target.write_bytes(rejects.read_bytes())
    return target
