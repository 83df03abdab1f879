"""One number everywhere, boards as people make them, the first page by post, the mission on record."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO

import openpyxl
import pytest

from huiyin.facts import Filter
from huiyin.insight.drivers import score_drivers
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.prioritise.boards.causes import head_cause
from huiyin.server.prioritise.boards.home import period
from huiyin.server.prioritise.boards.models import Board, Mission
from huiyin.server.prioritise.boards.templates_of_posts import POSTS
from huiyin.server.prioritise.metrics.catalogue import METRICS
from huiyin.server.prioritise.metrics.figures import figure
from huiyin.server.prioritise.problems.ranking import listing
from huiyin.server.prioritise.problems.register import problems_by_path, register
from huiyin.server.understand.reading.facts import facts_store

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(company, browser):
    return browser("cx_lead")


def made(client, **first) -> str:
    return client.post("/boards/make/", {"name": "我的板", **first})["Location"]


def add(client, address: str, **settings) -> int:
    client.post(f"{address}add/", {"width": "half", **settings})
    return Board.objects.get(pk=int(address.split("/")[-2])).widgets.last().pk


def test_a_widget_an_answer_a_file_and_the_library_say_the_same_of_every_metric(lead):
    address = made(lead)
    where = period(Filter(), 90)
    for key in METRICS:
        pk = add(lead, address, kind="tile", metric=key, days="90")
        text = lead.get(f"{address}{pk}/csv/").getvalue().decode("utf-8-sig")
        row = list(csv.reader(StringIO(text)))[1]
        told = lead.get(f"/api/v1/metrics/{key}?{where.to_query()}&compare=true").json()
        library = figure(key, where).value
        in_file = [float(one) if one else None for one in row[:3]]
        assert in_file == [told["value"], told["low"], told["high"]] == [library.value, library.low, library.high], key
        assert int(row[3]) == told["n"] == library.n
    pieces = lead.get(address).context["pieces"]
    shown = {one.widget.settings["metric"]: one.shown.data["figure"].value for one in pieces}
    assert shown == {key: figure(key, where).value for key in METRICS}
    book = openpyxl.load_workbook(BytesIO(lead.get(f"{address}xlsx/").content))
    assert len(book.sheetnames) == len(METRICS)
    for sheet, key in zip(book, METRICS, strict=True):
        told, kept = figure(key, where).value.value, sheet.cell(5, 1).value
        # A workbook keeps sixteen digits.
        assert kept == told or abs(kept - told) < 1e-12 * abs(told), key


def test_a_point_of_a_drawing_is_the_number_in_its_table(lead):
    address = made(lead)
    add(lead, address, kind="trend", metric="nps", grain="month", days="365")
    response = lead.get(address)
    piece = response.context["pieces"][0].shown
    drawn = piece.data["chart"]["lines"][0]["points"]
    assert [(one["label"], one["value"], one["count"]) for one in drawn] == [(row[0], row[2], row[5]) for row in piece.rows]
    assert json.dumps(drawn[0]["url"])[1:-1].split("?")[0] == "/voices/"


def test_boards_are_arranged_copied_deleted_and_taken_back(lead):
    address = made(lead)
    first, second = add(lead, address, kind="tile", metric="voices"), add(lead, address, kind="topics")
    board = Board.objects.get()
    assert lead.post(f"{address}arrange/", {"widget": [second, first]}).status_code == 204
    assert [one.pk for one in board.widgets.all()] == [second, first]
    copy = lead.post(f"{address}duplicate/")["Location"]
    assert Board.objects.get(pk=int(copy.split("/")[-2])).widgets.count() == 2
    assert lead.post(f"{address}delete/")["Location"] == f"/boards/?gone={board.pk}"
    assert lead.get(address).status_code == 404
    assert "撤销" in lead.get(f"/boards/?gone={board.pk}").content.decode()
    lead.post(f"{address}restore/")
    assert lead.get(address).status_code == 200
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"board.made", "board.arranged", "board.deleted", "board.restored", "widget.added"} <= verbs


def test_settings_of_a_widget_are_changed_and_a_filter_that_is_none_is_refused(lead):
    address = made(lead)
    pk = add(lead, address, kind="tile", metric="voices")
    page = f"{address}{pk}/"
    told = {"kind": "tile", "metric": "customers", "width": "third", "title": "人数", "filter": "https://x.example/voices/?polarity=-1"}
    assert lead.post(page, told).status_code == 302
    widget = Board.objects.get().widgets.get()
    assert (widget.title, widget.width, widget.settings) == ("人数", "third", {"metric": "customers", "filter": "polarity=-1"})
    assert lead.post(page, {**told, "filter": "since=yesterday"}).status_code == 422
    lead.post(f"{page}remove/")
    assert not Board.objects.get().widgets.exists()


def test_nobody_writes_to_a_board_that_is_not_hers(lead, browser):
    address = made(lead)
    lead.post(f"{address}change/", {"name": "大家的", "shared": "everyone"})
    other = browser("product")
    assert other.get(address).status_code == 200
    for tail in ("change/", "delete/", "arrange/", "add/"):
        assert other.post(address + tail, {"name": "x", "kind": "topics", "width": "half"}).status_code == 404
    assert Board.objects.get().name == "大家的"


def test_each_post_sees_its_own_first_page(company, browser):
    for role, post in (
        ("executive", "executive"),
        ("product", "product"),
        ("marketing", "marketing"),
        ("service_agent", "service"),
        ("everyone", "frontline"),
    ):
        context = browser(role).get("/").context
        assert context["post"].key == post
        assert [one.kind for one in context["main"]] == [one.kind for one in POSTS[post].main]
        assert len(context["tiles"]) == 4
    chosen = browser("executive").get("/?post=store").context
    assert chosen["post"].key == "store"


def test_the_head_cause_is_that_of_the_driver_model(lead):
    where = period(Filter(), 365)
    found, told = head_cause(where), score_drivers(facts_store(), "nps", where)
    assert told.head
    assert found.problem_id == problems_by_path(register())[told.head[0]]
    assert found.share.value == pytest.approx(100 * next(one for one in told.drivers if one.aspect == told.head[0]).importance.value)
    assert sum(part.width for part in found.parts) == pytest.approx(100, abs=0.1)
    assert len(found.tied) == len([one for one in told.drivers[0].tied_with if one in told.head])
    text = lead.get("/?days=365").content.decode()
    assert found.name in text
    assert ("难分先后" in text) == bool(found.tied or any(row.tied_with for row in listing(where).value.rows[:5]))


def test_the_mission_is_pinned_by_the_lead_and_on_record(lead, browser):
    rows = listing(period(Filter(), 90)).value.rows
    chosen = rows[3].problem_id
    assert browser("executive").post("/boards/pin/", {"problem": chosen, "pinned": "1"}).status_code == 403
    assert lead.post("/boards/pin/", {"problem": "P-NOTHERE", "pinned": "1"}).status_code == 404
    lead.post("/boards/pin/", {"problem": chosen, "pinned": "1"})
    for role in ("executive", "everyone"):
        cause = browser(role).get("/").context["cause"]
        assert (cause.problem_id, cause.is_mission) == (chosen, True)
    lead.post("/boards/pin/", {"problem": chosen, "pinned": "0"})
    assert not Mission.objects.filter(ended_at=None).exists()
    assert list(AuditEntry.objects.filter(object_type="mission").order_by("id").values_list("verb", flat=True)) == [
        "mission.pinned",
        "mission.unpinned",
    ]


def test_mine_and_the_panel_show_what_the_first_page_shows(lead):
    text = lead.get("/boards/mine/").content.decode()
    assert "data-count" in text
    panel = lead.get("/boards/voices/?polarity=-1", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in panel
    assert "条声音" in panel


def test_in_english_no_word_stays_chinese_around_the_figures(lead):
    from django.utils import translation

    with translation.override("en"):
        assert str(METRICS["negative_share"].name) == "Share of negative opinions"
        assert str(POSTS["frontline"].label) == "Front line"
