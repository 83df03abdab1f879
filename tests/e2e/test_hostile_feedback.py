"""Feedback that attacks its readers, all the way from a file to the browser and the spreadsheet."""

import csv

import openpyxl
import pytest
from playwright.sync_api import Browser
from tests import voices

from huiyin.analyze import AnalyzeOptions, analyze

ATTACKS = (
    "<script>window.__pwned=1</script>早餐太差了",
    "早餐太差了</script><script>window.__pwned=1</script>",
    "<img src=x onerror=window.__pwned=1>早餐太差了！！",
    "{{constructor.constructor('window.__pwned=1')()}}早餐太差",
    '=HYPERLINK("http://127.0.0.1:9/","早餐太差")',
    "+1+cmd|' /C calc'!A0 早餐太差",
    "@SUM(1+1) 早餐太差",
    "\u202e早餐太差\u2066<b>",
    "javascript:window.__pwned=1 早餐太差",
    "早餐太差" + "啊" * 50_000,
)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    data = voices.rows(200)
    for at, attack in enumerate(ATTACKS):
        data.append([f"x{at}", "2026-02-03 10:00:00", f"=cmd{at}", "<script>window.__pwned=1</script>", "1", attack])
    return analyze([voices.write(folder / "a.csv", data)], folder / "out", AnalyzeOptions(taxonomy="hotel"))


@pytest.mark.browser
def test_nothing_runs_and_nothing_breaks_in_the_browser(browser: Browser, result):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    faults: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(result.report.as_uri())
    attacked = next(problem for problem in result.findings.problems if any("onerror" in quote.text for quote in problem.evidence))
    page.goto(result.report.as_uri() + f"#p={attacked.problem_id}")
    page.reload()
    page.wait_for_function("document.body.textContent.includes('onerror=window.__pwned=1')")
    assert page.evaluate("window.__pwned") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults == []
    assert {url.split("#")[0] for url in requests} == {result.report.as_uri()}


def test_no_spreadsheet_cell_is_a_formula(result):
    with (result.folder / "problems.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t")) or (cell.startswith("-") and not cell[1:2].isdigit())]
    book = openpyxl.load_workbook(result.folder / "problems.xlsx")
    kinds = [cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row]
    assert kinds
    assert "f" not in kinds


def test_the_attacks_are_kept_as_what_customers_said(result):
    said = {quote.text for problem in result.findings.problems for quote in problem.evidence}
    assert any("<img src=x" in text for text in said)
