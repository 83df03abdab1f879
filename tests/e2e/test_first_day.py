"""The first day with Huiyin, on a real file: from the first administrator to an erased customer, in both languages, wide and by thumb.

HUIYIN_REAL_FILE names the file (reviews of smart-home apps, see docs/reference/server.md); where it is named it has to be there.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.server.test_in_browser import PASSWORD, Visitor, address, fill

pytestmark = pytest.mark.browser
__all__ = ["address"]
USUAL = Path(__file__).resolve().parents[3] / "shared/data/zh_appstore_smarthome/reviews.csv.gz"
FILE = Path(os.environ["HUIYIN_REAL_FILE"]) if os.environ.get("HUIYIN_REAL_FILE") else USUAL


@pytest.fixture(scope="module")
def real_file() -> Path:
    if not FILE.is_file():
        assert "HUIYIN_REAL_FILE" not in os.environ, f"{FILE} is not there"
        pytest.skip("no real file beside this checkout; name one in HUIYIN_REAL_FILE")
    return FILE


def visitor(chromium: Browser, size: str, url: str, language: str) -> Visitor:
    made = Visitor(chromium, size, url)
    if language == "en":
        made.page.context.add_cookies([{"name": "huiyin_language", "value": "en", "url": url}])
    return made


def count_of(visitor: Visitor, query: str = "") -> float:
    """Voices as the page says it: 9,812, or 1.08 万."""
    found = visitor.open(f"/voices/{query}").locator(".sum-count b")
    if not found.count():
        return 0
    said = found.inner_text().replace(",", "")
    return float(said.replace("万", "").strip()) * (10_000 if "万" in said else 1)


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_the_first_day(browser: Browser, address: str, real_file: Path, size: str, language: str) -> None:  # noqa: F811
    chief = visitor(browser, size, address, language)
    page = chief.open("/")
    assert page.url.endswith("/setup/")
    fill(page, display_name="周砚", email="zhou@example.com", password=PASSWORD)
    page.click("main button.primary")
    page.wait_for_selector(".page")

    # An agent is invited and comes in by the link.
    page = chief.open("/people/invite/")
    fill(page, email="chen@example.com", display_name="陈吉")
    page.check("[value=service_agent]")
    page.click("main button.primary")
    page.wait_for_selector("#secret")
    agent = visitor(browser, size, address, language)
    link = page.input_value("#secret")
    page = agent.open(link)
    fill(page, password=PASSWORD)
    page.click("main button.primary")
    page.wait_for_selector(".page")

    # A real file is handed in, its columns are looked at, and it is watched being read.
    page = chief.open("/sources/upload/")
    page.set_input_files("[name=files]", str(real_file))
    page.click("main button.primary")
    page.wait_for_selector(".rail form")
    chief.look("60-columns")
    page.click(".rail button.primary")
    page.wait_for_selector("progress, .facts")
    chief.look("61-importing")
    page.wait_for_selector("#run .facts", timeout=120_000)
    reader = visitor(browser, "desk", address, language)
    reader.page.context.add_cookies(page.context.cookies())
    before, total = -1.0, 0.0
    for _ in range(120):
        before, total = total, count_of(reader)
        if total == before and total > 15_000:
            break
        time.sleep(2)
    assert total > 15_000, f"only {total} voices were read"
    agent.open("/stream/")
    agent.page.wait_for_selector(".voices .voice")
    agent.look("62-stream")

    # Search and filter narrow, and what is shown is what was asked.
    page = chief.open("/voices/")
    page.wait_for_selector(".facet")
    chief.look("63-voices")
    page.fill("[data-search]", "摄像头")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert all("摄像头" in one for one in page.locator(".voice blockquote").all_inner_texts())
    found = count_of(reader, "?q=摄像头")
    assert 0 < found < total
    assert 0 < count_of(reader, "?q=摄像头&polarity=-1") < found
    chief.look("64-found")

    # A label is corrected; the tree gets an aspect of its own, looked at over the history and published, which reads everything again.
    page = chief.open("/voices/?polarity=-1")
    page.wait_for_selector("mark.negative[data-opinion]")
    mark = page.locator("mark.negative[data-opinion]").first
    row = mark.evaluate("mark => mark.closest('.voice').id")
    mark.click()
    page.wait_for_selector("[data-opinion-form]:popover-open")
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#{row} .chip.good")
    voice = f"/voices/{row.removeprefix('voice-')}/"

    page = chief.open("/taxonomy/")
    page.click(".actions .primary")
    page.wait_for_selector("[data-tree]")
    page.fill("#add-top", "摄像头")
    page.click(".inline-add button")
    page.wait_for_selector("#node_seeds")
    page.fill("#node_seeds", "摄像头、监控画面、猫眼")
    with page.expect_response(lambda answer: "/draft/nodes/" in answer.url):
        page.click(".editor .form-end .button")
    chief.open("/taxonomy/draft/")
    page.click(".actions .primary")
    page.wait_for_selector(".sentence", timeout=180_000)
    chief.look("65-preview")
    page.fill("[name=note]", "摄像头单列")
    page.click(".editor button.primary")
    page.wait_for_selector(".tree")
    page.wait_for_selector("#progress", state="detached", timeout=300_000)
    row_of = page.locator("tr", has=page.get_by_text("摄像头", exact=True))
    assert int(row_of.locator(".count-link").first.inner_text().replace(",", "")) > 20
    page = chief.open(voice)
    assert "zhou@example.com" in page.inner_text("table.rows")
    chief.look("66-kept")

    # A customer asks to be forgotten.
    page = chief.open("/customers/?order=most")
    page.wait_for_selector("table.rows a")
    chief.look("67-customers")
    page.click("table.rows tbody tr:first-child a")
    page.wait_for_selector("a.danger")
    customer = page.url
    chief.look("68-customer")
    theirs = "?customer_id=" + customer.rstrip("/").rpartition("/")[2]
    assert count_of(reader, theirs) > 0
    page.click("a.danger")
    page.check("[name=meant]")
    chief.look("69-erase")
    page.click("main button.danger")
    page.wait_for_selector(".band.good", timeout=60_000)
    chief.look("70-receipt")
    assert count_of(reader, theirs) == 0
    assert [one for one in chief.complaints if "inline style" not in one] == []
    assert chief.outside == []
    assert page.goto(customer).status == 404
