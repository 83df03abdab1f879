"""First run → invite → accept, as a person meets it in Chromium, on a desk and on a phone, against the real server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.ports import free_port

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "node_modules/axe-core/axe.min.js").resolve()
PASSWORD = "clear-water-71"
SIZES = {"desk": (1440, 900), "phone": (390, 844)}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "huiyin.server.serve", "127.0.0.1", str(port)],
        env={**variables, "HUIYIN_DATA": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{url}/health/", timeout=1)
            break
        except OSError:
            time.sleep(0.1)
    else:
        process.kill()
    if process.poll() is not None:
        pytest.fail(f"the server did not start: {process.stdout.read() if process.stdout else ''}")
    yield url
    process.terminate()
    process.wait(20)


class Visitor:
    """A browser window that keeps everything it complained about, looks at itself with axe, and takes pictures where asked."""

    def __init__(self, browser: Browser, size: str, url: str, dark: bool = False) -> None:
        width, height = SIZES[size]
        self.size, self.url, self.complaints = size, url, []
        self.outside: list[str] = []
        scheme: Any = "dark" if dark else "light"
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=size == "phone")
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.outside.append(request.url) if not request.url.startswith((url, "data:")) else None)

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path if path.startswith("/") else path)
        return self.page

    def look(self, name: str) -> None:
        self.page.evaluate("document.fonts.ready.then(() => true)")
        if folder := os.environ.get("HUIYIN_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{folder}/{name}-{self.size}.png")
        too_wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{name}: {too_wide} px too wide"
        violations = [one for one in self._axe()["violations"] if one["impact"] in ("serious", "critical")]
        serious = [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in violations]
        assert serious == [], name

    def _axe(self) -> dict[str, Any]:
        # Through the debugger, so that the page's own policy stays in force for the page.
        session = self.page.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text()})
        answer = session.send("Runtime.evaluate", {"expression": "axe.run(document)", "awaitPromise": True, "returnByValue": True})
        session.detach()
        return answer["result"]["value"]


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)


@pytest.mark.parametrize("size", list(SIZES))
def test_from_the_first_run_to_the_second_person(browser: Browser, address: str, size: str) -> None:
    chief = Visitor(browser, size, address)
    page = chief.open("/")
    assert page.url.endswith("/setup/")
    chief.look("01-first-run")
    fill(page, display_name="周砚", email="zhou@example.com", password="short")
    page.click("main button.primary")
    page.wait_for_selector(".error")
    chief.look("02-first-run-refused")
    fill(page, password=PASSWORD)
    page.click("main button.primary")
    page.wait_for_selector(".page")
    chief.look("03-home")

    chief.open("/people/teams/")
    chief.look("04-teams-empty")
    for name, parent in (("客户体验部", ""), ("交付履约", "客户体验部"), ("三电能效", "客户体验部")):
        page = chief.open("/people/teams/new/")
        fill(page, name=name, **({"product": "S5、M7"} if parent else {}))
        if parent:
            page.select_option("[name=parent]", label=parent)
        page.click("main button.primary")
        page.wait_for_selector("[data-toast]")
    chief.look("05-teams")

    page = chief.open("/people/invite/")
    chief.look("06-invite")
    fill(page, email="lin@example.com", display_name="林见夏")
    page.check("[value=store_manager]")
    page.click("main button.primary")
    assert "门店经理要写明门店" in page.inner_text("[role=alert]")
    fill(page, store="杭州滨江店")
    page.click("main button.primary")
    page.wait_for_selector("#secret")
    chief.look("07-invited")
    link = page.input_value("#secret")
    chief.open("/people/")
    chief.look("08-people-waiting")

    guest = Visitor(browser, size, address)
    page = guest.open(link)
    guest.look("09-join")
    fill(page, password=PASSWORD)
    page.click("main button.primary")
    page.wait_for_selector(".page")
    assert "邀请" not in page.inner_text("body")
    guest.open("/me/")
    guest.look("10-me")
    again = Visitor(browser, size, address)
    again.open(link)
    again.look("11-join-again")
    again.open("/sign-in/")
    again.look("12-sign-in")
    again.complaints.clear()
    guest.open("/people/")
    guest.look("13-forbidden")
    guest.complaints.clear()

    page = chief.open("/people/")
    page.fill("[name=words]", "林")
    page.wait_for_selector("#people tbody tr:only-child >> text=林见夏")
    assert "words=" in page.url
    page.fill("[name=words]", "没有这个人")
    page.wait_for_selector("#people .empty")
    chief.look("14-nobody")
    page.fill("[name=words]", "")
    page.wait_for_selector("#people a.name")
    chief.look("15-people")
    page.click("text=林见夏")
    page.wait_for_selector(".rail")
    chief.look("16-person")
    page = chief.open("/audit/?verify=1")
    chief.look("17-audit")
    page = chief.open("/me/")
    page.fill("[name=name]", "数据仓库")
    page.check("[value='voices.read']")
    page.click("text=建密钥")
    page.wait_for_selector("#secret")
    chief.look("18-key")

    if size == "desk":
        page.keyboard.press("Control+k")
        page.keyboard.type("团队")
        chief.look("19-jump")
        page.keyboard.press("Enter")
        page.wait_for_url("**/people/teams/")
        page.click("[data-menu] summary")
        chief.look("20-menu")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    else:
        page.click(".foot [data-open=more]")
        chief.look("19-more")
        page.keyboard.press("Escape")
    assert chief.complaints == guest.complaints == again.complaints == []
    assert chief.outside == guest.outside == []


@pytest.mark.parametrize("size", list(SIZES))
def test_dark_and_english(browser: Browser, address: str, size: str) -> None:
    visitor = Visitor(browser, size, address, dark=True)
    page = visitor.open("/setup/")
    page.click("[value=en]")
    page.wait_for_selector("html[lang=en]")
    fill(page, display_name="Ada Lovelace", email="ada@example.com", password=PASSWORD)
    visitor.look("30-first-run-dark")
    page.click("main button.primary")
    page.wait_for_selector(".page")
    visitor.open("/people/")
    visitor.look("31-people-dark")
    visitor.open("/me/")
    visitor.look("32-me-dark")
    visitor.open("/people/invite/")
    visitor.look("33-invite-dark")
    assert visitor.complaints == []


def test_the_keyboard_alone_gets_in_and_around(browser: Browser, address: str) -> None:
    visitor = Visitor(browser, "desk", address)
    page = visitor.open("/setup/")
    # The first field has the focus by itself, one frame after the page is there.
    page.wait_for_function("document.activeElement.name === 'display_name'")
    for word in ("周砚", "Tab", "zhou@example.com", "Tab", PASSWORD, "Enter"):
        page.keyboard.press(word) if word in ("Tab", "Enter") else page.keyboard.type(word)
    page.wait_for_selector(".page")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
