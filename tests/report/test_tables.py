"""CSV and workbook: complete, readable in Excel, and harmless whatever a customer wrote."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from tests.report.sample import HOSTILE, LONG_WORD, bare_findings, sample_findings, without_scores_dates_customers

from huiyin.insight.findings import Findings, Name
from huiyin.report import write_problems_csv, write_problems_xlsx

FORMULAS = ['=HYPERLINK("http://x","y")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"]


def rows_of(findings: Findings, path: Path) -> list[dict[str, str]]:
    write_problems_csv(findings, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def with_first(findings: Findings, text: str) -> Findings:
    first = findings.problems[0]
    quote = replace(first.evidence[0], text=text, marks=(), product=text)
    changed = replace(first, name=Name(text, text), owner=text, evidence=(quote, *first.evidence[1:]))
    return replace(findings, problems=(changed, *findings.problems[1:]))


def test_excel_on_windows_sees_chinese(tmp_path: Path) -> None:
    write_problems_csv(sample_findings(), tmp_path / "p.csv")
    assert (tmp_path / "p.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_one_row_a_problem_with_every_figure(tmp_path: Path) -> None:
    rows = rows_of(sample_findings(), tmp_path / "p.csv")
    assert [row["rank"] for row in rows] == [str(k) for k in range(1, 13)]
    first = rows[0]
    assert first["name_zh"] == "交付延期且不告知原因"
    assert float(first["frequency_low"]) < float(first["frequency_per_1000"]) < float(first["frequency_high"])
    assert (first["trend"], first["trend_since"], first["trend_ratio"]) == ("up", "2026-10-19", "1.9")
    assert rows[6]["tied_with"] == "6 8"


def test_unknown_is_an_empty_cell(tmp_path: Path) -> None:
    first = rows_of(without_scores_dates_customers(), tmp_path / "p.csv")[0]
    assert first["harm"] == first["harm_low"] == first["trend_since"] == first["owner"] == ""


def test_without_problems_the_header_still_stands(tmp_path: Path) -> None:
    assert rows_of(bare_findings(), tmp_path / "p.csv") == []
    assert "problem_id" in (tmp_path / "p.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_cells_cannot_start_a_formula(tmp_path: Path, text: str) -> None:
    first = rows_of(with_first(sample_findings(), text), tmp_path / "p.csv")[0]
    assert first["name_zh"] == first["owner"] == first["quote"] == f"'{text}"


@pytest.mark.parametrize("text", FORMULAS[:4])
def test_workbook_cells_are_text_not_formulas(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.xlsx"
    write_problems_xlsx(with_first(sample_findings(), text), path)
    book = openpyxl.load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
    # The library marks a text that begins with "=" by its type alone; the text itself is kept whole.
    assert book["原声"].cell(2, 3).value == text


def test_workbook_has_problems_voices_and_method(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    findings = sample_findings()
    write_problems_xlsx(findings, path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["问题", "原声", "说明"]
    assert book["问题"].max_row == 13
    assert book["问题"].freeze_panes == "E2"
    assert book["原声"].max_row == 1 + sum(len(p.evidence) for p in findings.problems)
    method = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert method["公式"] == "综合分 = 频率 × 强度 × 伤害"
    assert str(method["校验"]).startswith(findings.checksum)


def test_workbook_without_ratings_has_no_harm_column(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    write_problems_xlsx(without_scores_dates_customers(), path)
    titles = [cell.value for cell in openpyxl.load_workbook(path)["问题"][1]]
    assert "综合分" in titles
    assert not any("伤害" in str(title) for title in titles)


def test_workbook_without_problems_says_so(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    write_problems_xlsx(bare_findings(), path)
    assert openpyxl.load_workbook(path)["问题"]["A2"].value == "没有成规模的问题"


def test_a_text_longer_than_a_cell_is_cut_and_hostile_text_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    write_problems_xlsx(sample_findings(), path)
    texts = {str(row[2]) for row in openpyxl.load_workbook(path)["原声"].iter_rows(values_only=True)}
    assert LONG_WORD[:32_767] in texts
    assert HOSTILE in texts
