"""Files to take along: numbers are numbers, texts are texts, nothing runs, and a number out of an address never breaks a page."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from huiyin.server.web.taking import Sheet, csv_file, workbook


def test_numbers_stay_numbers_and_nothing_runs():
    rows = [["名称", "数"], ["=1+1", 3], ["＝cmd", 2.5], ["2026", None]]
    book = openpyxl.load_workbook(BytesIO(workbook([Sheet(rows, "甲/乙: [*]", ("标题", "一句话"))])))
    sheet = book.worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells == [["标题", None], ["一句话", None], [None, None], ["名称", "数"], ["'=1+1", 3], ["'＝cmd", 2.5], ["2026", None]]
    assert not set("[]:*?/\\") & set(sheet.title)


def test_a_workbook_without_sheets_opens():
    assert openpyxl.load_workbook(BytesIO(workbook([]))).worksheets


def test_a_chinese_name_reaches_the_disk():
    answer = csv_file([["甲"]], "问题清单.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%97%AE")
    assert answer.getvalue().decode("utf-8-sig") == "甲\r\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/ownership/export/team.csv?team={n}", "/voices/?page={n}", "/topics/?page={n}", "/problems/?page={n}", "/taxonomy/versions/compare/?a={n}&b=1"],
)
@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "²", "-1", "٣"])
def test_no_number_breaks_a_page(company, browser, address, number):
    assert browser("cx_lead").get(address.format(n=number)).status_code < 500
