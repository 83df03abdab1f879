"""A letter as mail programs write it: its headers, its words, its attachments, whoever encoded them and however badly."""

from __future__ import annotations

import email.utils
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from typing import Any

from huiyin.server.collect.feedback.records import LONGEST_TEXT

_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "hz-gb-2312": "hz", "x-unknown": "", "unknown-8bit": ""}
"""Mail programs say GB2312 and write characters that only GB18030 has."""
_KEPT = ("auto-submitted", "precedence", "list-id", "list-unsubscribe", "return-path", "x-autoreply", "x-autorespond", "x-failed-recipients")
_MOST_ATTACHMENTS = 50
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is kept: all that is read from it, before anything is cut off."""

    message_id: str
    sender: str
    sender_name: str
    to: str
    subject: str
    sent_at: str
    plain: str
    html: str
    attachments: list[str]
    headers: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """For the payload of the inbox; equal letters give equal dicts."""
        return {name: getattr(self, name) for name in self.__slots__}


def letter_of(message: Message) -> Letter:
    """What a message says. Nothing in it can make this fail: what cannot be decoded keeps replacement signs."""
    name, address = email.utils.parseaddr(header(message, "From"))
    plain, html, attachments = _parts(message)
    kept = {one: header(message, one)[:500] for one in _KEPT if message.get(one) is not None}
    kept["content-type"] = message.get_content_type()
    return Letter(
        message_id=_named(header(message, "Message-ID")),
        sender=address.lower()[:200],
        sender_name=name[:200],
        to=header(message, "To")[:500],
        subject=header(message, "Subject")[:500],
        sent_at=_sent(message),
        plain=plain,
        html=html,
        attachments=attachments,
        headers=kept,
    )


def header(message: Message, name: str) -> str:
    """A header in clear, on one line."""
    value = message.get(name)
    if value is None:
        return ""
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        pieces = [(str(value), None)]
    said = "".join(decoded(one, charset) if isinstance(one, bytes) else _recovered(one) for one, charset in pieces)
    return _SPACES.sub(" ", said).strip()


def decoded(content: bytes, charset: str | None) -> str:
    """Bytes as text: by the named encoding, else by those that Chinese mail programs use without saying so."""
    named = (charset or "").strip().lower().strip("\"'")
    for one in (_WIDER.get(named, named), "utf-8", "gb18030"):
        try:
            if one:
                return content.decode(one)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode(_WIDER.get(named, "") or "utf-8", "replace")


def _recovered(said: str) -> str:
    """A header that holds raw bytes of no named encoding comes with surrogates in it."""
    try:
        return decoded(said.encode("ascii", "surrogateescape"), None) if not said.isascii() else said
    except UnicodeEncodeError:
        return said


def _parts(message: Message) -> tuple[str, str, list[str]]:
    plain: list[str] = []
    html: list[str] = []
    attachments: list[str] = []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind, name = part.get_content_type(), _file_name(part)
        if part.get_content_disposition() == "attachment" or (name and not kind.startswith("text/")) or not kind.startswith("text/"):
            if len(attachments) < _MOST_ATTACHMENTS:
                attachments.append(name or kind)
        elif kind in ("text/plain", "text/html"):
            content = part.get_payload(decode=True)
            words = decoded(content if isinstance(content, bytes) else b"", part.get_content_charset())
            (html if kind == "text/html" else plain).append(words.replace("\r\n", "\n"))
    return "\n".join(plain)[:LONGEST_TEXT], "\n".join(html)[:LONGEST_TEXT], attachments


def _file_name(part: Message) -> str:
    try:
        pieces = decode_header(part.get_filename() or "")
    except (HeaderParseError, ValueError, UnicodeError):
        pieces = [(str(part.get_param("name") or ""), None)]
    said = "".join(decoded(one, charset) if isinstance(one, bytes) else _recovered(one) for one, charset in pieces)
    return _SPACES.sub(" ", said).strip()[:200]


def _sent(message: Message) -> str:
    """When it was sent. Where the header is missing or wrong: when the last server wrote that it got it."""
    received = (message.get_all("Received") or [""])[0]
    for said in (message.get("Date"), str(received).rpartition(";")[2]):
        try:
            found = email.utils.parsedate_to_datetime(str(said or "").strip())
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return ""


def _named(message_id: str) -> str:
    name = message_id.strip().strip("<>")
    return name if len(name) <= 180 else "sha256-" + hashlib.sha256(name.encode()).hexdigest()


def sent_moment(said: str) -> datetime | None:
    """The moment of `Letter.sent_at`; None where it is not known."""
    return datetime.fromisoformat(said) if said else None
