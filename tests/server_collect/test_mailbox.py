"""Letters from a real IMAP server: each once, in the customer's own words, with the mailbox left as it was unless told otherwise."""

from __future__ import annotations

import json
import shutil
import uuid
from email.message import EmailMessage

import pytest

from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.adapters import adapter_of
from huiyin.server.collect.sources.imap.words import own_words
from huiyin.server.collect.sources.services import rejects_run_again, source_change
from tests.server_collect.fetching import fetched
from tests.server_collect.postbox import PASSWORD, USER, postbox

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not shutil.which("dovecot", path="/usr/sbin:/usr/bin"), reason="there is no dovecot-imapd to start"),
]


@pytest.fixture(scope="module")
def server():
    with postbox() as running:
        yield running


@pytest.fixture
def post(server, monkeypatch):
    """An empty mailbox of the server."""
    monkeypatch.setenv("HUIYIN_OUTGOING_ALLOW", "localhost")
    server.user = f"{uuid.uuid4().hex}@example.com"
    return server


@pytest.fixture
def mailbox(source, post):
    def make(**more):
        values = {
            "host": "localhost",
            "tls": "none",
            "port": post.plain,
            "user": post.user,
            "password": PASSWORD,
            "folder": "INBOX",
            "automatic": "reject",
            "after": "leave",
        }
        return source("imap", "客服邮箱", values=values | more, channel="邮件")

    return make


def letter(number: int, text: str = "门店一直没人接电话", subject: str = "投诉", sender: str = "老王 <wang@example.com>", **headers: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, USER, subject
    made["Date"] = "Sun, 01 Mar 2026 10:00:00 +0800"
    made["Message-ID"] = f"<m{number}@example.com>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def test_new_letters_come_in_once_and_the_mailbox_stays_as_it_was(post, mailbox):
    here = mailbox()
    post.put(*(letter(n, f"第{n}封：空调不凉") for n in range(120)))
    assert adapter_of("imap").test(here).details["letters"] == 120
    assert [one["text"] for one in adapter_of("imap").preview(here, 2)] == ["第119封：空调不凉", "第118封：空调不凉"]
    run = fetched(here)
    assert (run.state, run.read, run.created) == ("done", 120, 120)
    assert fetched(here).read == 0
    post.put(letter(500))
    assert fetched(here).created == 1
    assert all("Seen" not in one for one in post.flags())
    row = Inbox.objects.get(external_id="m500@example.com")
    record = json.loads(row.record)
    assert (record["title"], record["text"], record["customer_id"]) == ("投诉", "门店一直没人接电话", "wang@example.com")
    assert record["attributes"] == {"sender_name": "老王", "to": USER}
    assert row.occurred_at.isoformat() == "2026-03-01T02:00:00+00:00"


def test_after_its_numbers_begin_anew_a_mailbox_is_read_again_and_nothing_doubles(post, mailbox):
    here = mailbox(folder="Kunden")
    with post.hand() as client:
        client.create("Kunden")
    post.put(letter(1), letter(2), folder="Kunden")
    assert fetched(here).created == 2
    first = here.cursor["validity"]
    post.empty_anew("Kunden")
    post.put(letter(2), letter(3), folder="Kunden")
    run = fetched(here)
    assert here.cursor["validity"] != first
    assert (run.read, run.created, run.same) == (2, 1, 1)


def test_letters_are_marked_or_moved_only_after_they_are_kept_and_only_if_told(post, mailbox):
    here = mailbox(after="read", only_from="wang@")
    post.put(letter(1), letter(2, sender="spam@elsewhere.example"))
    assert fetched(here).created == 1
    assert ["Seen" in one for one in post.flags()] == [True, False]
    moving = mailbox(after="move", moved_to="已收")
    assert fetched(moving).created == 2
    assert post.flags() == []
    with post.hand() as client:
        assert client.select('"&XfJlNg-"', readonly=True)[1] == [b"2"]


def test_a_run_that_died_between_keeping_and_marking_marks_at_the_next(post, mailbox):
    here = mailbox(after="read")
    post.put(letter(1), letter(2))
    steps = adapter_of("imap").run(here, None, None)
    step = next(steps)
    steps.close()  # killed here: the step is kept, nothing is marked yet
    assert all("Seen" not in one for one in post.flags())
    list(adapter_of("imap").run(here, None, step.cursor))
    assert all("Seen" in one for one in post.flags())


GB = "空调在北京镕基路那家店修了三次還是㐂欢不起来".encode("gb18030")


def test_encodings_of_chinese_mail_programs_are_read(post, mailbox):
    here = mailbox()
    head = b"Date: Sun, 01 Mar 2026 10:00:00 +0800\nMessage-ID: <%d@x>\nMIME-Version: 1.0\n"
    said_gb2312 = (
        head % 1
        + b"From: =?gb2312?B?wM/N9Q==?= <wang@example.com>\nSubject: =?GB2312?B?zbbL3w==?=\nContent-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: 8bit\n\n"
        + GB
    )
    unsaid = (
        head % 2 + "From: 老王 <wang@example.com>\nSubject: 投诉门店\nContent-Type: text/plain\n\n".encode("gbk") + "一直没人接电话".encode("gbk")
    )
    big5 = (
        head % 3
        + b"From: a@example.com\nSubject: x\nContent-Type: text/plain; charset=big5\nContent-Transfer-Encoding: 8bit\n\n"
        + "客服態度很差".encode("big5")
    )
    nonsense = (
        head % 4 + "From: a@example.com\nSubject: y\nContent-Type: text/plain; charset=klingon\nContent-Transfer-Encoding: 8bit\n\n屏幕碎了".encode()
    )
    post.put(said_gb2312, unsaid, big5, nonsense)
    fetched(here)
    said = {row.external_id: json.loads(row.record) for row in Inbox.objects.all()}
    assert (said["1@x"]["text"], said["1@x"]["title"], said["1@x"]["attributes"]["sender_name"]) == (GB.decode("gb18030"), "投诉", "老王")
    assert (said["2@x"]["text"], said["2@x"]["title"]) == ("一直没人接电话", "投诉门店")
    assert said["3@x"]["text"] == "客服態度很差"
    assert said["4@x"]["text"] == "屏幕碎了"


def test_html_only_letters_attachments_and_quotations(post, mailbox):
    here = mailbox()
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "li@example.com", "Re: 回访", "<html@x>"
    made["Date"] = "Sun, 01 Mar 2026 10:00:00 +0800"
    made.set_content(
        "<style>p{}</style><p>座椅还是<b>有异响</b></p><script>alert(1)</script><blockquote>您好，请问您满意吗？</blockquote>", subtype="html"
    )
    made.add_attachment(b"\xff\xd8x", maintype="image", subtype="jpeg", filename="异响位置.jpg")
    post.put(made.as_bytes())
    fetched(here)
    row = Inbox.objects.get()
    record = json.loads(row.record)
    assert record["text"] == "座椅还是有异响"
    assert record["attributes"]["attachments"] == "异响位置.jpg"
    assert "您满意吗" in row.raw


@pytest.mark.parametrize(
    ("whole", "own"),
    [
        ("太慢了\n\n-- \n王小明\n某某公司", "太慢了"),
        ("太慢了\n\n发自我的 iPhone", "太慢了"),
        ("太慢了\n\nOn Sun, 1 Mar 2026 at 10:00, Service <s@example.com>\nwrote:\n> How was it?", "太慢了"),
        ("太慢了\n\n在 2026年3月1日，上午10:00，客服 <s@example.com> 写道：\n> 满意吗", "太慢了"),
        ("太慢了\n\n发件人: 客服\n发送时间: 2026年3月1日\n收件人: 我\n主题: 回访\n\n满意吗", "太慢了"),
        ("> 满意吗\n不满意\n> 为什么\n等了一小时", "不满意\n等了一小时"),
        ("At 2026-03-01 10:00:00, \"客服\" <s@example.com> wrote:\n> 原文", 'At 2026-03-01 10:00:00, "客服" <s@example.com> wrote:\n> 原文'),
        ("我发件人: 写错了地址，帮我改\n谢谢", "我发件人: 写错了地址，帮我改\n谢谢"),
    ],
)  # fmt: skip
def test_only_the_customers_own_words_are_left(whole, own):
    assert own_words(whole, "")[0] == own


def test_letters_no_customer_wrote_are_listed_with_the_reason_and_can_be_taken_after_all(post, mailbox):
    here = mailbox()
    post.put(
        letter(1, "我在休假", subject="自动回复: 回访"),
        letter(2, "Ich bin weg", Auto_Submitted="auto-replied"),
        letter(3, "地址不存在", subject="系统退信", sender="postmaster@example.com"),
        letter(4, "本周特价", List_Unsubscribe="<https://example.com/u>"),
        letter(5, "真的有问题", Precedence="first-class", Auto_Submitted="no"),
    )
    run = fetched(here)
    assert (run.created, run.rejected) == (1, 4)
    assert sorted(Inbox.objects.filter(state="rejected").values_list("reason", flat=True)) == ["auto_reply", "auto_reply", "bounce", "bulk"]
    source_change(here, values={**here.config, "automatic": "flag"})
    assert rejects_run_again(here) == 4
    assert json.loads(Inbox.objects.get(external_id="m4@example.com").record)["attributes"]["automatic"] == "bulk"


def test_the_way_is_encrypted_and_the_certificate_checked(post, mailbox, monkeypatch):
    for tls, port in (("tls", post.tls), ("starttls", post.plain)):
        here = mailbox(tls=tls, port=port)
        with pytest.raises(SourceRefused, match="certificate"):
            adapter_of("imap").test(here)
        monkeypatch.setenv("SSL_CERT_FILE", str(post.certificate))
        assert adapter_of("imap").test(here).details["letters"] == 0
        monkeypatch.delenv("SSL_CERT_FILE")


def test_refusals_name_the_fault_and_never_the_password(post, mailbox, monkeypatch):
    for change, words in (({"password": "wrong-password"}, "Sign-in"), ({"folder": "Nowhere"}, "folder"), ({"port": 1}, "answer")):
        with pytest.raises(SourceRefused, match=words) as refused:
            adapter_of("imap").test(mailbox(**change))
        assert PASSWORD not in refused.value.message_zh and "wrong-password" not in refused.value.message_zh
    monkeypatch.delenv("HUIYIN_OUTGOING_ALLOW")
    with pytest.raises(SourceRefused, match="internal"):
        adapter_of("imap").test(mailbox())
    for bad in ({"port": 70000}, {"since": "yesterday"}, {"host": "a/b"}, {"after": "move", "moved_to": "INBOX"}):
        with pytest.raises(SourceRefused):
            mailbox(**bad)
