"""Every place where the server goes to an address that somebody typed: none of them reaches into our own network.

Each is walked with every spelling of an inside address, with a name that resolves inside, and, over HTTP, with a redirect inside. A listener
on this machine counts who knocks: a refusal that came only after connecting would be none.
"""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.adapters import adapter_of, adapters
from huiyin.server.collect.sources.models import Source
from huiyin.server.collect.sources.outgoing import fetch

pytestmark = pytest.mark.django_db

INSIDE = (
    "127.0.0.1", "127.1", "127.0.1", "0.0.0.0", "0", "localhost", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1",
    "10.0.0.7", "172.16.3.4", "192.168.1.1", "100.64.0.1", "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
    "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fd00:ec2::254]", "[fe80::1]",
    "inside.example", "INSIDE.example", "two-faced.example",
)  # fmt: skip
"""As they stand in an address; the last three are names."""

PULLED = {"rss", "stores", "sql", "imap", "queue"}
"""Kinds of sources that go to an address somebody typed. The others are sent to, or read files of this machine."""
STAYING = {"rest", "webhook", "upload", "manual", "folder", "box", "transcripts"}


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """Names whose owner lets them point inside; one has a public address as well."""
    resolve = socket.getaddrinfo
    inside = {"inside.example": ["127.0.0.1"], "two-faced.example": ["93.184.215.14", "127.0.0.1"]}

    def answer(host, port, *args, **more):
        known = inside.get(str(host).lower())
        if known:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in known]
        return resolve(host, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.delenv("HUIYIN_OUTGOING_ALLOW", raising=False)


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port of this machine, and who connected to it."""
    knocked: list[object] = []
    # Takes IPv4 too, as `::ffff:127.0.0.1`.
    server = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)

    def listen() -> None:
        with suppress(OSError):
            while True:
                connection, address = server.accept()
                knocked.append(address)
                connection.close()

    threading.Thread(target=listen, daemon=True).start()
    yield server.getsockname()[1], knocked
    server.shutdown(socket.SHUT_RDWR)
    server.close()


@pytest.fixture(scope="module")
def private_key() -> str:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def source_of(kind: str, config: dict[str, object], secrets: dict[str, str] | None = None) -> Source:
    """As if saved before the address was looked at: what counts is that going there is refused."""
    made = Source(kind=kind, key=kind, name=kind, config=config)
    made.secrets = secrets or {}
    return made


def sources(host: str, port: int, private_key: str) -> dict[str, Source]:
    bare = host.strip("[]")
    account = json.dumps({"client_email": "a@b.example", "private_key": private_key, "token_uri": f"https://{host}:{port}/token"})
    store = {"app": "com.example.app", "countries": "cn", "bucket": "pubsite_prod_rev_1", "address": f"http://{host}:{port}"}
    query = {"query": "SELECT 1 AS text", "rising": "", "start": ""}
    mail = {"host": bare, "port": port, "tls": "none", "user": "u", "folder": "INBOX"}
    broker = {"host": bare, "port": port, "tls": "none", "user": "u", "vhost": "/", "queue": "q"}
    return {
        "rss": source_of("rss", {"url": f"http://{host}:{port}/feed"}),
        "apple": source_of("stores", {**store, "store": "apple", "app": "123"}),
        "play": source_of("stores", {**store, "store": "play"}, {"key": account}),
        "token": source_of("stores", {**store, "store": "play", "address": ""}, {"key": account}),
        "play_files": source_of("stores", {**store, "store": "play_files"}, {"key": account}),
        "postgres": source_of("sql", query, {"url": f"postgresql+psycopg://u:p@{host}:{port}/d"}),
        "mysql": source_of("sql", query, {"url": f"mysql+pymysql://u:p@{host}:{port}/d"}),
        "imap": source_of("imap", mail, {"password": "p"}),
        "imap_starttls": source_of("imap", {**mail, "tls": "starttls"}, {"password": "p"}),
        "imap_tls": source_of("imap", {**mail, "tls": "tls"}, {"password": "p"}),
        "queue": source_of("queue", broker, {"password": "p"}),
        "queue_tls": source_of("queue", {**broker, "tls": "tls"}, {"password": "p"}),
    }


WAYS = ("rss", "apple", "play", "token", "play_files", "postgres", "mysql", "imap", "imap_starttls", "imap_tls", "queue", "queue_tls")


def test_every_kind_of_source_is_thought_of():
    assert set(adapters()) == PULLED | STAYING
    assert {one.kind for one in sources("127.0.0.1", 1, "").values()} == PULLED


@pytest.mark.parametrize("way", WAYS)
def test_no_spelling_of_an_inside_address_is_visited(way, listener, private_key):
    port, knocked = listener
    for host in INSIDE:
        here = sources(host, port, private_key)[way]
        for ask in (adapter_of(here.kind).test, adapter_of(here.kind).preview):
            with pytest.raises(SourceRefused) as refused:
                ask(here)
            assert refused.value.message_zh, host
            assert "没有应答" not in refused.value.message_zh, f"{host} was asked"
    assert knocked == []


@pytest.mark.parametrize("host", INSIDE)
def test_a_redirect_inside_is_not_followed(host, listener, monkeypatch):
    port, knocked = listener
    answers = socket.create_server(("127.0.0.1", 0))
    there = answers.getsockname()[1]

    def redirect() -> None:
        with suppress(OSError):
            connection, _ = answers.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: http://{host}:{port}/\r\nContent-Length: 0\r\n\r\n".encode())

    thread = threading.Thread(target=redirect, daemon=True)
    thread.start()
    # The first host is trusted by its name, what it leads to is not.
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda name, *args, **more: resolve("127.0.0.1" if name == "first.example" else name, *args, **more))
    monkeypatch.setenv("HUIYIN_OUTGOING_ALLOW", "first.example")
    with pytest.raises(SourceRefused) as refused:
        fetch(f"http://first.example:{there}/")
    thread.join(10)
    answers.close()
    assert "没有应答" not in refused.value.message_zh
    assert knocked == []


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://u:p@/d?host=127.0.0.1&port={port}",
        "postgresql+psycopg://u:p@8.8.8.8/d?host=127.0.0.1&port={port}",
        "postgresql+psycopg://u:p@8.8.8.8:{port}/d?hostaddr=127.0.0.1",
        "postgresql+psycopg://u:p@8.8.8.8,127.0.0.1:{port}/d",
        "postgresql+psycopg://u:p@/d?service=inside",
        "postgresql+psycopg://u:p@/d",
        "postgresql+psycopg:///d",
        "postgresql+psycopg://u:p@%2Fvar%2Frun%2Fpostgresql/d",
        "mysql+pymysql://u:p@8.8.8.8/d?unix_socket=/run/mysqld.sock",
        "mysql+pymysql://u:p@8.8.8.8/d?read_default_file=/etc/my.cnf",
        "mssql+pyodbc:///?odbc_connect=Server%3D127.0.0.1",
        "clickhouse+http:///d",
    ],
)
def test_a_database_address_has_no_back_door(address, listener):
    port, knocked = listener
    here = source_of("sql", {"query": "SELECT 1 AS text", "rising": "", "start": ""}, {"url": address.format(port=port)})
    with pytest.raises(SourceRefused) as refused:
        adapter_of("sql").test(here)
    assert "没有答应" not in refused.value.message_zh
    assert "没有装" not in refused.value.message_zh
    assert knocked == []


@pytest.mark.parametrize(
    "path",
    [
        "{data}/state.sqlite3",
        "{data}/inbox/../state.sqlite3",
        "{data}/inbox/link.sqlite3",
        "{data}/state.sqlite3?mode=rwc",
        "/etc/passwd",
        ":memory:",
        "",
    ],
)
def test_the_servers_own_state_is_no_source(path, tmp_path, settings):
    settings.DATA = tmp_path
    (tmp_path / "inbox").mkdir()
    with sqlite3.connect(tmp_path / "state.sqlite3") as state:
        state.execute("CREATE TABLE people_user (password TEXT)")
    (tmp_path / "inbox" / "link.sqlite3").symlink_to(tmp_path / "state.sqlite3")
    config = {"query": "SELECT password AS text FROM people_user", "rising": "", "start": ""}
    with pytest.raises(SourceRefused) as refused:
        adapter_of("sql").test(source_of("sql", config, {"url": "sqlite:///" + path.format(data=tmp_path)}))
    assert "没有答应" not in refused.value.message_zh


def test_an_opened_file_is_read_and_its_name_is_no_option(tmp_path, settings):
    settings.DATA = tmp_path
    (tmp_path / "inbox").mkdir()
    with sqlite3.connect(tmp_path / "inbox" / "a b#1.sqlite3") as shop:
        shop.execute("CREATE TABLE note AS SELECT '很好' AS words")
    here = source_of("sql", {"query": "SELECT words AS text FROM note", "rising": "", "start": ""})
    here.secrets = {"url": f"sqlite:///{tmp_path}/inbox/a b#1.sqlite3"}
    assert adapter_of("sql").preview(here) == [{"text": "很好"}]
