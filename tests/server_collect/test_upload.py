"""Files that people hand in: every row kept or listed with a reason, resumable, twice is once."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.services import run_cancel, run_start
from huiyin.server.collect.sources.upload import adapter as upload
from huiyin.server.collect.sources.upload.services import keep_file
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.running import claim, drain, perform

pytestmark = pytest.mark.django_db
CSV = "编号,评价内容,时间,评分,城市\n1,房间很干净,2026-03-01 10:00,5,杭州\n2,,2026-03-01 11:00,4,上海\n3,等了一个小时,2026-03-02 09:00,1,北京\n"


def given(text: str = CSV, name: str = "评论.csv"):
    return SimpleUploadedFile(name, text.encode(), "text/csv")


def many(rows: int) -> str:
    return "编号,评价内容\n" + "".join(f"{n},第{n}位客人说早餐不错\n" for n in range(rows))


@pytest.fixture
def data(tmp_path, settings):
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def here(source, data):
    return source("upload", "门店评论")


def test_a_file_is_taken_in_and_what_cannot_be_used_is_listed(here, facts, read_inbox):
    run = run_start(here, {"files": [keep_file(given())], "read": {}})
    drain()
    run.refresh_from_db()
    assert (run.state, run.read, run.created, run.rejected) == ("done", 3, 2, 1)
    read_inbox()
    found = facts.query("SELECT external_id, rating, region FROM feedback ORDER BY external_id").to_pylist()
    assert [tuple(one.values()) for one in found] == [("1", 5.0, "杭州"), ("3", 1.0, "北京")]
    reject = Inbox.objects.get(state="rejected")
    assert reject.reason == "empty_text"
    assert reject.place == "评论.csv · 3"


def test_the_same_file_again_changes_nothing_and_a_corrected_one_replaces(here):
    for text in (CSV, CSV, CSV.replace("很干净", "很脏")):
        run = run_start(here, {"files": [keep_file(given(text))], "read": {}})
        drain()
    counts = [(one.created, one.same, one.changed) for one in SourceRun.objects.order_by("id")]
    assert counts == [(2, 0, 0), (0, 2, 0), (0, 1, 1)]
    run.refresh_from_db()
    assert Inbox.objects.exclude(state="rejected").count() == 2


def test_rows_without_ids_that_say_the_same_are_all_kept(here):
    run = run_start(here, {"files": [keep_file(given("评价内容\n好用\n好用\n很好用的东西\n"))], "read": {}})
    drain()
    run.refresh_from_db()
    assert run.created == 3


def test_an_id_that_stands_for_several_records_loses_none(here):
    text = "订单号,评价内容\n77,衣服太大\n77,鞋子合脚\n77,鞋子合脚\n"
    for _ in range(2):
        run_start(here, {"files": [keep_file(given(text))], "read": {"id": "订单号"}})
        drain()
    assert sorted(Inbox.objects.values_list("external_id", flat=True)) == ["77", "77#2"]


def test_killed_in_the_middle_it_goes_on_where_it_was(here, monkeypatch):
    monkeypatch.setattr(upload, "ROWS", 10)
    run = run_start(here, {"files": [keep_file(given(many(45)))], "read": {}})
    steps = upload.file_steps

    def killed(*args):
        for number, step in enumerate(steps(*args)):
            if number == 2:
                raise KeyboardInterrupt
            yield step

    monkeypatch.setattr(upload, "file_steps", killed)
    with pytest.raises(KeyboardInterrupt):
        perform(claim())
    assert Inbox.objects.count() == 20
    monkeypatch.setattr(upload, "file_steps", steps)
    Job.objects.update(lease=None)
    drain()
    run.refresh_from_db()
    assert (run.state, run.read, run.created, Inbox.objects.count()) == ("done", 45, 45, 45)
    assert not list((upload.folder_of_uploads()).glob("*"))


def test_stopped_by_a_person_it_keeps_what_it_has(here, monkeypatch):
    monkeypatch.setattr(upload, "ROWS", 10)
    run = run_start(here, {"files": [keep_file(given(many(45)))], "read": {}})
    steps = upload.file_steps

    def stopped(*args):
        for number, step in enumerate(steps(*args)):
            if number == 2:
                run_cancel(run)
            yield step

    monkeypatch.setattr(upload, "file_steps", stopped)
    drain()
    run.refresh_from_db()
    assert (run.state, run.created) == ("cancelled", 20)


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\x.csv", "a/b/c.csv", ".", "\x00.csv", "名字 (1).csv"])
def test_a_files_name_cannot_leave_its_folder(data, name):
    kept = keep_file(type("Given", (), {"name": name, "chunks": lambda self: [b"x"]})())
    path = (upload.folder_of_uploads() / kept).resolve()
    assert path.is_file()
    assert path.parent.parent == upload.folder_of_uploads().resolve()


def test_the_wizard_from_file_to_result(client, person, data, facts, read_inbox):
    client.force_login(person())
    answer = client.post(reverse("sources:upload"), {"files": [given()], "name": ""})
    draft = SourceRun.objects.get()
    assert answer.url == reverse("sources:columns", args=[draft.pk])
    page = client.get(answer.url).content.decode()
    assert "评价内容" in page
    assert "房间很干净" in page
    answer = client.post(answer.url, {"text": "评价内容", "id": "编号", "time": "时间", "rating": "", "channel": "点评"})
    assert "every 1s" in client.get(answer.url).content.decode()
    drain()
    assert "已导入 2 条" in client.get(answer.url).content.decode()
    read_inbox()
    assert facts.query("SELECT DISTINCT channel, rating FROM feedback").to_pylist() == [{"channel": "点评", "rating": None}]
    assert Source.objects.get().name == "评论"
    rejects = client.get(reverse("sources:rejects", args=[Source.objects.get().pk])).content.decode()
    assert "empty_text" in rejects


def test_a_file_that_is_none_is_refused_with_what_to_do(client, person, data):
    client.force_login(person())
    answer = client.post(reverse("sources:upload"), {"files": [SimpleUploadedFile("图.png", b"\x89PNG\r\n\x1a\n" + bytes(200))]})
    assert answer.status_code == 200
    assert 'class="error"' in answer.content.decode()
    assert not SourceRun.objects.exists()


def test_a_raw_record_holds_every_column(here):
    run_start(here, {"files": [keep_file(given(CSV.replace("城市", "天气")))], "read": {}})
    drain()
    assert json.loads(Inbox.objects.get(external_id="1").raw)["attributes"] == {"天气": "杭州"}
