"""A connection to a mailbox. Goes to the address that was checked, under the name that was asked for."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from email import message_from_bytes
from email.message import Message
from typing import Any

from imap_tools import AND
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError
from imap_tools.mailbox import BaseMailBox

from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.outgoing import TIMEOUT, checked_address

LARGEST = 25 * 1024 * 1024
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"\bUID (\d+)")


class _Client(imaplib.IMAP4):
    def __init__(self, host: str, port: int, address: str, encrypted: bool) -> None:
        self._address, self._encrypted = address, encrypted
        super().__init__(host, port, timeout=TIMEOUT)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._address, self.port), timeout)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host) if self._encrypted else plain


class _Box(BaseMailBox):
    def __init__(self, client: imaplib.IMAP4) -> None:
        self._given = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._given


@contextmanager
def open_mailbox(config: Mapping[str, Any], password: str, *, write: bool = False) -> Iterator[Mailbox]:
    """The folder that a source names. Opened read-only unless something is to be changed: then looking at a letter marks nothing.

    Raises:
        SourceRefused: not reachable, wrong password, no such folder. No password stands in the messages.
    """
    host = str(config["host"])
    try:
        box = _Box(_connected(host, int(config["port"]), str(config["tls"])))
        try:
            box.login(str(config["user"]), password, initial_folder=None)
            if "ID" in box.client.capabilities:
                # Mail services in China turn away programs that do not say their name.
                box.client.xatom("ID", '("name" "Huiyin" "vendor" "Huiyin")')
            box.folder.set(str(config["folder"]), readonly=not write)
            yield Mailbox(box, str(config["folder"]))
        finally:
            with suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
                box.client.logout()
    except MailboxLoginError:
        raise SourceRefused("登不进去：检查用户名和密码（很多邮箱要用授权码）", "Sign-in was refused: check user and password", "user") from None
    except MailboxFolderSelectError:
        raise SourceRefused(f"没有文件夹「{config['folder']}」", f"There is no folder '{config['folder']}'", "folder") from None
    except ssl.SSLError as error:
        raise SourceRefused(f"{host} 的证书不可信：{error.reason}", f"The certificate of {host} is not trusted: {error.reason}", "host") from None
    except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
        kind = type(error).__name__
        raise SourceRefused(f"{host} 没有应答（{kind}）", f"{host} does not answer ({kind})", "host", passing=True) from None


def _connected(host: str, port: int, tls: str) -> imaplib.IMAP4:
    client = _Client(host, port, checked_address(host, port), tls == "tls")
    if tls == "starttls":
        try:
            client.starttls(ssl.create_default_context())
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
    return client


class Mailbox:
    """The open folder."""

    def __init__(self, box: _Box, folder: str) -> None:
        self._box, self._folder = box, folder

    @property
    def validity(self) -> int:
        """UIDVALIDITY: another number than last time means that numbers of letters have a new meaning."""
        return int(self._box.folder.status(self._folder, ["UIDVALIDITY"])["UIDVALIDITY"])

    def numbers(self, after: int, since: date | None) -> list[int]:
        """UIDs above `after`, rising, of letters that came on or after a day."""
        asked = f"UID {after + 1}:*" + (f" {AND(date_gte=since)}" if since else "")
        # `n:*` always holds the last letter, even where its number is below n.
        return sorted(number for one in self._box.uids(asked, charset=None) if (number := int(one)) > after)

    def headers(self, numbers: Sequence[int]) -> dict[int, tuple[int, Message]]:
        """Size in bytes and headers of letters; one that was deleted meanwhile is missing."""
        found = {}
        for number, told, content in self._fetched(numbers, "(UID RFC822.SIZE BODY.PEEK[HEADER])"):
            size = _SIZE.search(told)
            found[number] = (int(size[1]) if size else 0, message_from_bytes(content))
        return found

    def letters(self, numbers: Sequence[int]) -> dict[int, Message]:
        """Whole letters. They are peeked at, so that none is marked as read."""
        return {number: message_from_bytes(content) for number, _, content in self._fetched(numbers, "(UID BODY.PEEK[])")}

    def _fetched(self, numbers: Sequence[int], parts: str) -> Iterator[tuple[int, bytes, bytes]]:
        if not numbers:
            return
        status, answer = self._box.client.uid("fetch", ",".join(map(str, numbers)), parts)
        if status != "OK":
            raise imaplib.IMAP4.error("fetch refused")
        for at, one in enumerate(answer):
            if isinstance(one, tuple):
                # Servers put UID before or behind the literal.
                behind = answer[at + 1] if at + 1 < len(answer) and isinstance(answer[at + 1], bytes) else b""
                told = one[0] + b" " + behind
                if found := _UID.search(told):
                    yield int(found[1]), told, one[1]

    def mark_read(self, numbers: Sequence[int]) -> None:
        """Mark letters as read."""
        self._box.flag([str(one) for one in numbers], "\\Seen", True)

    def move(self, numbers: Sequence[int], folder: str) -> None:
        """Move letters into a folder, which is made where it is missing."""
        if not self._box.folder.exists(folder):
            self._box.folder.create(folder)
        self._box.move([str(one) for one in numbers], folder)
