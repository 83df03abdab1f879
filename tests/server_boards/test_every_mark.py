"""Every mark of every widget opens exactly as many voices, customers or opinions as it says: followed link by link, as a person would."""

from __future__ import annotations

import html
import re

import pytest

from huiyin.facts import Filter
from huiyin.insight import records
from huiyin.server.prioritise.boards.templates_of_posts import POSTS
from huiyin.server.understand.reading.facts import facts_store

pytestmark = pytest.mark.django_db
_LINK = re.compile(r'<a[^>]*href="(/voices/[^"]*)"[^>]*data-count="(\d+)" data-counted="(\w+)"')
_CHART = re.compile(r'<script type="application/json">(.*?)</script>', re.S)


def shown_at(client, url: str) -> dict[str, int]:
    """Voices, customers and opinions that the page of the explorer says stand behind it."""
    behind = client.get(url + ("&" if "?" in url else "?") + "page=1999").context["behind"]
    return {"voices": behind.voices, "customers": behind.customers, "opinions": behind.opinions}


def marks_in(text: str) -> set[tuple[str, int, str]]:
    """Address, count and what is counted of every mark on a page, those of its drawings too."""
    import json

    found = {(html.unescape(url), int(count), unit) for url, count, unit in _LINK.findall(text)}
    for data in _CHART.findall(text):
        for line in json.loads(data)["lines"]:
            found |= {(one["url"], one["count"], one["counted"]) for one in line["points"]}
    return found


@pytest.fixture
def lead(company, browser):
    return browser("cx_lead")


@pytest.mark.parametrize("post", POSTS)
def test_every_mark_of_a_first_page_opens_as_many_as_it_says(lead, post):
    text = lead.get(f"/?post={post}&days=90").content.decode()
    marks = marks_in(text)
    assert len(marks) > 8
    for url, count, unit in sorted(marks):
        assert shown_at(lead, url)[unit] == count, (post, url)


@pytest.mark.parametrize("post", POSTS)
def test_every_mark_of_a_board_made_from_a_template_opens_as_many_as_it_says(lead, post):
    made = lead.post("/boards/make/", {"post": post})
    text = lead.get(made["Location"] + "?days=365").content.decode()
    marks = marks_in(text)
    assert len(marks) > 8
    for url, count, unit in sorted(marks):
        assert shown_at(lead, url)[unit] == count, (post, url)


def test_every_other_kind_of_widget_too(lead):
    made = lead.post("/boards/make/", {"name": "其余"})["Location"]
    for settings in (
        {"kind": "heat", "metric": "complaint_rate", "dimension": "product", "second": "channel"},
        {"kind": "breakdown", "metric": "nps", "dimension": "region"},
        {"kind": "launch", "metric": "negative_share", "day": "2026-08-03", "earlier": "2026-02-02, 2026-05-04"},
        {"kind": "compare", "dimension": "product"},
        {"kind": "topics"},
        {"kind": "complaints"},
        {"kind": "note", "text": "=1+1 <script>alert(1)</script>"},
        {"kind": "tile", "metric": "opinions", "filter": "/voices/?product=栖川智能门锁 L2&polarity=-1"},
    ):
        assert lead.post(f"{made}add/", {"width": "half", **settings}).status_code == 302
    text = lead.get(made + "?days=365").content.decode()
    assert "<script>alert" not in text
    marks = marks_in(text)
    assert len(marks) > 60
    for url, count, unit in sorted(marks):
        assert shown_at(lead, url)[unit] == count, url


def test_a_store_manager_sees_her_store_only(company, browser):
    from huiyin.server.foundation.people.models import User

    client = browser("store_manager")
    store = "栖川杭州湖滨店"
    User.objects.filter(email="store_manager@example.com").update(scope={"store": [store]})
    text = client.get("/?days=365").content.decode()
    marks = marks_in(text)
    assert marks
    most = records.count(facts_store(), Filter(store=(store,)))
    for url, count, unit in sorted(marks):
        assert count <= getattr(most, unit), url
        assert shown_at(client, url)[unit] == count, url


def test_a_shared_board_shows_each_viewer_her_own_rows(company, browser):
    from huiyin.server.foundation.people.models import User
    from huiyin.server.prioritise.boards.models import Board
    from huiyin.server.prioritise.boards.selectors import placed

    lead, manager = browser("cx_lead"), browser("store_manager")
    made = lead.post("/boards/make/", {"name": "共用"})["Location"]
    lead.post(f"{made}add/", {"width": "half", "kind": "tile", "metric": "voices", "days": "0"})
    assert manager.get(made).status_code == 404
    lead.post(f"{made}change/", {"name": "共用", "shared": "everyone"})
    store = "栖川杭州湖滨店"
    User.objects.filter(email="store_manager@example.com").update(scope={"store": [store]})
    board = Board.objects.get()
    wide, narrow = (placed(board, User.objects.get(email=f"{role}@example.com"), 90)[0].shown for role in ("cx_lead", "store_manager"))
    assert wide.data["figure"].value.n == records.count(facts_store()).voices
    assert narrow.data["figure"].value.n == records.count(facts_store(), Filter(store=(store,))).voices
    assert manager.get(made).status_code == 200
    assert manager.post(f"{made}change/", {"name": "她的"}).status_code == 404
