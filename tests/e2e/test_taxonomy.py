"""The taxonomy of the demo company, as its owner changes it: by mouse and keys on a desk, by thumb on a phone, with axe watching."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.e2e.test_demo_company import demo, sign_in, wait_until_read
from tests.server.test_in_browser import Visitor

pytestmark = pytest.mark.browser
__all__ = ["demo"]


def names(page) -> list[str]:
    return [one.strip() for one in page.locator("tr[data-node] a.name").all_inner_texts()]


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_from_a_draft_to_a_version(browser: Browser, demo: tuple[str, dict[str, str]], size: str) -> None:  # noqa: F811
    url, passwords = demo
    lead = Visitor(browser, size, url)
    sign_in(lead, "lead@qichuan.example", passwords["lead@qichuan.example"])
    wait_until_read(lead)
    page = lead.open("/taxonomy/")
    lead.look("30-taxonomy")
    page.click(".actions .primary")
    page.wait_for_selector("[data-tree]")

    title = f"海外保修 {size}"
    page.fill("#add-top", title)
    page.click(".inline-add button")
    page.wait_for_selector("#node_seeds")
    page.fill("#node_seeds", f"全球联保{size}、海外保修{size}")
    with page.expect_response(lambda answer: "/draft/nodes/" in answer.url):
        page.click(".editor .form-end .button")
    page.wait_for_selector("#node_seeds")
    lead.look("31-node")

    if size == "phone":
        page.click(".editor .only-phone")
        page.wait_for_selector("[data-tree]")
    before = names(page)
    page.locator("tr[data-node]", has_text=title).locator("a.name").focus()
    with page.expect_response(lambda answer: answer.url.endswith("/move/")):
        page.keyboard.press("Alt+ArrowUp")
    page.wait_for_function(
        "([title, at]) => [...document.querySelectorAll('tr[data-node] a.name')][at].textContent.trim() !== title", arg=[title, len(before) - 1]
    )
    assert names(page) != before
    if size == "desk":
        target = page.locator("tr[data-node].theme").last
        with page.expect_response(lambda answer: answer.url.endswith("/move/")):
            page.locator("tr[data-node]", has_text=title).drag_to(target)
        page.wait_for_selector(f"tr.level-1:has-text('{title}')")
    lead.look("32-draft")

    lead.open("/taxonomy/draft/")
    page.click(".actions .primary")
    page.wait_for_selector(".sentence", timeout=120_000)
    lead.look("33-effect")
    page.fill("[name=note]", "海外保修单列")
    page.click(".editor button.primary")
    page.wait_for_selector(".tree")
    page.wait_for_selector("#progress", state="detached", timeout=180_000)
    assert title in page.inner_text(".tree")
    for number, address in enumerate(("/taxonomy/versions/", "/taxonomy/versions/compare/?a=1&b=2", "/taxonomy/files/"), start=34):
        lead.open(address)
        lead.look(f"{number}-{address.strip('/').split('/')[1]}")
    page = lead.open("/taxonomy/packs/")
    page.wait_for_selector(".packs .chip.good")
    lead.look("37-packs")
    page = lead.open("/taxonomy/words/")
    page.wait_for_selector(".hot-head")
    lead.look("38-words")
    assert [one for one in lead.complaints if "inline style" not in one] == []  # screenshots hide the caret by an inline style
    assert lead.outside == []
