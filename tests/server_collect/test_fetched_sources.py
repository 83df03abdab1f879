"""Sources that are fetched, each against a real counterpart: a folder, a database, a web server with a feed."""

from __future__ import annotations

import http.server
import os
import sqlite3
import threading
import time

import pytest

from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.adapters import adapter_of
from huiyin.server.foundation.jobs.models import Job, Schedule
from tests.server_collect.fetching import fetched

pytestmark = pytest.mark.django_db


# a folder


@pytest.fixture
def inbox_folder(tmp_path, settings):
    settings.DATA = tmp_path
    folder = tmp_path / "inbox" / "门店"
    folder.mkdir(parents=True)
    return folder


def put(folder, name, text, age=60):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (time.time() - age, time.time() - age))


def test_a_folders_new_and_changed_files_are_taken_in_once(source, inbox_folder):
    here = source("folder", "门店", values={"path": "门店", "pattern": "*.csv"})
    put(inbox_folder, "a.csv", "编号,评价内容\n1,很好\n")
    put(inbox_folder, "b.txt", "编号,评价内容\n9,不该读\n")
    put(inbox_folder, "c.csv", "编号,评价内容\n8,还在写\n", age=0)
    (inbox_folder / "d.csv").symlink_to("/etc/passwd")
    assert adapter_of("folder").test(here).details["files"] == 2
    assert fetched(here).created == 1
    assert fetched(here).read == 0
    put(inbox_folder, "a.csv", "编号,评价内容\n1,很好\n2,很差\n", age=30)
    assert fetched(here).created == 1
    assert set(Inbox.objects.values_list("external_id", flat=True)) == {"1", "2"}


def test_a_file_that_is_none_is_listed_and_the_others_are_read(source, inbox_folder):
    here = source("folder", "门店", values={"path": "门店"})
    put(inbox_folder, "a.csv", "")
    put(inbox_folder, "b.csv", "编号,评价内容\n1,很好\n", age=30)
    run = fetched(here)
    assert (run.state, run.created, run.rejected) == ("done", 1, 1)


@pytest.mark.parametrize("path", ["/etc", "..", "../..", "门店/../../.."])
def test_a_folder_that_is_not_open_to_sources_is_refused(source, inbox_folder, path):
    with pytest.raises(SourceRefused):
        source("folder", "门店", values={"path": path})


# a database


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setenv("HUIYIN_FOLDERS", str(tmp_path))
    path = tmp_path / "shop.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT, at TEXT)")
        database.executemany("INSERT INTO note (words, at) VALUES (?, ?)", [(f"第{n}条意见", "2026-03-01 10:00") for n in range(1200)])
    return path


QUERY = "SELECT id AS external_id, words AS text, at AS occurred_at, id FROM note WHERE id > :after ORDER BY id"


def test_a_querys_new_rows_are_taken_in_from_where_it_was(source, shop):
    here = source("sql", "商城", values={"url": f"sqlite:///{shop}", "query": QUERY, "rising": "id"})
    assert adapter_of("sql").test(here).details["columns"] == ["external_id", "text", "occurred_at", "id"]
    assert fetched(here).created == 1200
    assert here.cursor == {"after": 1200}
    with sqlite3.connect(shop) as database:
        database.execute("INSERT INTO note (words, at) VALUES ('新来的一条', '2026-03-02')")
    run = fetched(here)
    assert (run.read, run.created) == (1, 1)


@pytest.mark.parametrize("query", ["DELETE FROM note", "SELECT 1; DROP TABLE note", "UPDATE note SET words = ''", "PRAGMA user_version = 1"])
def test_only_a_single_select_is_allowed(source, shop, query):
    with pytest.raises(SourceRefused):
        source("sql", "商城", values={"url": f"sqlite:///{shop}", "query": query})


def test_a_database_is_opened_for_reading_only(source, shop):
    # A SELECT that writes, as functions of some databases do, is refused by the database itself; a file is never made.
    missing = shop.with_name("none.sqlite3")
    here = source("sql", "商城", values={"url": f"sqlite:///{missing}", "query": "SELECT 1 AS text"})
    run = fetched(here)
    assert run.state == "failed"
    assert not missing.exists()


def test_a_database_that_refuses_is_reported_without_its_password(source):
    here = source("sql", "商城", values={"url": "postgresql+psycopg://reader:hunter2@127.0.0.1:1/shop", "query": "SELECT 1 AS text"})
    os.environ["HUIYIN_OUTGOING_ALLOW"] = "127.0.0.1"
    try:
        run = fetched(here)
    finally:
        del os.environ["HUIYIN_OUTGOING_ALLOW"]
    assert run.state == "failed"
    assert "hunter2" not in str(run.error) + str(list(Job.objects.values()))


# a feed

FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>论坛</title>
<item><guid>p1</guid><title>提车一周</title><description>&lt;p&gt;内饰异味很大&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description><pubDate>Sun, 01 Mar 2026 02:00:00 GMT</pubDate><author>老王</author></item>
<item><guid>p2</guid><title>座椅很舒服</title><link>https://example.com/2</link></item></channel></rss>"""


@pytest.fixture
def feed(monkeypatch):
    class Handler(http.server.BaseHTTPRequestHandler):
        body, asked = FEED.encode(), []

        def do_GET(self):
            known = self.headers.get("If-None-Match") == '"v1"'
            Handler.asked.append(known)
            self.send_response(304 if known else 200)
            self.send_header("ETag", '"v1"')
            self.send_header("Content-Length", str(0 if known else len(self.body)))
            self.end_headers()
            if not known:
                self.wfile.write(self.body)

        def log_message(self, *args):
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    monkeypatch.setenv("HUIYIN_OUTGOING_ALLOW", "127.0.0.1")
    yield f"http://127.0.0.1:{running.server_port}/feed", Handler
    running.shutdown()
    running.server_close()


def test_a_feeds_entries_are_taken_in_and_an_unchanged_feed_is_not_sent_again(source, feed, facts, read_inbox):
    url, handler = feed
    here = source("rss", "论坛", values={"url": url}, channel="论坛")
    assert len(adapter_of("rss").preview(here)) == 2
    assert fetched(here).created == 2
    assert fetched(here).read == 0
    assert handler.asked[-1] is True
    read_inbox()
    found = facts.query("SELECT external_id, text, channel FROM feedback ORDER BY external_id").to_pylist()
    assert [one["external_id"] for one in found] == ["p1", "p2"]
    assert "内饰异味很大" in found[0]["text"]
    assert "alert" not in found[0]["text"]


def test_an_address_that_is_no_feed_is_refused(source, feed):
    url, handler = feed
    handler.body = b"<html><body>hello</body></html>"
    with pytest.raises(SourceRefused):
        adapter_of("rss").test(source("rss", "论坛", values={"url": url}))
    handler.body = b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss version='2.0'><channel><item><title>&x;</title></item></channel></rss>"
    assert "root:" not in str(adapter_of("rss").preview(source("rss", "论坛", values={"url": url})))
    handler.body = FEED.encode()


def test_a_schedule_is_kept_while_the_source_is_on(source):
    from huiyin.server.collect.sources.services import source_change

    here = source("rss", "论坛", values={"url": "https://example.com/feed"}, cron="*/15 * * * *")
    assert Schedule.objects.get(key=str(here.pk)).cron == "*/15 * * * *"
    source_change(here, enabled=False)
    assert not Schedule.objects.filter(key=str(here.pk)).exists()
    with pytest.raises(SourceRefused):
        source_change(here, cron="now and then")
