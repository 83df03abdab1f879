"""The draft by its screens: what is typed arrives, what cannot be is said in words, nothing that is published moves."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.server.foundation.people.models import Team
from huiyin.server.understand.taxonomy.checking import troubles_of
from huiyin.server.understand.taxonomy.models import Draft, TakenExample
from huiyin.server.understand.taxonomy.selectors import accountable_teams, draft_now, version_in_use
from huiyin.server.understand.taxonomy.services import drafts
from huiyin.server.understand.taxonomy.services.drafts import digest
from huiyin.server.understand.taxonomy.services.publishing import draft_publish

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def browser(shop, signed_in, analyst):
    client = signed_in(user=analyst)
    client.post("/taxonomy/draft/begin/")
    return client


def fields(node, **changes) -> dict[str, str]:
    said = {"name_zh": node.name["zh"], "name_en": node.name.get("en", ""), "key": node.key, "seeds": "、".join(node.seeds), "seen": digest(node)}
    return said | changes


def draft_node(name: str):
    return next(one for one in draft_now().tree.nodes if one.name["zh"] == name)


def test_the_tree_shows_each_node_with_as_many_voices_as_stand_behind_it(shop, signed_in):
    client = signed_in("everyone")
    page = client.get("/taxonomy/").content.decode()
    assert "早餐" in page
    assert 'href="/voices/?aspect=stay%2Fbreakfast">3</a>' in page
    assert client.get("/voices/", {"aspect": "stay/breakfast"}).context["behind"].voices == 3
    assert "起草修改" not in page, "who may only read is not offered to change"


def test_what_is_typed_about_a_node_arrives(browser, node):
    Team.objects.create(name="餐饮部")
    breakfast = draft_node("早餐")
    wanted = fields(
        breakfast, name_zh="餐食", seeds="早餐，自助餐\n早茶", negative="难吃", definition_zh="吃的", include="早餐\n下午茶", exclude="客房送餐归服务",
        examples="粥是凉的", team="餐饮部", touchpoint="用餐",
    )  # fmt: skip
    answer = browser.post(f"/taxonomy/draft/nodes/{breakfast.id}/", wanted)
    assert answer.status_code == 302
    now = draft_now().tree.get(breakfast.id)
    assert (now.name["zh"], now.seeds, now.negative, now.include) == ("餐食", ["早餐", "自助餐", "早茶"], ["难吃"], ["早餐", "下午茶"])
    assert (now.team, now.touchpoint, now.examples, now.exclude) == ("餐饮部", "用餐", ["粥是凉的"], ["客房送餐归服务"])
    assert version_in_use().tree.get(breakfast.id).name["zh"] == "早餐"


def test_add_move_merge_split_and_remove_by_the_screen(browser, node):
    browser.post("/taxonomy/draft/add/", {"parent": "", "names": "停车\n泳池"})
    browser.post(f"/taxonomy/draft/nodes/{node('停车')}/move/", {"parent": node("前台")})
    assert draft_node("停车").parent == node("前台")
    browser.post(f"/taxonomy/draft/nodes/{node('停车')}/move/", {"by": "-1"})
    browser.post(f"/taxonomy/draft/nodes/{node('泳池')}/move/", {"beside": node("早餐"), "where": "before"})
    names = [one.name["zh"] for one, _ in draft_now().tree.walk()]
    assert names == ["住店", "泳池", "早餐", "房间", "前台", "入住", "停车", "发票"]
    browser.post(f"/taxonomy/draft/nodes/{node('泳池')}/merge/", {"into": node("房间")})
    browser.post(f"/taxonomy/draft/nodes/{node('早餐')}/split/", {"parts": "堂食\n自助：自助餐"})
    browser.post(f"/taxonomy/draft/nodes/{node('前台')}/remove/")
    assert [one.name["zh"] for one, _ in draft_now().tree.walk()] == ["住店", "早餐", "堂食", "自助", "房间"]
    browser.post("/taxonomy/draft/undo/")
    assert "前台" in [one.name["zh"] for one in draft_now().tree.nodes]


def test_undoing_an_older_step_does_not_undo_a_later_one(browser, node):
    browser.post("/taxonomy/draft/add/", {"parent": "", "names": "停车"})
    older = draft_now().steps.first().pk
    browser.post("/taxonomy/draft/add/", {"parent": "", "names": "泳池"})
    browser.post(f"/taxonomy/draft/undo/?step={older}", **HTMX)
    assert {"停车", "泳池"} <= {one.name["zh"] for one in draft_now().tree.nodes}
    browser.post(f"/taxonomy/draft/undo/?step={draft_now().steps.first().pk}", **HTMX)
    assert "泳池" not in [one.name["zh"] for one in draft_now().tree.nodes]


def test_a_node_cannot_go_below_itself_and_the_screen_says_so(browser, node):
    answer = browser.post(f"/taxonomy/draft/nodes/{node('住店')}/move/", {"parent": node("早餐")}, **HTMX)
    assert "不能移到自己下面" in answer.headers["HX-Trigger"].encode().decode("unicode_escape")
    assert draft_node("住店").parent == ""


def test_the_later_of_two_who_meet_sees_it_and_loses_nothing(browser, node, signed_in):
    breakfast = draft_node("早餐")
    first, second = fields(breakfast, name_zh="早点"), fields(breakfast, name_zh="早饭")
    browser.post(f"/taxonomy/draft/nodes/{breakfast.id}/", first)
    answer = browser.post(f"/taxonomy/draft/nodes/{breakfast.id}/", second)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "别人刚改过它" in page
    assert 'value="早饭"' in page
    assert draft_now().tree.get(breakfast.id).name["zh"] == "早点"
    browser.post(f"/taxonomy/draft/nodes/{breakfast.id}/", second | {"seen": answer.context["form"].data["seen"]})
    assert draft_now().tree.get(breakfast.id).name["zh"] == "早饭"


def test_what_is_wrong_stands_beside_its_field(browser, node, analyst):
    room = node("房间")
    drafts.node_change(analyst, room, {"seeds": ["房间", "早餐", "床", "A"], "name": {"zh": "早餐"}})
    drafts.node_add(analyst, "", [" 空 "])
    told = {(one.node, one.field): (one.text, one.blocks) for one in troubles_of(draft_now().tree)}
    assert told[room, "name"] == ("同层有两个「早餐」，分不清谁是谁。", True)
    assert any("「早餐」也在「早餐」里" in one.text for one in troubles_of(draft_now().tree) if one.node == room)
    assert "单字容易认错：床、A" in [one.text for one in troubles_of(draft_now().tree) if one.node == room]
    page = browser.get(f"/taxonomy/draft/?node={room}").content.decode()
    assert "同层有两个「早餐」" in page
    published = browser.get("/taxonomy/draft/preview/").content.decode()
    assert "disabled" in published


def test_a_discarded_draft_leaves_the_published_tree_alone(browser, node):
    browser.post("/taxonomy/draft/add/", {"parent": "", "names": "停车"})
    browser.post("/taxonomy/draft/discard/")
    assert not Draft.objects.exists()
    assert "停车" not in [one.name["zh"] for one in version_in_use().tree.nodes]
    assert browser.get("/taxonomy/draft/").status_code == 302


def test_a_voice_is_taken_as_an_example_and_forgotten_with_its_customer(browser, shop, node):
    from huiyin.server.understand.taxonomy.forgetting import forget

    breakfast = node("早餐")
    browser.post(f"/taxonomy/examples/{breakfast}/{shop[0]}/")
    browser.post(f"/taxonomy/examples/{breakfast}/{shop[0]}/")
    assert TakenExample.objects.get().text == "早餐太差了，种类很少"
    assert "早餐太差了，种类很少" in browser.get(f"/taxonomy/nodes/{breakfast}/").content.decode()
    assert forget("客户1", [shop[0]]) == {"taxonomy.examples": 1}
    assert forget("客户1", [shop[0]]) == {"taxonomy.examples": 0}


def test_an_example_out_of_sight_is_not_shown_nor_taken(browser, say, node, signed_in):
    (elsewhere,) = say("早餐在北京店难吃", store="北京店")
    breakfast = node("早餐")
    browser.post(f"/taxonomy/examples/{breakfast}/{elsewhere}/")
    manager = signed_in("store_manager")
    assert "早餐在北京店难吃" not in manager.get(f"/taxonomy/nodes/{breakfast}/").content.decode()
    assert "早餐在北京店难吃" in browser.get(f"/taxonomy/nodes/{breakfast}/").content.decode()


def test_who_answers_for_a_theme_answers_for_what_has_nobody_of_its_own(browser, analyst, node, drained):
    drafts.node_change(analyst, node("住店"), {"team": "客房部"})
    drafts.node_change(analyst, node("早餐"), {"team": "餐饮部"})
    draft_publish(analyst, "归属")
    drained()
    assert accountable_teams() == {"stay": "客房部", "stay/breakfast": "餐饮部", "stay/room": "客房部"}


def test_what_a_customer_or_a_colleague_wrote_never_runs(browser, say, analyst, node):
    say("早餐<script>alert(1)</script>难吃")
    drafts.node_change(analyst, node("房间"), {"name": {"zh": "<img src=x onerror=alert(1)>"}})
    for address in ("/taxonomy/", "/taxonomy/draft/", "/taxonomy/draft/preview/", f"/taxonomy/nodes/{version_in_use().tree.nodes[1].id}/"):
        page = browser.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_six_examples_take_as_many_questions_as_two(browser, shop, node, asked):
    breakfast = node("早餐")

    def questions(examples: int) -> tuple[int, int]:
        for one in shop[:examples]:
            browser.post(f"/taxonomy/examples/{breakfast}/{one}/")
        asked.clear()
        with CaptureQueriesContext(connection) as state:
            found = browser.get(f"/api/v1/taxonomy/nodes/{breakfast}/examples").json()
        assert [one["feedback_id"] for one in found] == shop[:examples]
        return len(state), len(asked)

    few = questions(2)
    assert few[0] and few[1]
    assert questions(6) == few


def test_a_program_takes_and_drops_examples(browser, shop, node):
    breakfast = node("早餐")

    def post(path, **body):
        return browser.post(f"/api/v1/taxonomy/{path}", body, content_type="application/json")

    taken = post(f"nodes/{breakfast}/examples", feedback_id=shop[0])
    assert (taken.status_code, taken.json()["node"], taken.json()["text"]) == (201, breakfast, "早餐太差了，种类很少")
    assert post(f"nodes/{breakfast}/examples", feedback_id=shop[0]).json() == taken.json()
    assert browser.get(f"/api/v1/taxonomy/nodes/{breakfast}/examples").json() == [taken.json()]
    assert post(f"nodes/{breakfast}/examples", feedback_id="nobody").status_code == 404
    assert post("nodes/nowhere/examples", feedback_id=shop[0]).status_code == 404
    assert browser.get("/api/v1/taxonomy/nodes/nowhere/examples").status_code == 404
    assert post(f"examples/{taken.json()['id']}/remove").status_code == 204
    assert browser.get(f"/api/v1/taxonomy/nodes/{breakfast}/examples").json() == []
