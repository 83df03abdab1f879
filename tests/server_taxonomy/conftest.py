"""A small company with an inbox that was read under a tree of its own, jobs drained by hand."""

from __future__ import annotations

import pytest

from tests.server.asked import asked
from tests.server.place import opened, place
from tests.server.world import person, signed_in

__all__ = ["asked"]
TREE = """
pack: shop
name: {zh: 小店, en: Shop}
aspects:
  - id: stay
    name: {zh: 住店, en: Stay}
    children:
      - {id: breakfast, name: {zh: 早餐, en: Breakfast}, seeds: [早餐, 自助餐]}
      - {id: room, name: {zh: 房间, en: Room}, seeds: [房间, 床]}
  - id: desk
    name: {zh: 前台, en: Desk}
    children:
      - {id: checkin, name: {zh: 入住, en: Check-in}, seeds: [前台, 入住]}
      - {id: invoice, name: {zh: 发票, en: Invoice}, seeds: [发票]}
"""
VOICES = (
    "早餐太差了，种类很少",
    "房间很干净，床也舒服",
    "前台办理入住等了四十分钟，太慢了",
    "发票开错了，要重新跑一趟",
    "早餐好吃，房间有点吵",
    "停车场太小，根本停不进去",
    "停车收费太贵了",
    "自助餐凉的，难吃",
)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def facts(db, request):
    """A store in memory; by indirect parameter the address of another engine."""
    with opened(place(getattr(request, "param", ":memory:"))) as store:
        yield store


@pytest.fixture
def say(db):
    """Voices into the inbox, read at once; gives the ids of those voices."""
    from huiyin.server.collect.feedback.models import feedback_id
    from huiyin.server.collect.feedback.services import take
    from huiyin.server.collect.sources.entries import entry_of
    from huiyin.server.collect.sources.services import source_make
    from huiyin.server.understand.reading.writer import drain_inbox

    here = source_make("rest", "来源")
    sent = [0]

    def make(*texts: str, **more) -> list[str]:
        entries = []
        for text in texts:
            sent[0] += 1
            entries.append(entry_of({"text": text, "external_id": f"x{sent[0]}", "customer_id": f"客户{sent[0]}", **more}))
        taken = take(here.pk, entries)
        drain_inbox()
        return [feedback_id(one.number) for one in taken]

    return make


@pytest.fixture
def shop(facts, say, tmp_path):
    """The company's tree in use, and what its customers said."""
    from huiyin.server.understand.reading.services import set_taxonomy

    file = tmp_path / "shop.yaml"
    file.write_text(TREE, encoding="utf-8")
    set_taxonomy(str(file))
    return say(*VOICES, occurred_at="2026-02-01")


@pytest.fixture
def analyst(db):
    return person("analyst")


@pytest.fixture
def drained():
    """Do what waits in the job table."""
    from huiyin.server.foundation.jobs.running import drain

    return drain


@pytest.fixture(name="signed_in")
def role_signed_in(db):
    """A browser in which a person of the role, or that very one, has signed in."""
    return lambda role="cx_lead", user=None: signed_in(user or person(role))


@pytest.fixture
def node():
    """The id of a draft's node by its Chinese name."""
    from huiyin.server.understand.taxonomy.selectors import draft_now, version_in_use

    def find(name: str) -> str:
        draft = draft_now()
        tree = draft.tree if draft else version_in_use().tree
        return next(one.id for one in tree.nodes if one.name["zh"] == name)

    return find
