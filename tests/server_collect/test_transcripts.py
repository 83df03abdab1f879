"""Transcripts of calls: whatever the layout, only the customer's turns are read, the whole is shown masked, the recording guarded."""

from __future__ import annotations

import io
import json
import wave
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huiyin.server.collect.feedback.attachments import attachments_of, path_of
from huiyin.server.collect.feedback.models import Attachment, FormerRaw, Inbox
from huiyin.server.collect.sources.models import SourceRun
from huiyin.server.collect.sources.services import rejects_run_again, run_start, source_change
from huiyin.server.collect.sources.transcripts import packages
from huiyin.server.collect.sources.upload.services import keep_file
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.jobs.running import drain

pytestmark = pytest.mark.django_db

TEXT = "通话编号：C-1\n坐席工号: 8001\n队列：售后\n通话时长：3:20\n\n客服：您好，请问有什么可以帮您\n客户：充电桩装了两周还没人来\n打了三次电话了\n客服：给您登记\n客户：我电话13812345678\n"
TIMED = "[00:00:01] Agent: Hello, how can I help?\n[00:01:23] Customer: The app logs me out every day.\n(00:01:30) Agent 2: I see.\n"
MINUTES = "说话人 1 00:03\n您好\n说话人 2 00:07\n空调不制冷\n"
SRT = "1\n00:00:01,000 --> 00:00:02,500\n客服：您好\n\n2\n00:00:03,000 --> 00:00:09,000\n客户：后备箱异响\n\n3\n00:00:09,000 --> 00:00:12,000\n一直没修好\n"
VTT = "WEBVTT\n\nNOTE 通话编号: C-9\n\n1\n00:01.000 --> 00:02.000\n<v Agent>Hi &amp; welcome</v>\n\n00:03.000 --> 00:04.000\n<v Customer>Brakes squeal</v>\n"
SEGMENTS = json.dumps(
    {"call_id": "C-5", "duration": 95, "queue": "VIP", "segments": [{"speaker": "agent", "start": 0, "text": "Hi"}, {"speaker": "customer", "start": 4.5, "text": "座椅掉皮"}]}
)  # fmt: skip
TABLE = "通话编号,说话人,开始,内容,主叫号码\nA,客服,0,您好,13900001111\nB,客户,1,导航老是绕路,\nA,客户,3,车漆掉了,\nB,客服,2,好的,\n,客户,1,没有编号,\nA,,1,没有人,\n"


def sound(seconds: float = 1.0) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(8000)
        written.writeframes(bytes(range(256)) * int(seconds * 62.5))
    return out.getvalue()


def packed(**files: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def taken(here, files: dict[str, bytes | str]):
    given = [SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content) for name, content in files.items()]
    run = run_start(here, {"files": [keep_file(one) for one in given]})
    drain()
    run.refresh_from_db()
    return run


@pytest.mark.parametrize(
    ("name", "content", "number", "said"),
    [
        ("a.txt", TEXT, "C-1", "充电桩装了两周还没人来\n打了三次电话了\n我电话13812345678"),
        ("call-7.txt", TIMED, "call-7", "The app logs me out every day."),
        ("b.srt", SRT, "b", "后备箱异响\n一直没修好"),
        ("c.vtt", VTT, "C-9", "Brakes squeal"),
        ("d.json", SEGMENTS, "C-5", "座椅掉皮"),
        ("e.jsonl", SEGMENTS.replace("C-5", "C-6") + "\n", "C-6", "座椅掉皮"),
        ("gbk.txt", "客服：您好\n客户：方向盘抖".encode("gb18030"), "gbk", "方向盘抖"),
        ("utf16.txt", "客服：您好\n客户：方向盘抖".encode("utf-16"), "utf16", "方向盘抖"),
    ],
)
def test_only_the_customers_turns_are_read_whatever_the_layout(hotline, name, content, number, said):
    run = taken(hotline(), {name: content})
    assert (run.state, run.created, run.rejected) == ("done", 1, 0)
    row = Inbox.objects.get()
    assert (row.external_id, json.loads(row.record)["text"]) == (number, said)


def test_duration_agent_and_queue_are_attributes(hotline):
    here = hotline()
    taken(here, {"a.txt": TEXT, "b.srt": SRT, "d.json": SEGMENTS})
    about = {row.external_id: json.loads(row.record)["attributes"] for row in Inbox.objects.all()}
    assert about == {
        "C-1": {"agent": "8001", "queue": "售后", "duration": "3:20"},
        "b": {"duration": "0:12"},
        "C-5": {"queue": "VIP", "duration": "1:35"},
    }


def test_rows_of_a_table_make_calls_and_bad_rows_are_listed_with_their_line(hotline):
    run = taken(hotline(), {"calls.csv": TABLE})
    assert (run.created, run.rejected) == (2, 2)
    said = {row.external_id: json.loads(row.record) for row in Inbox.objects.filter(state="new")}
    assert (said["A"]["text"], said["A"]["customer_id"], said["B"]["text"]) == ("车漆掉了", "13900001111", "导航老是绕路")
    assert sorted(Inbox.objects.filter(state="rejected").values_list("place", "reason")) == [
        ("calls.csv · 6", "no_call_id"),
        ("calls.csv · 7", "no_speaker"),
    ]


def test_speakers_nobody_knows_are_listed_and_taken_once_they_are_named(hotline):
    here = hotline()
    run = taken(here, {"minutes.txt": MINUTES})
    assert (run.created, run.rejected) == (0, 1)
    assert "说话人 1、说话人 2" in Inbox.objects.get().detail
    source_change(here, values={"customers": "说话人 2", "agents": "说话人 1"})
    assert rejects_run_again(here) == 1
    assert json.loads(Inbox.objects.get().record)["text"] == "空调不制冷"


def test_a_zip_brings_texts_recordings_and_a_list_of_calls_and_twice_is_once(hotline, django_capture_on_commit_callbacks):
    here = hotline()
    files = {
        "2026/C-1.txt": TEXT.replace("通话编号：C-1\n", ""),
        "rec/C-1.WAV": sound(),
        "rec/lonely.mp3": b"ID3\x04" + bytes(50),
        "C-2.srt": SRT,
        "C-2.ogg": b"<html>",
        "list.csv": "call_id,queue,started_at,store\nC-2,投诉,2026-03-01 10:00,杭州滨江店\n",
        "readme.pdf": b"%PDF",
        "__MACOSX/._C-1.txt": b"x",
    }
    run = taken(here, {"calls.zip": packed(**files)})
    assert (run.state, run.created, run.rejected) == ("done", 2, 3)
    assert sorted(Inbox.objects.filter(state="rejected").values_list("reason", flat=True)) == ["no_transcript", "not_audio", "unknown_kind"]
    second = Inbox.objects.get(external_id="C-2")
    assert json.loads(second.record)["store"] == "杭州滨江店"
    assert json.loads(second.record)["attributes"]["queue"] == "投诉"
    assert second.occurred_at is not None
    (recording,) = attachments_of(Inbox.objects.get(external_id="C-1").pk)
    assert (recording.kind, recording.media_type, path_of(recording.file).read_bytes()) == ("recording", "audio/wav", sound())
    with django_capture_on_commit_callbacks(execute=True):
        run = taken(here, {"again.zip": packed(**files)})
    assert (run.created, run.changed, run.same) == (0, 0, 2)
    assert Attachment.objects.count() == 1
    kept = [one for one in path_of("").rglob("*") if one.is_file()]
    assert len(kept) == 1, "the recording that came a second time is not kept"


def test_a_recording_that_comes_later_joins_its_call(hotline):
    here = hotline()
    taken(here, {"C-1.txt": TEXT})
    run = taken(here, {"C-1.txt": TEXT, "C-1.wav": sound()})
    assert (run.created, run.changed) == (0, 1)
    assert FormerRaw.objects.count() == 1
    assert attachments_of(Inbox.objects.get().pk)[0].media_type == "audio/wav"


def test_bombs_links_sealed_members_and_names_that_lead_out_are_refused(hotline, tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "_DENSE_FROM", 100_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../escape.txt", TEXT)
        archive.writestr("C:\\windows\\x.txt", TEXT)
        archive.writestr("/etc/cron.txt", TEXT)
        archive.writestr("bomb.txt", b"\0" * 1_000_000)
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("good.txt", TEXT)
        archive.writestr("inner.zip", packed(**{"x.txt": TEXT}))
    raw = bytearray(out.getvalue())
    run = taken(hotline(), {"bad.zip": bytes(raw)})
    assert (run.created, run.rejected) == (1, 6)
    reasons = sorted(Inbox.objects.filter(state="rejected").values_list("reason", flat=True))
    assert reasons == ["bomb", "link", "unknown_kind", "unsafe_name", "unsafe_name", "unsafe_name"]
    assert not (tmp_path / "escape.txt").exists()
    assert not (tmp_path.parent / "escape.txt").exists()


def test_a_damaged_zip_is_listed_and_the_other_files_are_read(hotline):
    whole = packed(**{"a.txt": TEXT, "C-1.wav": sound(30)})
    at = whole.index(b"C-1.wav") + 400
    run = taken(hotline(), {"cut.zip": whole[:at] + bytes(64) + whole[at + 64 :], "C-3.srt": SRT})
    assert run.state == "done"
    assert run.created == 2
    assert run.rejected == 1
    assert Inbox.objects.get(state="rejected").reason in ("damaged", "no_transcript")


def test_the_whole_call_is_shown_masked_and_the_recording_only_to_those_who_may_unmask(hotline, client, person, facts, read_inbox):
    taken(hotline(), {"C-1.txt": TEXT.replace("给您登记", "给您登记<b>，回拨13800001111"), "C-1.wav": sound()})
    read_inbox()
    row = Inbox.objects.get()
    (found,) = facts.query("SELECT text FROM feedback").to_pylist()
    assert "登记" not in found["text"]
    page_url = reverse("voices:voice", args=[row.feedback_id])
    sound_url = reverse("voices:attachment", args=[row.feedback_id, attachments_of(row.pk)[0].pk])
    client.force_login(person())
    page = client.get(page_url).content.decode()
    assert "给您登记&lt;b&gt;" in page
    assert "13800001111" not in page and "13812345678" not in page
    assert "<audio" not in page
    assert client.get(sound_url).status_code == 403
    client.force_login(person("service_agent", email="agent@example.com"))
    assert f'src="attachments/{attachments_of(row.pk)[0].pk}/"' in client.get(page_url).content.decode()
    assert not AuditEntry.objects.filter(verb="voice.recording_heard").exists()
    whole = b"".join(client.get(sound_url).streaming_content)
    assert whole == sound()
    part = client.get(sound_url, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part["Content-Range"], b"".join(part.streaming_content)) == (206, f"bytes 100-199/{len(whole)}", whole[100:200])
    tail = client.get(sound_url, headers={"Range": "bytes=-10"})
    assert b"".join(tail.streaming_content) == whole[-10:]
    assert client.get(sound_url, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    assert AuditEntry.objects.filter(verb="voice.recording_heard", object_id=row.feedback_id).count() == 1


def test_a_listener_who_asks_for_the_middle_first_is_recorded_too(hotline, client, person, facts, read_inbox):
    taken(hotline(), {"C-1.txt": TEXT, "C-1.wav": sound()})
    read_inbox()
    row = Inbox.objects.get()
    client.force_login(person("service_agent", email="agent@example.com"))
    url = reverse("voices:attachment", args=[row.feedback_id, attachments_of(row.pk)[0].pk])
    assert client.get(url, headers={"Range": "bytes=5-9"}).status_code == 206
    assert AuditEntry.objects.filter(verb="voice.recording_heard").count() == 1


def test_cut_off_in_the_middle_it_goes_on_where_it_was(hotline):
    from huiyin.server.collect.sources.adapters import adapter_of

    here = hotline()
    many = "通话编号,说话人,内容\n" + "".join(f"N{n},客户,第{n}通\n" for n in range(120))
    run = SourceRun.objects.create(source=here, options={"files": [keep_file(SimpleUploadedFile("m.csv", many.encode()))]})
    steps = adapter_of("transcripts").run(here, run, None)
    first = [next(steps) for _ in range(2)]
    steps.close()
    rest = list(adapter_of("transcripts").run(here, run, first[-1].cursor))
    whole = [one.external_id for step in [*first, *rest] for one in step.entries]
    assert whole == [f"N{n}" for n in range(120)]


def test_from_the_page_one_sees_who_is_who_before_anything_is_kept(hotline, client, person):
    here = hotline()
    client.force_login(person())
    answer = client.post(
        reverse("sources:calls", args=[here.pk]), {"files": [SimpleUploadedFile("a.txt", TEXT.encode()), SimpleUploadedFile("x.pdf", b"%PDF")]}
    )
    draft = SourceRun.objects.get()
    assert answer.url == reverse("sources:calls_look", args=[draft.pk])
    page = client.get(answer.url).content.decode()
    assert "turn customer" in page and "turn agent" in page
    assert "x.pdf" in page
    assert "13812345678" not in page
    assert not Inbox.objects.exists()
    run_page = client.post(answer.url)
    drain()
    run = SourceRun.objects.get()
    assert run_page.url == reverse("sources:run", args=[run.pk])
    assert (run.created, run.rejected) == (1, 1)


def test_hostile_files_end_and_say_where(hotline):
    files = {
        "blanks.txt": "客户" + " " * 400_000 + "x\n客户：好\n",
        "tags.srt": "1\n00:00:01,000 --> 00:00:02,000\n客户：" + "<" * 200_000 + "\n",
        "wide.csv": "通话编号,说话人,内容\nA,客户,好\nB,客户," + "长" * 300_000 + "\n",
        "deep.json": "[" * 100_000,
        "empty.txt": "",
        "bytes.txt": bytes(range(256)) * 20,
    }
    run = taken(hotline(), files)
    assert run.state == "done"
    assert set(Inbox.objects.filter(state="new").values_list("external_id", flat=True)) == {"blanks", "tags", "A"}
    listed = dict(Inbox.objects.filter(state="rejected").values_list("place", "reason"))
    assert listed == {
        "blanks.txt · 1": "no_speaker", "wide.csv · 3": "too_long", "deep.json · 1": "not_json", "empty.txt · 1": "no_speaker", "bytes.txt · 1": "no_speaker",
    }  # fmt: skip
