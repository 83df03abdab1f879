"""A mailbox, by schedule. Letters are known again by their Message-ID; where the reading goes on stands in UIDVALIDITY and UID (RFC 3501)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.feedback.records import dumps
from huiyin.server.collect.feedback.services import Entry
from huiyin.server.collect.sources.adapter import Adapter, Pulled, Setting, SourceRefused, Trial
from huiyin.server.collect.sources.entries import entry_or_reject, rejected
from huiyin.server.collect.sources.imap.automatic import REASONS, automatic
from huiyin.server.collect.sources.imap.mailbox import LARGEST, Mailbox, open_mailbox
from huiyin.server.collect.sources.imap.messages import Letter, header, letter_of
from huiyin.server.collect.sources.imap.words import own_words
from huiyin.server.collect.sources.models import Source, SourceRun

STEP = 50
_PORTS = {"tls": 993, "starttls": 143, "none": 143}


class Imap(Adapter):
    """Letters that customers write to an address."""

    kind = "imap"
    name = _("邮箱")
    about = _("客户写来的邮件，按时取新信（IMAP）；不改动邮箱，除非设成取后标记或移走")
    pulls = True
    settings = (
        Setting("host", _("服务器"), "text", True, _("例如 imap.example.com")),
        Setting("tls", _("加密"), "choice", True, choices=[("tls", "TLS"), ("starttls", "STARTTLS"), ("none", _("不加密"))], default="tls"),
        Setting("port", _("端口"), "number", help=_("留空：TLS 是 993，其余 143")),
        Setting("user", _("用户名"), "text", True),
        Setting("password", _("密码"), "secret", True, _("很多邮箱要用另外生成的授权码；存好后不再显示")),
        Setting("folder", _("文件夹"), "text", True, default="INBOX"),
        Setting("since", _("从哪天起"), "text", help=_("例如 2026-01-01；留空取全部")),
        Setting("only_from", _("只收谁的信"), "text", help=_("发件人地址里含的字，逗号分开；留空不限")),
        Setting("subject", _("主题里要有"), "text", help=_("逗号分开，有一个就收；留空不限")),
        Setting(
            "automatic",
            _("自动回复、退信、群发"),
            "choice",
            choices=[("reject", _("列入没能用，写明原因")), ("flag", _("照样收，加上标记"))],
            default="reject",
        ),
        Setting(
            "after",
            _("收下以后"),
            "choice",
            choices=[("leave", _("不动邮箱")), ("read", _("标为已读")), ("move", _("移到另一个文件夹"))],
            default="leave",
        ),
        Setting("moved_to", _("移到哪里"), "text", help=_("没有就建一个"), default="Huiyin", when=("after", ("move",))),
    )

    def check(self, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
        """Port and day are such; moving needs somewhere to move to."""
        port = config.get("port") or _PORTS[str(config["tls"])]
        if not str(port).isdigit() or not 0 < int(port) < 65536:
            raise SourceRefused("端口要在 1 到 65535 之间", "The port has to lie between 1 and 65535", "port")
        host = str(config["host"]).strip()
        if not host or any(sign in host for sign in "/ @\r\n"):
            raise SourceRefused("服务器只写主机名", "The server is a host name only", "host")
        for name in ("user", "folder", "moved_to"):
            if any(sign in str(config.get(name) or "") for sign in "\r\n\0"):
                raise SourceRefused("里面有换行", "It holds a line break", name)
        _day(config.get("since"))
        if config["after"] == "move" and str(config.get("moved_to") or "") in ("", config["folder"]):
            raise SourceRefused("写上移到哪个别的文件夹", "Name another folder to move to", "moved_to")
        return {**config, "host": host, "port": int(port)}

    def test(self, source: Source) -> Trial:
        """Sign in and count."""
        with open_mailbox(source.config, self._password(source)) as box:
            number = len(box.numbers(0, _day(source.config.get("since"))))
        return Trial(f"登上了，文件夹里有 {number:,} 封", f"Signed in; the folder holds {number:,} letters", {"letters": number})

    def preview(self, source: Source, most: int = 5) -> list[dict[str, Any]]:
        """The latest letters, as records; what would not be taken says why."""
        with open_mailbox(source.config, self._password(source)) as box:
            numbers = box.numbers(0, _day(source.config.get("since")))
            wanted = _wanted(source.config, box, numbers[-STEP:])[0][-most:]
            letters = [letter_of(one) for one in box.letters(wanted).values()]
        return [record_of(one) for one in reversed(letters)]

    def run(self, source: Source, run: SourceRun, cursor: Any) -> Iterator[Pulled]:
        """Letters above the last number that was read. `cursor`: validity, uid, and `settle`: numbers that are kept but not yet marked."""
        place = dict(cursor or {})
        after = str(source.config.get("after", "leave"))
        with open_mailbox(source.config, self._password(source), write=after != "leave") as box:
            validity = box.validity
            if place.get("validity") != validity:
                # Numbers start anew. Letters that are here already are known by their Message-ID.
                place = {"validity": validity, "uid": 0, "settle": []}
            _settle(box, source.config, place.get("settle", []))
            numbers = box.numbers(int(place["uid"]), _day(source.config.get("since")))
            for at in range(0, len(numbers), STEP):
                step = numbers[at : at + STEP]
                entries, kept = self._entries(source, box, step)
                to_settle = kept if after != "leave" else []
                yield Pulled(entries, {"validity": validity, "uid": step[-1], "settle": to_settle}, at + len(step), len(numbers))
                # Asked for the next step, the last one is committed: only now may the mailbox be changed.
                _settle(box, source.config, to_settle)
            last = numbers[-1] if numbers else int(place["uid"])
            yield Pulled([], {"validity": validity, "uid": last, "settle": []}, len(numbers), len(numbers))

    def map(self, source: Source, raw: str) -> list[Entry]:
        """A kept letter, read again: under the present settings."""
        said = json.loads(raw)
        return [_entry(source.config, Letter(**said), raw)] if "message_id" in said else []

    def _entries(self, source: Source, box: Mailbox, step: Sequence[int]) -> tuple[list[Entry], list[int]]:
        wanted, large = _wanted(source.config, box, step)
        entries = []
        for one in large:
            detail = f"超过 {LARGEST // 1048576} MB：{one.subject}"
            entries.append(rejected(dumps({"too_large": one.as_dict()}), "too_large", detail, one.sender))
        letters = box.letters(wanted)
        for message in letters.values():
            letter = letter_of(message)
            entries.append(_entry(source.config, letter, dumps(letter.as_dict())))
        return entries, list(letters)

    def _password(self, source: Source) -> str:
        return str(source.secrets.get("password", ""))


def record_of(letter: Letter) -> dict[str, Any]:
    """A letter as a record: its own words, the sender as customer."""
    text, cut = own_words(letter.plain, letter.html)
    attributes = {
        "sender_name": letter.sender_name,
        "to": letter.to,
        "attachments": "、".join(letter.attachments)[:500],
        "cut": "quoted text or signature" if cut else "",
        "automatic": automatic(letter),
    }
    return {
        "external_id": letter.message_id or None,
        "title": letter.subject,
        "text": text,
        "occurred_at": letter.sent_at or None,
        "customer_id": letter.sender or None,
        "attributes": {name: value for name, value in attributes.items() if value},
    }


def _entry(config: Mapping[str, Any], letter: Letter, raw: str) -> Entry:
    kind = automatic(letter)
    place = f"{letter.sender} · {letter.subject}"
    if kind and config.get("automatic", "reject") == "reject":
        return rejected(raw, kind, REASONS[kind], place)
    return entry_or_reject(record_of(letter), raw=raw, place=place, live=False)


def _wanted(config: Mapping[str, Any], box: Mailbox, step: Sequence[int]) -> tuple[list[int], list[Letter]]:
    """Numbers of the letters that pass the filters, and those too large to fetch. Filtered here: searches of mail servers differ for Chinese."""
    froms, subjects = _listed(config.get("only_from")), _listed(config.get("subject"))
    wanted, large = [], []
    for number, (size, message) in sorted(box.headers(step).items()):
        if froms and not any(one in header(message, "From").lower() for one in froms):
            continue
        if subjects and not any(one in header(message, "Subject").lower() for one in subjects):
            continue
        if size > LARGEST:
            large.append(letter_of(message))
        else:
            wanted.append(number)
    return wanted, large


def _listed(said: Any) -> list[str]:
    return [one.strip().lower() for one in str(said or "").replace("，", ",").split(",") if one.strip()]


def _settle(box: Mailbox, config: Mapping[str, Any], numbers: Sequence[int]) -> None:
    if numbers and config["after"] == "read":
        box.mark_read(numbers)
    elif numbers and config["after"] == "move":
        box.move(numbers, str(config["moved_to"]))


def _day(said: Any) -> date | None:
    try:
        return date.fromisoformat(str(said).strip()) if said else None
    except ValueError:
        raise SourceRefused("日期写成 2026-01-01 这样", "Write the day like 2026-01-01", "since") from None


ADAPTER = Imap()
