"""The first page as slides: read back with the library, the figures are those of the page."""

from __future__ import annotations

from io import BytesIO

import pytest
from pptx import Presentation

from huiyin.server.foundation.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


def said(slide) -> str:
    """All text of a slide: paragraphs, cells, names of series."""
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
        if shape.has_chart:
            found += [series.name for series in shape.chart.plots[0].series]
    return "\n".join(found)


def taken(guest, address="/boards/meeting/"):
    answer = guest.get(address)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return Presentation(BytesIO(answer.content))


def test_slides_say_what_the_page_says(company, browser):
    guest = browser("cx_lead")
    page = guest.get("/?post=executive&days=365").context
    deck = taken(guest, "/boards/meeting/?post=executive&days=365")
    slides = [said(one) for one in deck.slides]
    whole = "\n".join(slides)
    assert page["cause"].name in slides[0]
    assert f"{page['cause'].mark.count:,}" in slides[0]
    for tile in page["tiles"]:
        assert tile.title in slides[1]
        assert tile.data["told"].value in slides[1]
    for row in page["main"][0].data["rows"]:
        assert row["name"] in whole
        assert row["rate"] in whole
    for change in next(one for one in page["rail"] if one.kind == "changes").data["changes"][:8]:
        assert change.name in whole
    trend = next(shape.chart for one in deck.slides for shape in one.shapes if shape.has_chart and len(shape.chart.plots[0].categories) > 20)
    shown = next(one for one in page["main"] if one.kind == "trend").data["chart"]["lines"][0]["points"]
    assert list(trend.plots[0].series[0].values) == pytest.approx([one["value"] for one in shown], nan_ok=True)


def test_who_may_not_export_takes_nothing_along_and_every_taking_is_written_down(company, browser):
    assert browser("everyone").get("/boards/meeting/").status_code == 403
    taken(browser("cx_lead"))
    assert AuditEntry.objects.filter(verb="home.exported").count() == 1


def test_before_anybody_spoke_there_are_no_slides(facts, browser):
    assert browser("cx_lead").get("/boards/meeting/").status_code == 404


def test_signs_that_no_file_may_hold_are_left_out():
    from huiyin.server.prioritise.boards.slides import Deck

    deck = Deck("题", "脚")
    deck.slide("控\x0b制\x00字\ud800符", "<script>alert(1)</script>")
    deck.table(("列",), [("=1+1",)], (1,))
    read = said(Presentation(BytesIO(deck.file())).slides[0])
    assert "制" in read and "字" in read
    assert "<script>alert(1)</script>" in read
    assert "=1+1" in read
