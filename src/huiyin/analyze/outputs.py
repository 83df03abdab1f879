"""The smaller result files: rejected.csv and run.json, and the taxonomy as insight shows it."""

from __future__ import annotations

import csv
import platform
from collections import Counter
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from types import TracebackType

import huiyin
from huiyin.analyze.duplication import Settled
from huiyin.files import FeedbackFiles, Reject
from huiyin.insight import AspectCard, Catalogue, Findings, ThemeCard
from huiyin.insight.findings import Name
from huiyin.text import Taxonomy
from huiyin.text.masking import mask_batch

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class RejectsFile:
    """rejected.csv, written as rejects arrive; personal data masked, no cell that a spreadsheet would run."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="", errors="replace")
        self._writer = csv.writer(self._file)
        self._writer.writerow(["file", "row", "reason", "column", "detail", "raw"])

    def __enter__(self) -> RejectsFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def write(self, rejects: Iterable[Reject]) -> None:
        """Append rejects."""
        rows = list(rejects)
        raws = mask_batch([reject.raw for reject in rows])
        for reject, raw in zip(rows, raws, strict=True):
            cells = (reject.file, str(reject.row), reject.code, reject.column, reject.detail, raw.text)
            self._writer.writerow(["'" + cell if cell.startswith(_FORMULA) else cell for cell in cells])
        self._file.flush()


def catalogue_of(chosen: Taxonomy) -> Catalogue:
    """The taxonomy as `insight` shows it."""
    return Catalogue(
        chosen.pack,
        chosen.version,
        Name(**chosen.name),
        tuple(
            AspectCard(
                one.path,
                Name(**one.name),
                Name(**one.definition) if one.definition.get("zh") else None,
                one.owner,
                one.touchpoint,
            )
            for one in chosen.aspects
        ),
        tuple(ThemeCard(theme.path, Name(**theme.name), theme.kind, theme.aspects) for theme in chosen.themes),
    )


def run_summary(
    findings: Findings,
    files: FeedbackFiles,
    text_version: str,
    read: int,
    rejected: Counter[str],
    settled: Settled,
    seconds: dict[str, float],
    peak: dict[str, int],
) -> dict[str, object]:
    """The content of run.json: versions, row counts, seconds and peak memory by step."""
    return {
        "huiyin": huiyin.__version__,
        "text_version": text_version,
        "taxonomy": findings.taxonomy,
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in ("duckdb", "numpy", "pyarrow", "polars", "scipy")},
        "generated_at": findings.generated_at,
        "partial": findings.partial,
        "checksum": findings.checksum,
        "sources": [
            {
                "file": source.name,
                "format": source.format,
                "encoding": source.encoding,
                "delimiter": source.delimiter,
                "sheet": source.sheet,
                "bytes": source.size_bytes,
                "columns": {role: {"name": column.name, "index": column.index, "why": column.why} for role, column in source.mapping.items()},
            }
            for source in files.sources
        ],
        "rows": {
            "read": read,
            "kept": findings.volume.kept,
            "rejected": dict(sorted(rejected.items())),
            "repeated": len(settled.repeated),
            "renamed_ids": len(settled.renamed),
            "duplicates": len(settled.copies),
            "mentions": findings.volume.mentions,
        },
        "warnings": [
            {
                "file": one.file,
                "code": one.code,
                "column": one.column,
                "count": one.count,
                "examples": [[row, value[:60]] for row, value in one.examples],
            }
            for one in files.warnings
        ],
        "seconds": {**seconds, "total": round(sum(seconds.values()), 3)},
        "peak_memory_mb": peak,
    }
