"""The ranked problems as tables for a spreadsheet, safe to open there."""

from __future__ import annotations

import csv
from pathlib import Path

from huiyin.insight.findings import Findings
from huiyin.report.rows import COLUMNS, problem_row, safe
from huiyin.report.workbook import write_problems_xlsx

__all__ = ["write_problems_csv", "write_problems_xlsx"]


def write_problems_csv(findings: Findings, path: Path) -> None:
    """Write one row a problem, in rank order, as UTF-8 with a byte order mark (Excel on Windows needs it)."""
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for problem in findings.problems:
            writer.writerow([safe(cell) for cell in problem_row(problem)])
