"""经营数据: from a file, over the API, out of a database; joined with voices, listed where it could not be used, gone with its customer."""

from __future__ import annotations

import json
import sqlite3

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.facts import Filter
from huiyin.server.foundation.jobs.running import drain
from huiyin.server.foundation.people.services.keys import key_make
from huiyin.server.understand.operations.models import Feed, FeedRun
from huiyin.server.understand.operations.rows import guess
from huiyin.server.understand.operations.services import keep_rows
from huiyin.server.understand.privacy.erasing import erase_customer
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.pseudonyms import pseudonym
from tests.server.guests import SAID
from tests.server.world import person

pytestmark = pytest.mark.django_db
ORDERS = """订单编号,会员号,下单时间,实付金额,门店,姓名,备注
N1,甲,2026-03-01 10:00,"￥1,299.00",杭州滨江店,张三,请打 13812345678
N2,乙,2026-03-02 11:00,88,上海店,李四,
N3,丙,哪天来着,88,上海店,王五,
N4,丁,2026-03-04,很多,上海店,赵六,
"""


def stored() -> list[dict[str, object]]:
    return facts_store().query("SELECT * FROM happening ORDER BY order_id, operation_id").to_pylist()


def feed(way: str = "file", **more) -> Feed:
    return Feed.objects.create(way=way, key=way, name="订单", **more)


def brought(browser, here: Feed, name: str, content: bytes) -> FeedRun:
    """A file handed in, its columns taken as guessed, the job done."""
    answer = browser().post(f"/operations/feeds/{here.pk}/upload/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    run = FeedRun.objects.latest("pk")
    mapping = {role: run.options["mapping"].get(role, "") for role in ("id", "kind", "time", "customer", "order", "product", "region", "store")}
    mapping |= {role: run.options["mapping"].get(role, "") for role in ("segment", "amount", "status")}
    assert browser().post(f"/operations/runs/{run.pk}/", mapping).status_code == 302
    drain()
    run.refresh_from_db()
    return run


def test_a_file_is_looked_at_taken_in_and_what_cannot_be_used_is_listed(facts, browser):
    here = feed()
    run = brought(browser, here, "orders.csv", ORDERS.encode("gb18030"))
    assert (run.state, run.kept, run.rejected) == ("done", 2, 2)
    one, two = stored()
    assert (one["kind"], one["amount"], one["store"], one["customer_id"]) == ("order", 1299.0, "杭州滨江店", pseudonym("甲"))
    assert two["amount"] == 88.0
    assert "张三" not in str(one)
    assert "138" not in str(one)
    assert dict(one["attributes"]) == {"备注": "请打 【手机号】"}
    assert [(row.place, row.column, row.reason) for row in run.rejects.all()] == [
        ("orders.csv · 4", "下单时间", "no_time"),
        ("orders.csv · 5", "实付金额", "bad_amount"),
    ]
    page = browser().get(f"/operations/runs/{run.pk}/").content.decode()
    assert "orders.csv · 4" in page
    assert "金额不是数字" in page


def test_the_same_file_twice_is_there_once_and_a_corrected_row_replaces(facts, browser):
    here = feed()
    text = "id,customer_id,occurred_at,amount\n1,甲,2026-01-01,10\n2,乙,2026-01-02,20\n"
    brought(browser, here, "a.csv", text.encode())
    brought(browser, here, "a.csv", text.replace(",20", ",25").encode())
    assert [one["amount"] for one in stored()] == [10.0, 25.0]


def test_a_workbook_and_a_table_without_ids(facts, browser, tmp_path):
    pl.DataFrame({"客户编号": ["甲", "乙", "甲"], "时间": ["2026-01-01", "2026-01-02", "2026-01-01"], "类型": ["流失", "订单", "流失"]}).write_excel(
        tmp_path / "x.xlsx"
    )
    run = brought(browser, feed(), "x.xlsx", (tmp_path / "x.xlsx").read_bytes())
    # Two rows that say exactly the same are one thing that happened.
    assert (run.state, sorted(one["kind"] for one in stored())) == ("done", ["churn", "order"])


def test_a_file_that_is_none_is_refused_with_a_reason(facts, browser):
    here = feed()
    answer = browser().post(f"/operations/feeds/{here.pk}/upload/", {"file": SimpleUploadedFile("x.csv", b"")})
    assert answer.status_code == 422
    assert not FeedRun.objects.exists()


def post(key: str, body: object, query: str = ""):
    return Client().post(f"/api/v1/operations{query}", json.dumps(body), content_type="application/json", headers={"Authorization": f"Bearer {key}"})


def test_records_over_the_api_all_or_nothing(facts):
    key = key_make(person("analyst"), name="仓库", scopes=["operations.manage"])[1]
    good = {"id": "1", "kind": "churn", "customer_id": "甲", "occurred_at": "2026-05-01T08:00:00+08:00", "attributes": {"原因": "搬家"}}
    assert post(key, [good, {**good, "id": "2"}]).json() == {"kept": 2}
    assert post(key, {"records": [{**good, "status": "撤回"}]}).json() == {"kept": 1}
    assert [one["status"] for one in stored()] == ["撤回", None]
    refused = post(key, [good, {**good, "id": "3", "kind": "party"}])
    assert (refused.status_code, refused.json()["code"], refused.json()["index"]) == (422, "bad_kind", 1)
    assert post(key, "nothing").status_code == 422
    assert post(key, [good], "?feed=none").status_code == 404
    assert post(key_make(person("product"), name="x", scopes=["voices.read"])[1], [good]).status_code == 403
    assert len(stored()) == 2


def test_a_database_is_asked_from_the_rising_column_on(facts, browser, tmp_path, monkeypatch):
    monkeypatch.setenv("HUIYIN_FOLDERS", str(tmp_path))
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("CREATE TABLE orders (n INTEGER, who TEXT, at TEXT, paid REAL)")
        shop.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", [(1, "甲", "2026-01-01 09:00:00", 5), (2, "乙", "2026-01-02 09:00:00", 6)])
    form = {
        "name": "商城", "kind": "order", "url": f"sqlite:///{tmp_path / 'shop.db'}", "rising": "n", "start": "0", "cron": "",
        "query": "SELECT n, n AS id, who AS customer_id, at AS occurred_at, paid AS amount FROM orders WHERE n > :after ORDER BY n",
    }  # fmt: skip
    assert browser().post("/operations/new/sql/", form).status_code == 302
    here = Feed.objects.get(way="sql")
    assert "shop.db" not in json.dumps(here.config) + here.sealed
    browser().post(f"/operations/feeds/{here.pk}/fetch/")
    drain()
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("INSERT INTO orders VALUES (3, '甲', '2026-01-03 09:00:00', 7)")
    browser().post(f"/operations/feeds/{here.pk}/fetch/")
    drain()
    assert [run.kept for run in here.runs.order_by("pk")] == [2, 1]
    assert [one["amount"] for one in stored()] == [5.0, 6.0, 7.0]
    refused = browser().post("/operations/new/sql/", {**form, "query": "DELETE FROM orders"})
    assert refused.status_code == 422


def test_match_rates_stand_on_the_page_within_the_scope(send, browser):
    send(*SAID)
    brought(browser, feed(), "orders.csv", ORDERS.encode())
    page = browser().get("/operations/").content.decode()
    assert "100.0% / 3" in page  # three voices name a customer, 甲 twice and 乙 once; both ordered
    assert "100.0% / 2" in page
    manager = browser("store_manager").get("/operations/").content.decode()
    assert "100.0% / 1" in manager
    assert "100.0% / 3" not in manager


def test_what_happened_stands_on_the_customer_s_page_and_goes_with_the_customer(send, browser):
    send(*SAID)
    brought(browser, feed(), "orders.csv", ORDERS.encode())
    assert "1299.00" in browser().get(f"/customers/{pseudonym('甲')}/").content.decode()
    assert erase_customer(pseudonym("甲"))["operations"] == 1
    assert facts_store().query("SELECT count(*) AS n FROM happening", where=Filter(customer_id=(pseudonym("甲"),)))["n"][0].as_py() == 0
    assert len(stored()) == 1


def test_a_feed_can_be_dropped_with_all_it_brought(facts, browser):
    here = feed()
    brought(browser, here, "orders.csv", ORDERS.encode())
    browser().post(f"/operations/feeds/{here.pk}/drop/")
    assert stored() == []
    assert not Feed.objects.exists()


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (["id", "type", "created_at", "user_id"], {"id": "id", "kind": "type", "time": "created_at", "customer": "user_id"}),
        (["Order No", "Amount", "Date"], {"order": "Order No", "amount": "Amount", "time": "Date"}),
        (["日期", "时间"], {"time": "时间"}),
        (["无关"], {}),
    ],
)
def test_columns_are_known_by_their_names(columns, found):
    assert guess(columns) == found


@pytest.mark.parametrize("address", ["/api/v1/operations/feeds", "/operations/"])
def test_six_feeds_take_as_many_questions_as_two(facts, browser, asked, address):
    def questions(feeds: int) -> tuple[int, int]:
        for at in range(Feed.objects.count(), feeds):
            made = Feed.objects.create(way="api", key=f"shop-{at}", name=f"商城 {at}")
            runs = [FeedRun.objects.create(feed=made, state=FeedRun.State.DONE, kept=run) for run in range(3)]
            keep_rows(made, [{"id": str(one), "occurred_at": "2026-03-01", "amount": 1} for one in range(at + 1)])
        browser().get(address)
        asked.clear()
        with CaptureQueriesContext(connection) as state:
            answer = browser().get(address)
        if "api" in address:
            assert [one["records"] for one in answer.json()] == list(range(1, feeds + 1))
            assert answer.json()[-1]["last_run"] == runs[-1].pk
        else:
            assert answer.content.decode().count("完成 · 2") == feeds
        return len(state), len(asked)

    few = questions(2)
    assert few[0] and few[1]
    assert questions(6) == few


def test_a_program_sets_up_a_database_asks_it_and_drops_it_with_all_it_brought(facts, tmp_path, monkeypatch):
    monkeypatch.setenv("HUIYIN_FOLDERS", str(tmp_path))
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("CREATE TABLE orders (n INTEGER, who TEXT, at TEXT, paid TEXT)")
        shop.executemany(
            "INSERT INTO orders VALUES (?, ?, ?, ?)", [(1, "甲", "2026-01-01 09:00:00", "5"), (2, "乙", "2026-01-02 09:00:00", "约三百")]
        )
    client = Client(headers={"Authorization": f"Bearer {key_make(person('analyst'), name='仓库', scopes=['operations.manage'])[1]}"})

    def post(path: str, **body):
        return client.post(f"/api/v1/operations/feeds{path}", json.dumps(body), content_type="application/json")

    asked = "SELECT n, n AS id, who AS customer_id, at AS occurred_at, paid AS amount FROM orders WHERE n > :after ORDER BY n"
    database = {"url": f"sqlite:///{tmp_path / 'shop.db'}", "query": asked, "rising": "n"}
    assert post("", name="商城", way="sql").status_code == 422
    assert post("", name="商城", way="sql", database={**database, "query": "DELETE FROM orders"}).status_code == 422
    made = post("", name="商城", way="sql", database=database)
    assert (made.status_code, made.json()["records"], made.json()["last_run"]) == (201, 0, None)
    assert "shop.db" not in made.content.decode()
    here = made.json()["id"]
    run = post(f"/{here}/fetch").json()
    drain()
    run = client.get(f"/api/v1/operations/runs/{run['id']}").json()
    assert (run["state"], run["kept"], run["rejected"]) == ("done", 1, 1)
    assert [(one["column"], one["reason"]) for one in run["rejects"]] == [("amount", "bad_amount")]
    changed = post(f"/{here}", name="商城订单", database={"query": asked, "rising": "n"}, cron="0 * * * *").json()
    assert (changed["name"], changed["cron"], changed["records"], changed["last_run"]) == ("商城订单", "0 * * * *", 1, run["id"])
    assert Feed.objects.get().secrets["url"] == database["url"]
    assert [one["key"] for one in client.get("/api/v1/operations/feeds").json()] == [changed["key"]]
    assert post(f"/{here}/drop").json() == {"dropped": 1}
    assert not Feed.objects.exists() and not stored()
