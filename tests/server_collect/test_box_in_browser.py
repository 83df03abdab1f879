"""The box as a customer meets it on a phone: nothing too wide, words that outlive a lost network, one voice however often one taps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.server.test_in_browser import AXE
from tests.server_collect.running import Server

pytestmark = pytest.mark.browser

MAKE = """
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.collect.sources.services import source_make
questions = "文字：想对我们说什么 | What would you like to tell us?*\\n0-10：会推荐我们吗 | Would you recommend us?\\n1-5：服务怎么样 | How was the service?"
source_make("box", "意见箱", {"address": "a-box-on-the-phone", "questions": questions})
print("true")
"""

KEPT = """
import json
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.collect.feedback.models import Attachment, Inbox
print(json.dumps([[json.loads(row.record) for row in Inbox.objects.order_by("pk")], list(Attachment.objects.values_list("media_type", flat=True))]))
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    tmp_path.chmod(0o700)
    running = Server(tmp_path)
    running.prepare()
    running.script(MAKE)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"http://127.0.0.1:{server.port}/sources/box/a-box-on-the-phone/?store=杭州滨江店")
    yield page
    assert complaints == []
    context.close()


def looked_at(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text()})
    answer = session.send("Runtime.evaluate", {"expression": "axe.run(document)", "awaitPromise": True, "returnByValue": True})
    session.detach()
    violations = [one for one in answer["result"]["value"]["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in violations] == []


def test_written_without_a_network_kept_and_sent_once(phone: Page, server: Server, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (800, 600), "teal").save(tmp_path / "photo.png")
    looked_at(phone)
    phone.fill("textarea", "空调坏了三天没人修")
    phone.check("input[name=q1][value='3']")
    phone.set_input_files("input[type=file]", tmp_path / "photo.png")
    phone.context.set_offline(True)
    note = phone.locator("[data-offline]")
    expect(note).to_be_visible()
    phone.click("button.primary")
    expect(note).to_be_in_viewport()
    looked_at(phone)
    phone.context.set_offline(False)
    expect(note).to_be_hidden()
    phone.dblclick("button.primary")
    phone.wait_for_url(re.compile("/thanks/$"))
    looked_at(phone)
    (record,), photos = server.script(KEPT)
    assert (record["text"], record["score"], record["store"]) == ("空调坏了三天没人修", 3, "杭州滨江店")
    assert photos == ["image/jpeg"]
    phone.click("text=再写一条")
    expect(phone.locator("textarea")).to_have_value("")


def test_what_was_typed_outlives_a_reload_and_a_change_of_language(phone: Page) -> None:
    phone.fill("textarea", "早餐很好")
    phone.check("input[name=q2][value='5']")
    phone.reload()
    expect(phone.locator("textarea")).to_have_value("早餐很好")
    expect(phone.locator("input[name=q2][value='5']")).to_be_checked()
    phone.click("text=English")
    expect(phone.locator("button.primary")).to_have_text("Send")
    expect(phone.locator("textarea")).to_have_value("早餐很好")
    assert "杭州滨江店" in phone.locator(".box-where").inner_text()
    looked_at(phone)
