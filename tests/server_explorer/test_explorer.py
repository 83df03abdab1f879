"""原声: what the address asks is what is shown, counted and exported; corrections stick; nobody sees beyond her scope."""

import csv
import re
from html import unescape
from io import StringIO

import pyarrow as pa
import pytest
from django.urls import reverse

from huiyin.facts import MENTION, Filter
from huiyin.insight import records
from huiyin.simulate.planted import draw
from tests.server_explorer.conftest import PLAN

ASKED = [
    "",
    "product=A1&polarity=-1",
    "aspect=app",
    "region=华东&region=华南&order=most_negative",
    "q=app的crash不行",
    "since=2025-12-01&until=2026-01-31",
]


def shown(client, query: str) -> tuple[int, list[str]]:
    """The number on the page, and the ids of all pages."""
    page = client.get(f"/voices/?{query}")
    assert page.status_code == 200
    text = page.content.decode()
    count = re.search(r"<b>([\d,]+)</b> 条声音", text)
    ids: list[str] = []
    number = 1
    while True:
        found = re.findall(r'id="voice-([^"]+)"', text)
        ids += found
        if "下一页" not in text:
            return int(count[1].replace(",", "")) if count else 0, ids
        number += 1
        text = client.get(f"/voices/?{query}&page={number}").content.decode()


@pytest.mark.parametrize("query", ASKED)
def test_the_number_the_pages_and_the_file_hold_the_same_voices(facts, signed_in, query: str) -> None:
    client = signed_in()
    count, ids = shown(client, query)
    assert len(ids) == len(set(ids)) == count > 0
    lines = b"".join(client.get(f"/voices/export/?{query}").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(lines)))
    assert [row["feedback_id"] for row in rows] == ids


def test_the_facets_count_what_pressing_them_would_show(facts, signed_in) -> None:
    client = signed_in()
    text = client.get("/voices/facets/?product=A1").content.decode()
    choices = re.findall(r'href="/voices/(\?[^"]*)" role="checkbox" aria-checked="false"(?:(?!href=).)*?facet-count">([\d,]+)<', text)
    assert len(choices) > 12
    for query, count in choices:
        found = Filter.from_query(query.replace("&amp;", "&").lstrip("?"))
        if found.product == ("A1",):  # a second product widens: its count is its own
            assert records.count(facts, found).voices == int(count.replace(",", "")), query


def test_conditions_that_opinions_name_can_be_chosen(facts, signed_in) -> None:
    voices, said = draw(PLAN).tables()
    named = [[("season", "winter")] if row % 5 == 0 else [("season", "summer"), ("use", "first")] if row % 5 == 1 else [] for row in range(len(said))]
    facts.replace(voices, said.append_column("conditions", pa.array(named, MENTION.field("conditions").type)))
    client = signed_in()
    for query in ("", "cond.season=winter", "cond.use=first"):
        text = client.get(f"/voices/facets/?{query}").content.decode()
        choices = re.findall(r'href="/voices/(\?[^"]*)" role="checkbox" aria-checked="false"(?:(?!href=).)*?facet-count">([\d,]+)<', text)
        conditions = [(unescape(one), count) for one, count in choices if "cond." in one]
        assert conditions
        for one, count in conditions:
            found = Filter.from_query(one.lstrip("?"))
            if len(found.conditions.get("season", ())) < 2:  # a second value of the same kind widens: its count is its own
                assert records.count(facts, found).voices == int(count.replace(",", "")), one
    page = client.get("/voices/?cond.season=winter&band.conditions.speed=20.0..40.5").content.decode()
    assert "冬天" in page and "20–40.5" in page
    answer = client.get("/voices/?cond.season=winter").content.decode()
    assert "cond.season=winter" in answer and 'class="under"' in answer


def test_a_band_that_is_none_is_named(signed_in) -> None:
    assert "band.speed" in signed_in().get("/voices/?band.speed=fast").content.decode()


def test_a_wrong_part_of_the_address_is_named_and_the_rest_holds(signed_in) -> None:
    text = signed_in().get("/voices/?since=gestern&product=A1").content.decode()
    assert "since" in text
    assert "A1" in text


def test_a_correction_sticks_and_is_recorded(facts, signed_in) -> None:
    from huiyin.server.foundation.audit.models import AuditEntry

    client = signed_in()
    one = facts.query(
        "SELECT feedback_id, mention_no FROM opinion WHERE polarity = -1 AND aspect = 'app/crash' ORDER BY feedback_id LIMIT 1"
    ).to_pylist()[0]
    address = reverse("voices:opinion", args=[one["feedback_id"], one["mention_no"]])
    assert "改正这个观点" in client.get(address).content.decode()
    leaf = general_leaf()
    answer = client.post(address, {"aspect": leaf, "polarity": "1", "intensity": "0.5", "intent": "praise"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    where = f"feedback_id = '{one['feedback_id']}' AND mention_no = {one['mention_no']}"
    row = facts.query(f"SELECT aspect, polarity, intent, labelled_by FROM opinion WHERE {where}").to_pylist()[0]
    assert (row["aspect"], row["polarity"], row["intent"]) == (leaf, 1, "praise")
    assert row["labelled_by"] != "machine"
    entry = AuditEntry.objects.get(verb="voice.corrected")
    assert entry.before["polarity"] == -1
    assert entry.after["polarity"] == 1
    # Read again by the machine, the correction holds.
    feedback = facts.query(f"SELECT * FROM feedback WHERE feedback_id = '{one['feedback_id']}'").drop_columns(["unit", "day", "counted"])
    mentions = facts.query(f"SELECT * FROM mention WHERE feedback_id = '{one['feedback_id']}'").drop_columns(["unit", "day", "counted", "version"])
    facts.replace(feedback, mentions)
    assert facts.query(f"SELECT aspect FROM opinion WHERE {where}")["aspect"].to_pylist() == [leaf]


def general_leaf() -> str:
    """An aspect of the taxonomy in use."""
    from huiyin.text import load_taxonomy

    return load_taxonomy("general").paths[3]


def test_what_is_no_opinion_goes_away(facts, signed_in) -> None:
    client = signed_in()
    one = facts.query("SELECT feedback_id, mention_no FROM opinion ORDER BY feedback_id, mention_no LIMIT 1").to_pylist()[0]
    before = facts.query("SELECT count(*) AS n FROM opinion")["n"][0].as_py()
    given = {"removed": "on", "aspect": "", "polarity": "1", "intensity": "0.5", "intent": "none"}
    assert client.post(reverse("voices:opinion", args=list(one.values())), given).status_code == 200
    assert facts.query("SELECT count(*) AS n FROM opinion")["n"][0].as_py() == before - 1


def test_ten_drawn_by_a_seed_are_the_same_ten(signed_in) -> None:
    client = signed_in()
    once, again, other = (re.findall(r'id="voice-([^"]+)"', client.get(f"/voices/random/?seed={seed}").content.decode()) for seed in (5, 5, 6))
    assert len(once) == 10
    assert once == again != other


def test_a_store_manager_sees_her_store_alone(facts, signed_in) -> None:
    client = signed_in("store_manager")
    count, ids = shown(client, "")
    assert count == 0
    facts.query("SELECT 1 AS one")
    foreign = facts.query("SELECT feedback_id FROM voice ORDER BY feedback_id LIMIT 1")["feedback_id"][0].as_py()
    assert client.get(f"/voices/{foreign}/").status_code == 404
    assert client.get("/voices/random/?seed=1").content.decode().count('id="voice-') == 0
    assert b"".join(client.get("/voices/?store=x").content.splitlines())


def test_feedback_is_text_and_never_markup(facts, signed_in) -> None:
    feedback, mentions = (facts.query(f"SELECT * FROM {name} ORDER BY feedback_id LIMIT 1") for name in ("feedback", "mention"))
    evil = "<img src=x onerror=alert(1)>\"'<script>alert(2)</script>"
    hostile = feedback.drop_columns(["unit", "day", "counted"]).set_column(feedback.column_names.index("text"), "text", [[evil]])
    hostile = hostile.set_column(0, "feedback_id", [["evil"]]).set_column(hostile.column_names.index("product"), "product", [[evil]])
    facts.append(hostile, mentions.slice(0, 0).drop_columns(["unit", "day", "counted", "version"]))
    client = signed_in()
    for address in ("/voices/evil/", "/voices/?q=onerror", "/voices/facets/"):
        text = client.get(address).content.decode()
        assert "<img src=x" not in text
        assert "<script>alert" not in text
    assert "&lt;img src=x" in client.get("/voices/evil/").content.decode()
    lines = b"".join(client.get("/voices/export/?q=onerror").streaming_content).decode("utf-8-sig")
    assert evil in next(csv.DictReader(StringIO(lines)))["text"]


def test_views_are_kept_shared_and_deleted_by_their_owner(signed_in) -> None:
    client, other = signed_in(), signed_in("analyst")
    client.post("/voices/views/", {"name": "华东负面", "query": "?region=华东&polarity=-1", "shared": "on"})
    assert "华东负面" in other.get("/voices/").content.decode()
    from huiyin.server.understand.explorer.models import SavedView

    view = SavedView.objects.get()
    assert other.post(f"/voices/views/{view.pk}/delete/").status_code == 404
    assert client.post(f"/voices/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("role", ["executive", "everyone"])
def test_who_may_not_correct_sees_no_handle_and_is_refused(facts, signed_in, role: str) -> None:
    client = signed_in(role)
    assert "data-opinion=" not in client.get("/voices/").content.decode()
    one = facts.query("SELECT feedback_id, mention_no FROM opinion ORDER BY feedback_id LIMIT 1").to_pylist()[0]
    assert client.get(reverse("voices:opinion", args=list(one.values()))).status_code == 403


def test_the_first_page_names_what_hurts_most_and_its_number_opens_to_its_voices(facts, signed_in) -> None:
    from huiyin.server.understand.reading.models import ReadingSetup
    from huiyin.server.understand.reckoning.keeping import KEPT
    from huiyin.simulate import simulate
    from huiyin.text import Reader

    texts = [text for text in simulate(rows=1200, seed=8).records["内容"].to_pylist() if text][:1000]
    _read_in(facts, Reader.load(taxonomy="consumer_electronics").read(texts))
    ReadingSetup.objects.create(taxonomy="consumer_electronics")
    KEPT.forget()
    client = signed_in()
    text = client.get("/?days=0").content.decode()
    customers, query = re.search(r"听 ([\d,]+) 位客户怎么说", text)[1], re.search(r'button primary" href="/voices/\?([^"]+)"', text)[1]
    where = Filter.from_query(query.replace("&amp;", "&"))
    assert where.aspect
    assert records.count(facts, where).customers == int(customers.replace(",", ""))


def test_nobody_spoken_is_said_plainly(db) -> None:
    from django.test import Client

    from tests.server.world import person

    client = Client()
    client.force_login(person("analyst"))
    assert "还没有客户的声音" in client.get("/").content.decode()


def _read_in(facts, reading) -> None:
    """Put read texts into the store, each of a customer of its own."""
    import pyarrow as pa

    from huiyin.facts import COPIED_DOWN, FEEDBACK, MENTION

    count = len(reading)
    columns = {field.name: pa.nulls(count, field.type) for field in FEEDBACK} | reading.feedback_columns()
    columns["feedback_id"] = pa.array([f"r{row}" for row in range(count)])
    columns["customer_id"] = pa.array([f"k{row}" for row in range(count)])
    found = {field.name: pa.nulls(len(reading.mentions), field.type) for field in MENTION} | reading.mention_columns()
    rows = found.pop("row")
    found["feedback_id"] = columns["feedback_id"].take(rows)
    found |= {name: columns[name].take(rows) for name in COPIED_DOWN}
    facts.append(
        pa.table({name: columns[name].cast(FEEDBACK.field(name).type) for name in FEEDBACK.names}),
        pa.table({name: found[name].cast(MENTION.field(name).type) for name in MENTION.names}),
    )


def test_a_tag_put_on_many_narrows_counts_and_stays_after_a_reading(facts, signed_in) -> None:
    from huiyin.server.foundation.audit.models import AuditEntry

    client = signed_in()
    wanted = Filter(product=("A1",), polarity=(-1,))
    count = records.count(facts, wanted).voices
    answer = client.post("/voices/tag/", {"query": "?product=A1&polarity=-1", "tag": "＃待回访", "every": "on"})
    assert answer.status_code == 302
    number, ids = shown(client, "attr.%23待回访=1")
    assert number == len(ids) == count > 3
    page = client.get("/voices/").content.decode()
    assert "待回访" in page
    assert f'facet-count">{count}<' in client.get("/voices/facets/").content.decode()
    client.post("/voices/tag/", {"query": "", "tag": "待回访", "off": "on", "chosen": [ids[0], "no-such"]})
    assert shown(client, "attr.%23待回访=1")[1] == ids[1:]
    rows = [row for row in facts.query("SELECT * FROM feedback").to_pylist() if row["feedback_id"] == ids[1]]
    assert dict(rows[0]["attributes"])["#待回访"] == "1"
    assert [row.after["found"] for row in AuditEntry.objects.filter(verb__startswith="voices.").order_by("pk")] == [count, 1]


def test_nobody_tags_beyond_her_scope_or_without_the_right(facts, signed_in) -> None:
    manager = signed_in("store_manager")
    assert manager.post("/voices/tag/", {"tag": "x", "every": "on"}).status_code == 403
    assert signed_in("everyone").post("/voices/tag/", {"tag": "x", "every": "on"}).status_code == 403
    assert shown(signed_in(), "attr.%23x=1")[0] == 0


def test_columns_make_a_table_and_the_file_has_just_them(facts, signed_in) -> None:
    client = signed_in()
    page = client.get("/voices/?product=A1&column=region&column=score&column=nonsense").content.decode()
    assert re.findall(r"<th>([^<]+)</th>", page)[-2:] == ["地区", "评分"]
    lines = b"".join(client.get("/voices/export/?product=A1&column=region&column=score").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(lines)))
    assert list(rows[0]) == ["feedback_id", "region", "score", "text", "opinions", "tags"]
    assert len(rows) == records.count(facts, Filter(product=("A1",))).voices
    saved = client.post("/voices/views/", {"query": "?product=A1&column=region&order=oldest", "name": "表"})
    assert saved.headers["Location"].endswith("?product=A1&order=oldest&column=region")


def test_a_voice_shows_under_what_its_opinions_hold_and_why_it_is_flagged(facts, signed_in) -> None:
    from huiyin.text import Reader

    _read_in(facts, Reader.load("general").read(["冬天晚上噪音很大", "五星好评返现，质量很好"]))
    client = signed_in()
    one = client.get("/voices/r0/").content.decode()
    assert '<a href="/voices/?cond.time=evening">晚上</a>、<a href="/voices/?cond.season=winter">冬天</a>' in one
    found = client.get("/voices/?spam_reason=bought_praise").content.decode()
    assert "疑似刷评：好评返现" in found
    assert shown(client, "spam_reason=bought_praise")[1] == ["r1"]
