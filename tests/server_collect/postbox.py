"""A real IMAP server (Debian's Dovecot) on a free port, with mailboxes in a folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from imaplib import IMAP4
from pathlib import Path
from time import sleep
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.ports import free_ports

PASSWORD = "letters-for-this-test-alone"
USER = "voice@example.com"

_SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
ssl_dh =
disable_plaintext_auth = no
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Postbox:
    """The server, and a hand in the mailbox of `user`; anybody may sign in with the password."""

    def __init__(self, plain: int, tls: int, certificate: Path) -> None:
        self.plain, self.tls, self.certificate, self.user = plain, tls, certificate, USER

    @contextmanager
    def hand(self) -> Iterator[IMAP4]:
        """Signed in, by another client than ours."""
        client = IMAP4("127.0.0.1", self.plain)
        client.login(self.user, PASSWORD)
        yield client
        client.logout()

    def put(self, *letters: bytes, folder: str = "INBOX") -> None:
        """Deliver letters."""
        with self.hand() as client:
            for one in letters:
                status, said = client.append(folder, None, None, one.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
                assert status == "OK", said

    def flags(self, folder: str = "INBOX") -> list[str]:
        """The flags of each letter of a folder."""
        with self.hand() as client:
            if client.select(folder, readonly=True)[1] == [b"0"]:
                return []
            return [one.decode() for one in client.fetch("1:*", "(FLAGS)")[1] if one]

    def empty_anew(self, folder: str = "INBOX") -> None:
        """Make a folder anew, so that its numbers begin again under another UIDVALIDITY."""
        with self.hand() as client:
            assert client.delete(folder)[0] == "OK"
            assert client.create(folder)[0] == "OK"


@contextmanager
def postbox() -> Iterator[Postbox]:
    """The server, until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-imap-", dir="/tmp"))
    as_nobody: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
    user, group = ("nobody", "nogroup") if as_nobody else (Path.home().owner(), Path.home().group())
    server = Postbox(*free_ports(2), folder / "cert.pem")
    _certificate(folder)
    (folder / "mail").mkdir()
    (folder / "run").mkdir()
    values = {"folder": folder, "user": user, "group": group, "password": PASSWORD, "plain": server.plain, "tls": server.tls}
    (folder / "dovecot.conf").write_text(_SETTINGS.format(**values))
    if as_nobody:
        for path in [folder, *folder.rglob("*")]:
            shutil.chown(path, "nobody")
    program = shutil.which("dovecot") or "/usr/sbin/dovecot"
    process = subprocess.Popen([program, "-F", "-c", folder / "dovecot.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_nobody)
    try:
        for _ in range(300):
            assert process.poll() is None, (folder / "log").read_text() if (folder / "log").exists() else "dovecot did not start"
            with suppress(OSError), socket.create_connection(("127.0.0.1", server.plain), 1) as asked:
                if asked.recv(4) == b"* OK":
                    break
            sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(pem)
