"""The box behind a QR code: anybody may write, once is once, a photo is only a picture, and only who may see the voice sees it."""

from __future__ import annotations

import io
import json

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from huiyin.server.collect.feedback.attachments import attachments_of, path_of, stray_files_drop
from huiyin.server.collect.feedback.forgetting import forget
from huiyin.server.collect.feedback.models import Attachment, Inbox
from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.box import limits
from huiyin.server.collect.sources.box.photos import PhotoRefused, photo_keep

pytestmark = pytest.mark.django_db
PHONE = {"HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9"}


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.DATA = tmp_path
    cache.clear()


@pytest.fixture
def box(source):
    def make(**more):
        return source("box", "门店意见箱", values={"address": "a-key-nobody-guesses", **more}, channel="扫码")

    return make


def page_of(here, query: str = "") -> str:
    return reverse("sources:box", args=[here.config["address"]]) + query


def token_in(client, here, query: str = "") -> str:
    return client.get(page_of(here, query), **PHONE).content.decode().split('name="token" value="')[1].split('"')[0]


def photograph(width: int = 40, height: int = 20, kind: str = "JPEG") -> bytes:
    picture = Image.new("RGB", (width, height), "red")
    said = Image.Exif()
    said[0x0112] = 6  # lies on its side
    said[0x010F] = "SecretCamera"
    place = said.get_ifd(0x8825)
    place[1], place[2] = "N", (30.0, 15.0, 12.0)
    out = io.BytesIO()
    picture.save(out, kind, exif=said.tobytes(), comment=b"SecretComment") if kind == "JPEG" else picture.save(out, kind)
    return out.getvalue()


def upload(content: bytes, name: str = "IMG_0001.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def test_what_a_stranger_writes_is_a_voice_with_store_score_and_pseudonym(client, box, facts, read_inbox):
    here = box()
    said = {"token": token_in(client, here, "?store=杭州滨江店&product=S5"), "store": "杭州滨江店", "product": "S5"}
    answer = client.post(page_of(here), {**said, "q0": "前台态度很好，就是停车太难", "q1": "9", "contact": "13812345678"}, **PHONE)
    assert answer.url == reverse("sources:box_thanks", args=["a-key-nobody-guesses"])
    assert "收到了" in client.get(answer.url, **PHONE).content.decode()
    read_inbox()
    (found,) = facts.query("SELECT text, store, product, score, scale_max, metric, channel, customer_id FROM feedback").to_pylist()
    assert (found["text"], found["store"], found["product"], found["channel"]) == ("前台态度很好，就是停车太难", "杭州滨江店", "S5", "扫码")
    assert (found["score"], found["scale_max"], found["metric"]) == (9.0, 10.0, "nps")
    assert found["customer_id"]
    assert "138" not in found["customer_id"]


def test_sent_twice_it_is_kept_once_with_one_photo(client, box):
    here = box()
    token = token_in(client, here)
    for _ in range(2):
        assert client.post(page_of(here), {"token": token, "q0": "灯坏了", "photos": upload(photograph())}).status_code == 302
    assert Inbox.objects.count() == Attachment.objects.count() == 1
    assert len([one for one in path_of("").rglob("*") if one.is_file()]) == 1


def test_a_photo_loses_everything_but_the_picture(client, box):
    here = box()
    given = photograph()
    assert b"SecretCamera" in given and b"SecretComment" in given
    client.post(
        page_of(here), {"token": token_in(client, here), "q0": "地上有水", "photos": [upload(given), upload(photograph(kind="PNG"), "x.jpg")]}
    )
    first, second = attachments_of(Inbox.objects.get().pk)
    kept = path_of(first.file).read_bytes()
    assert b"Secret" not in kept
    assert path_of(first.file).stat().st_mode & 0o077 == 0
    with Image.open(path_of(first.file)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (20, 40), {}), "upright, without EXIF"
    assert second.media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "kind"),
        (photograph()[:300], "kind"),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_is_kept(client, box, content, code):
    with pytest.raises(PhotoRefused, match=code):
        photo_keep(io.BytesIO(content), len(content))
    here = box()
    answer = client.post(page_of(here), {"token": token_in(client, here), "q0": "看图", "photos": [upload(photograph()), upload(content)]}, **PHONE)
    assert answer.status_code == 422
    assert "IMG_0001.jpg" in answer.content.decode()
    assert "看图" in answer.content.decode(), "what was written is not lost"
    assert not Inbox.objects.exists()
    assert not Attachment.objects.exists()


def test_a_picture_that_would_fill_the_memory_is_refused_by_its_head():
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    assert out.tell() < 100_000
    out.seek(0)
    with pytest.raises(PhotoRefused, match="pixels"):
        photo_keep(out, out.getbuffer().nbytes)
    with pytest.raises(PhotoRefused, match="size"):
        photo_keep(io.BytesIO(), 13 * 1024 * 1024)


def test_who_may_not_see_the_voice_does_not_see_its_photo(client, box, person, facts, read_inbox):
    from django.test import Client

    here = box()
    said = {"token": token_in(client, here, "?store=杭州滨江店"), "store": "杭州滨江店", "q0": "货架空了", "photos": upload(photograph())}
    client.post(page_of(here), said)
    read_inbox()
    row = Inbox.objects.get()
    url = reverse("voices:attachment", args=[row.feedback_id, attachments_of(row.pk)[0].pk])
    assert client.get(url).status_code == 302
    inside, outside = Client(), Client()
    for one, email, store in ((inside, "hangzhou@example.com", "杭州滨江店"), (outside, "beijing@example.com", "北京国贸店")):
        manager = person("store_manager", email=email)
        manager.scope = {"store": [store]}
        manager.save()
        one.force_login(manager)
    assert outside.get(url).status_code == 404
    answer = inside.get(url)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "image/jpeg", "private, no-store")
    assert b"".join(answer.streaming_content) == path_of(attachments_of(row.pk)[0].file).read_bytes()
    page = inside.get(reverse("voices:voice", args=[row.feedback_id])).content.decode()
    assert f'src="attachments/{attachments_of(row.pk)[0].pk}/"' in page
    assert inside.get(reverse("voices:attachment", args=["v000000000999", attachments_of(row.pk)[0].pk])).status_code == 404


def test_several_answers_stand_by_their_questions_masked(client, box, person, facts, read_inbox):
    here = box(questions="文字：哪里好*\n文字：哪里不好\n1-5：卫生打几分\n1-5：服务打几分*")
    client.post(page_of(here), {"token": token_in(client, here), "q0": "早餐", "q1": "打我电话13812345678说", "q2": "2", "q3": "5"})
    read_inbox()
    row = Inbox.objects.get()
    record = json.loads(row.record)
    assert record["text"] == "早餐\n打我电话13812345678说"
    assert (record["score"], record["scale_max"], record["metric"], record["attributes"]) == (2, 5, "csat", {"服务打几分": "5"})
    client.force_login(person())
    page = client.get(reverse("voices:voice", args=[row.feedback_id])).content.decode()
    assert "哪里不好" in page
    assert "13812345678" not in page


def test_only_too_many_from_one_address_are_turned_away_and_keep_their_words(client, box, monkeypatch):
    monkeypatch.setattr(limits, "FROM_ONE", 2)
    here = box()
    sent = [client.post(page_of(here), {"token": token_in(client, here), "q0": f"第{n}条"}) for n in range(3)]
    assert [one.status_code for one in sent] == [302, 302, 429]
    assert "第2条" in sent[2].content.decode()
    assert sent[2]["Retry-After"]
    assert client.post(page_of(here), {"token": token_in(client, here), "q0": "另一个人"}, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_forged_old_and_foreign_tokens_keep_nothing_and_empty_words_are_asked_for(client, box, source):
    here = box()
    other = source("box", "另一个", values={"address": "another-key-nobody"})
    for token in ("", "forged", token_in(client, other)):
        answer = client.post(page_of(here), {"token": token, "q0": "你好"})
        assert answer.status_code == 422
        fresh = answer.content.decode().split('name="token" value="')[1].split('"')[0]
        assert fresh != token
    answer = client.post(page_of(here), {"token": token_in(client, here), "q0": "  ", "q1": "11"})
    assert (answer.status_code, Inbox.objects.count()) == (422, 0)
    answer = client.post(page_of(here), {"token": token_in(client, here), "q0": "便宜代开", "website": "http://spam"})
    assert (answer.status_code, Inbox.objects.count()) == (302, 0), "a machine is thanked and forgotten"


def test_the_page_speaks_the_language_of_the_phone_and_hostile_words_are_words(client, box):
    here = box(title="<script>x</script> | <b>Tell us</b>", stores="杭州滨江店\n北京国贸店, S5")
    chinese = client.get(page_of(here), **PHONE).content.decode()
    assert "&lt;script&gt;x" in chinese and "<script>x" not in chinese
    english = client.get(page_of(here), HTTP_ACCEPT_LANGUAGE="en-GB").content.decode()
    assert "What would you like to tell us?" in english
    assert ">Send<" in english
    assert "Send" in client.get(page_of(here, "?lang=en"), **PHONE).content.decode()
    made_up = client.get(page_of(here, "?store=我编的店"), **PHONE).content.decode()
    assert "我编的店" not in made_up, "a box that lists its stores takes no others"
    assert "北京国贸店" in client.get(page_of(here, "?store=北京国贸店&product=S5"), **PHONE).content.decode()


def test_a_shut_box_says_so_and_a_wrong_address_tells_nothing(client, box):
    from huiyin.server.collect.sources.services import source_change

    here = box()
    assert client.get(reverse("sources:box", args=["a-key-that-is-wrong"])).status_code == 404
    source_change(here, enabled=False)
    assert client.get(page_of(here)).status_code == 410
    assert client.post(page_of(here), {"q0": "在吗"}).status_code == 410
    assert not Inbox.objects.exists()


def test_each_store_has_its_code_and_the_code_holds_its_address(client, box, person, settings):
    import segno

    here = box(stores="杭州滨江店\n北京国贸店, S5")
    client.force_login(person())
    page = client.get(reverse("sources:codes", args=[here.pk])).content.decode()
    assert page.count('<div class="qr">') == 3
    url = reverse("sources:code", args=[here.pk, "svg"])
    picture = client.get(url, {"store": "杭州滨江店", "download": "1"})
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture["Content-Disposition"].startswith("attachment")
    wanted = f"{settings.PUBLIC_URL.rstrip('/')}{page_of(here)}?store=%E6%9D%AD%E5%B7%9E%E6%BB%A8%E6%B1%9F%E5%BA%97"
    same = io.BytesIO()
    segno.make(wanted, error="q", micro=False).save(same, kind="svg", scale=8, border=4, svgclass=None, lineclass=None)
    assert picture.content == same.getvalue()
    assert client.get(reverse("sources:code", args=[here.pk, "png"])).content.startswith(b"\x89PNG")
    assert client.get(reverse("sources:code", args=[here.pk, "exe"])).status_code == 404


def test_settings_that_cannot_work_are_refused(box):
    for bad in ({"questions": "1-5：打几分"}, {"questions": "随便写"}, {"address": "short"}, {"questions": "文字：x\n" * 11}):
        with pytest.raises(SourceRefused):
            box(**bad)
    drawn = {box(address="").config["address"] for _ in range(3)}
    assert len(drawn) == 3
    assert all(len(one) >= 16 for one in drawn)


def test_photos_go_with_the_customer_with_the_payload_and_when_they_belong_to_nobody(client, box, django_capture_on_commit_callbacks):
    import os
    from datetime import timedelta

    from huiyin.server.collect.feedback.services import forget_payloads
    from huiyin.server.foundation.writing import state_write

    here = box()
    for n in range(2):
        client.post(page_of(here), {"token": token_in(client, here), "q0": f"第{n}条", "photos": upload(photograph())})
    first, second = Inbox.objects.order_by("pk")
    lost = path_of(attachments_of(first.pk)[0].file)
    with django_capture_on_commit_callbacks(execute=True), state_write():
        assert forget("", [first.feedback_id, "not ours"]) == {"photo": 1}
    assert not lost.exists()
    Inbox.objects.update(state="done")
    kept = path_of(attachments_of(second.pk)[0].file)
    with django_capture_on_commit_callbacks(execute=True):
        forget_payloads(here.pk, timedelta(0))
    assert not kept.exists()
    assert not Attachment.objects.exists()
    stray = path_of("ab/stray.jpg")
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"x")
    assert stray_files_drop() == 0
    os.utime(stray, (0, 0))
    assert stray_files_drop() == 1
    assert not stray.exists()
