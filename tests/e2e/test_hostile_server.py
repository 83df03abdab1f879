"""Feedback that attacks its readers, sent to a real server and opened in Chromium on every page that shows it, then taken away as files."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import openpyxl
import pytest
from playwright.sync_api import Browser
from tests.hostile.corpus import RUN, TEXTS
from tests.server.test_in_browser import SIZES
from tests.server_collect.running import WAIT, Server

pytestmark = pytest.mark.browser
SAID = "早餐太差了，再也不来了"
FIELDS = ("channel", "product", "brand", "region", "store", "touchpoint", "segment")
SHORT = [text[:400] for _, text in TEXTS]
FORMULA = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")

WIDEST = """() => [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 16)
    .slice(-3).map((one) => one.outerHTML.slice(0, 120))"""

PEOPLE = """
import json
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from django.test import Client
from huiyin.server.foundation.people.services.users import user_make
from huiyin.server.foundation.writing import state_write
found = {}
for role in ("cx_lead", "administrator"):
    with state_write():
        user = user_make(email=f"{role}@example.com", display_name="<b onclick=window.__pwned=1>" + role, password="clear-water-71", roles=[role])
    client = Client()
    client.force_login(user)
    found[role] = client.cookies["huiyin_session"].value
print(json.dumps(found))
"""

FILE = """
import json, sys
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
import csv, io
from tests.hostile.corpus import TEXTS
from huiyin.server.collect.sources.services import run_start, source_make
from huiyin.server.collect.sources.upload.services import keep_file
from huiyin.server.foundation.people.models import User
from huiyin.server.understand.explorer.services import view_save, voices_tag
out = io.StringIO()
rows = csv.writer(out)
rows.writerow(["编号", "评价内容", "时间", "评分", "=cmd|' /C calc'!A0", "<img src=x onerror=window.__pwned=1>"])
for at, (_, text) in enumerate(TEXTS):
    short = text[:400].encode("utf-8", "replace").decode().replace("\\0", "")
    # Every second row says nothing, and is listed with its reason.
    rows.writerow([f"f{at}", "" if at % 2 else short + "早餐太差了", "2026-03-01 10:00", short, short, short])
given = type("Given", (), {"name": "<img src=x onerror=window.__pwned=1>.csv", "chunks": lambda self: [out.getvalue().encode()]})()
source = source_make("upload", "<script>window.__pwned=1</script>=1+1")
run = run_start(source, {"files": [keep_file(given)], "read": {"id": "编号", "text": "评价内容"}})
print(json.dumps([source.pk, run.pk]))
"""

CHANGES = """
import json
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from tests.hostile.corpus import TEXTS
from huiyin.server.foundation.people.models import User
from huiyin.server.understand.explorer.services import view_save
user = User.objects.get(email="cx_lead@example.com")
for _, text in TEXTS:
    name = text[:60].encode("utf-8", "replace").decode().replace("\\0", "")
    view_save(user, name, "text=" + "x", True)
print("true")
"""

KEPT = """
import json
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.understand.reading.facts import open_store
facts = open_store()
columns = "feedback_id, source, external_id, text, title, product, store, customer_id, attributes, duplicate_of"
print(json.dumps({
    "feedback": [{**row, "attributes": dict(row["attributes"] or [])} for row in facts.query(f"SELECT {columns} FROM feedback").to_pylist()],
    "raw": {row.external_id: json.loads(row.record or row.raw)["text"] for row in Inbox.objects.filter(source__kind="rest")},
    "rejected": list(Inbox.objects.filter(state="rejected").values_list("external_id", "reason", "source__kind")),
    "opinions": facts.query("SELECT count(*) AS n FROM mention")["n"][0].as_py(),
}))
"""


def as_kept(text: str) -> str:
    """What a database can hold of a text."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text.replace("\x00", "")).strip()


def words_of(text: str) -> str:
    """Letters and digits alone, as the reader leaves them."""
    return "".join(re.findall("[A-Za-z0-9\u4e00-\u9fff]", html.unescape(as_kept(text))))


class Attacked:
    """The server after the attack: who may look, what was acknowledged, what it kept."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.cookies: dict[str, str] = server.script(PEOPLE)
        self.upload, self.run = server.script(FILE)
        server.start()
        self.acknowledged = self._send()
        server.script(WAIT)
        server.stop()
        server.script(CHANGES)
        self.kept: dict[str, Any] = server.script(KEPT)
        self.by_id = {one["external_id"]: one for one in self.kept["feedback"] if one["source"] == "rest"}
        server.start()

    def _send(self) -> dict[str, str]:
        """(id → text) of what the server acknowledged: each text in the text, and short in every field there is."""
        connection, found = self.server.connection(), {}
        for at, (_, text) in enumerate(TEXTS):
            short = SHORT[at]
            body = {
                "external_id": f"{at} {short[:150]}", "text": f"{SAID}。{text}", "title": short, "customer_id": short, "rating": 1,
                "occurred_at": "2026-11-01T08:00:00+08:00", "attributes": {short: short, "键": short}, **dict.fromkeys(FIELDS, short),
            }  # fmt: skip
            status, answer = self.server.post(connection, "/api/v1/feedback", body)
            assert status == 201, (text[:80], answer)
            found[json.loads(answer)["external_id"]] = text
        return found

    def ask(self, path: str, role: str = "cx_lead") -> tuple[int, dict[str, str], bytes]:
        """A page or file, signed in."""
        connection = self.server.connection()
        connection.request("GET", path, headers={"Cookie": f"huiyin_session={self.cookies[role]}"})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    folder.chmod(0o700)
    server = Server(folder)
    server.prepare()
    there = Attacked(server)
    yield there
    server.stop()


class Reader:
    """A signed-in person's window that keeps whatever should not have happened."""

    def __init__(self, browser: Browser, attacked: Attacked, role: str, size: str) -> None:
        width, height = SIZES[size]
        self.url, self.size = f"http://127.0.0.1:{attacked.server.port}", size
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=size == "phone", locale="zh-CN")
        context.add_cookies([{"name": "huiyin_session", "value": attacked.cookies[role], "url": self.url}])
        self.faults: list[str] = []
        self.page = context.new_page()
        context.on("page", lambda page: self.faults.append(f"a window opened: {page.url}"))
        self.page.on("console", lambda message: self._note(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("dialog", lambda dialog: (self._note(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: None if request.url.startswith((self.url, "data:")) else self._note(f"asked {request.url}"))

    def _note(self, said: str) -> None:
        self.faults.append(f"{self.page.url[:120]} ({self.size}): {said[:300]}")

    def open(self, path: str, until: str = "#main") -> str:
        """Open a page; gives the words on it."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status == 200, path
        self.page.wait_for_selector(until, state="attached")
        self.page.evaluate("document.fonts.ready.then(() => true)")
        if self.page.evaluate("window.__pwned") is not None:
            self._note("something ran")
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 16:  # hostile signs may stick out by a few; a page that scrolls sideways does not
            self._note(f"{wide} px too wide: {self.page.evaluate(WIDEST)}")
        if not self.page.url.startswith(self.url + path.split("?")[0]):
            self._note(f"led away from {path}")
        return self.page.inner_text("body")


def test_what_was_acknowledged_is_kept_as_it_was_said(attacked: Attacked) -> None:
    assert len(attacked.acknowledged) == len(TEXTS) >= 60
    changed = []
    for name, text in attacked.acknowledged.items():
        kept = attacked.by_id[as_kept(name)]
        # What is read stands in the order it was said, the title first; the reader drops marks of layout and unseen signs, it adds nothing.
        said, letters = iter(words_of(f"{text[:400]} {SAID} {text}")), words_of(kept["text"])
        if SAID not in kept["text"] or not all(letter in said for letter in letters):
            changed.append((name[:60], kept["text"][-300:]))
        # As it came in it is kept to the letter.
        assert attacked.kept["raw"][as_kept(name)] == as_kept(f"{SAID}。{text}")
    assert changed == []
    assert attacked.kept["opinions"] >= len(TEXTS)
    # Of the file, every row is a voice or a reject with its reason.
    of_file = [one for one in attacked.kept["feedback"] if one["source"] != "rest"]
    rejected = [one for one in attacked.kept["rejected"] if one[2] == "upload"]
    assert len(of_file) + len(rejected) == len(TEXTS)
    assert all(reason for _, reason, _ in attacked.kept["rejected"])


def test_nobody_is_named_by_what_attackers_write(attacked: Attacked) -> None:
    names = [one["customer_id"] for one in attacked.by_id.values() if one["customer_id"]]
    assert len(names) > 50
    assert all(re.fullmatch(r"c[0-9a-f]{16}", one) for one in names)


def test_each_voice_and_each_customer_on_a_page_of_its_own(browser: Browser, attacked: Attacked) -> None:
    lead, opened = Reader(browser, attacked, "cx_lead", "desk"), 0
    # What repeats another voice is counted with that one and has no page.
    shown = [one for one in attacked.by_id.values() if not one["duplicate_of"]]
    for one in shown:
        words = lead.open(f"/voices/{quote(one['feedback_id'], safe='')}/")
        assert "早餐太差了" in words, one["feedback_id"]
        opened += 1
    for customer in sorted({one["customer_id"] for one in shown if one["customer_id"]}):
        lead.open(f"/customers/{quote(customer, safe='')}/")
    assert opened >= 50
    assert lead.faults == []


@pytest.mark.parametrize("size", list(SIZES))
def test_no_page_runs_it_or_is_broken_by_it(browser: Browser, attacked: Attacked, size: str) -> None:
    lead = Reader(browser, attacked, "cx_lead", size)
    columns = urlencode(
        [("column", one) for one in ("occurred_at", "source", "channel", "product", "brand", "region", "store", "segment", "customer_id")]
    )
    seen = ""
    for page in range(1, 7):
        seen += lead.open(f"/voices/?page={page}", ".facet")
        lead.open(f"/voices/?page={page}&{columns}", ".facet")
    for text in ("<img src=x onerror=window.__pwned=1>", "<svg onload=window.__pwned=1>", f"javascript:{RUN}", "{{7*7}}{% load static %}"):
        assert text in seen, text
    lead.open("/voices/", "mark[data-opinion]")
    lead.page.locator("mark[data-opinion]").first.click()
    lead.page.wait_for_selector("[data-opinion-form]:popover-open")
    sources = [f"/sources/{end}" for end in ("", f"{attacked.upload}/", f"{attacked.upload}/rejects/", f"runs/{attacked.run}/", "write/", "upload/")]
    others = ("/", "/voices/random/?seed=7", "/stream/", "/customers/", "/customers/?order=most", "/privacy/", "/learning/")
    taxonomy = ("/taxonomy/", "/taxonomy/words/", "/taxonomy/versions/", "/taxonomy/packs/", "/topics/", "/topics/unplaced/")
    for path in (*others, *taxonomy, *sources, "/review/", "/review/figures/", "/operations/", "/people/"):
        lead.open(path, "body")
    chief = Reader(browser, attacked, "administrator", size)
    for path in ("/audit/", "/audit/?verify=1", "/people/", "/privacy/"):
        chief.open(path)
    assert lead.faults == []
    assert chief.faults == []


def test_no_file_that_is_taken_away_holds_a_live_formula(attacked: Attacked) -> None:
    files = {"/voices/export/": "cx_lead", f"/sources/{attacked.upload}/rejects/export/": "cx_lead", "/audit/export/": "administrator"}
    columns = urlencode([("column", one) for one in ("product", "store", "channel", "customer_id")])
    files[f"/voices/export/?{columns}"] = "cx_lead"
    for path, role in files.items():
        status, headers, body = attacked.ask(path, role)
        assert (status, headers["x-content-type-options"]) == (200, "nosniff"), path
        assert headers["content-disposition"].startswith("attachment")
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
        cells = [cell for row in rows for cell in row]
        assert len(cells) > 100
        assert {len(row) for row in rows} == {len(rows[0])}, path
        assert [cell[:60] for cell in cells if FORMULA.match(cell) and not re.fullmatch(r"-?\d+(\.\d+)?", cell)] == [], path
    status, _, body = attacked.ask("/taxonomy/files/export/xlsx/")
    assert status == 200
    kinds = {cell.data_type for sheet in openpyxl.load_workbook(io.BytesIO(body)) for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    exported = attacked.ask("/voices/export/")[2].decode("utf-8-sig")
    assert "<img src=x onerror=window.__pwned=1>" in exported
