"""`huiyin serve --demo`, as the person who tries it meets it: the head cause, its voices, a correction that sticks, ten drawn blindly."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.ports import free_port
from tests.server.test_in_browser import Visitor

pytestmark = pytest.mark.browser
COMMAND = "from huiyin.cli import main; raise SystemExit(main())"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """(address, password by e-mail) of a running demo."""
    port = free_port()
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    folder: Path = tmp_path_factory.mktemp("demo")
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "serve", "--demo", "--port", str(port)],
        env={**variables, "HUIYIN_DATA": str(folder / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    passwords: dict[str, str] = {}
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if "@" in line:
            passwords[line.split()[-2]] = line.split()[-1]
        if "http://" in line:
            break
    if not passwords:
        process.kill()
        pytest.fail(f"the demo did not start: {said}")
    address = f"http://127.0.0.1:{port}"
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{address}/health/", timeout=1)
            break
        except OSError:
            time.sleep(0.2)
    yield address, passwords
    process.terminate()
    process.wait(30)


def sign_in(visitor: Visitor, email: str, password: str) -> None:
    page = visitor.open("/sign-in/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_selector("#main")


def wait_until_read(visitor: Visitor) -> None:
    """The year is read within seconds of the start; until then the figures grow."""
    before, now = -1, 0
    for _ in range(60):
        page = visitor.open("/voices/")
        found = page.locator(".sum-count b")
        before, now = now, int(found.inner_text().replace(",", "")) if found.count() else 0
        if now == before and now > 7000:
            return
        time.sleep(2)
    pytest.fail(f"only {now} voices were read")


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_from_the_head_cause_to_a_corrected_label(browser: Browser, demo: tuple[str, dict[str, str]], size: str) -> None:
    url, passwords = demo
    lead = Visitor(browser, size, url)
    sign_in(lead, "lead@qichuan.example", passwords["lead@qichuan.example"])
    wait_until_read(lead)
    page = lead.open("/")
    page.wait_for_selector(".head-cause .headline")
    lead.look("20-home")

    customers = re.search(r"([\d,]+) 位客户说到", page.inner_text(".head-cause"))[1]
    page.click(".head-cause .button")
    page.wait_for_selector(".voices .voice")
    assert f"{customers} 位客户" in page.inner_text(".sum-count")
    page.wait_for_selector(".facet")
    lead.look("21-voices")

    mark = page.locator("mark.negative[data-opinion]").first
    row = mark.evaluate("mark => mark.closest('.voice').id")
    mark.click()
    page.wait_for_selector("[data-opinion-form]:popover-open")
    lead.look("22-correction")
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#{row} .chip.good")
    assert page.locator("[data-opinion-form]:popover-open").count() == 0
    page = lead.open(f"/voices/{row.removeprefix('voice-')}/")
    assert "lead@qichuan.example" in page.inner_text("table.rows")
    lead.look("23-voice")

    page = lead.open("/voices/random/?seed=7")
    assert page.locator(".voice").count() == 10
    lead.look("24-random")
    assert lead.complaints == []
    assert lead.outside == []


def test_a_store_manager_sees_her_store_alone(browser: Browser, demo: tuple[str, dict[str, str]]) -> None:
    url, passwords = demo
    manager = Visitor(browser, "desk", url)
    sign_in(manager, "store@qichuan.example", passwords["store@qichuan.example"])
    page = manager.open("/voices/")
    own = int(page.inner_text(".sum-count b").replace(",", ""))
    assert 0 < own < 4000
    assert page.locator("mark[data-opinion]").count() == 0
