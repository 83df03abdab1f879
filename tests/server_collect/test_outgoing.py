"""The way out: an address that somebody typed does not reach into our own network."""

from __future__ import annotations

import http.server
import socket
import threading

import pytest

from huiyin.server.collect.sources import outgoing
from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.outgoing import fetch, is_public


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True),
        ("127.0.0.1", False), ("127.8.8.8", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False), ("192.0.2.1", False), ("198.18.0.1", False),
        ("::1", False), ("::", False), ("fe80::1", False), ("fe80::1%eth0", False), ("fd00::1", False), ("fd00:ec2::254", False), ("ff02::1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:169.254.169.254", False), ("64:ff9b::7f00:1", False), ("64:ff9b::a9fe:a9fe", False), ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_which_addresses_are_of_the_open_internet(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://017700000001/",
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/", "http://user@127.0.0.1/", "http://127.0.0.1:99999/", "http://127.0.0.1:x/",
        "file:///etc/passwd", "ftp://example.com/", "gopher://127.0.0.1/", "http://", "//example.com", "", "http://no-such-host.invalid/",
    ],
)  # fmt: skip
def test_an_inside_address_in_any_spelling_is_refused(url):
    with pytest.raises(SourceRefused) as refused:
        fetch(url)
    assert refused.value.message_zh


@pytest.fixture
def server(monkeypatch):
    class Handler(http.server.BaseHTTPRequestHandler):
        seen: list = []

        def do_GET(self):
            self.seen.append((self.path, dict(self.headers)))
            if self.path.startswith("/to?"):
                self.send_response(302)
                self.send_header("Location", self.path.split("?", 1)[1])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = b"x" * (3000 if self.path == "/large" else 5)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    Handler.seen = []
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    monkeypatch.setenv("HUIYIN_OUTGOING_ALLOW", "trusted.example, 127.0.0.1/32")
    yield running.server_port, Handler.seen
    running.shutdown()
    running.server_close()


def test_what_the_operator_trusts_is_reached(server):
    port, _ = server
    assert fetch(f"http://127.0.0.1:{port}/").body == b"xxxxx"


def test_a_redirect_inside_is_refused_and_one_elsewhere_loses_the_credentials(server, monkeypatch):
    port, seen = server
    with pytest.raises(SourceRefused):
        fetch(f"http://127.0.0.1:{port}/to?http://169.254.169.254/")
    fetch(f"http://127.0.0.1:{port}/to?/there", headers={"Authorization": "secret"})
    assert seen[-1][1]["Authorization"] == "secret"
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *args, **more: resolve("127.0.0.1" if host == "trusted.example" else host, *args, **more))
    fetch(f"http://127.0.0.1:{port}/to?http://trusted.example:{port}/there", headers={"Authorization": "secret"})
    assert "Authorization" not in seen[-1][1]


def test_redirects_without_end_and_floods_are_cut_off(server):
    port, _ = server
    with pytest.raises(SourceRefused):
        fetch(f"http://127.0.0.1:{port}/to?/to?/to?/to?/to?/to?/to?/there")
    with pytest.raises(SourceRefused):
        fetch(f"http://127.0.0.1:{port}/large", largest=1000)


def test_a_name_is_resolved_once_and_all_its_addresses_count(monkeypatch):
    asked = []

    def both(host, port, **more):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", both)
    with pytest.raises(SourceRefused):
        fetch("http://two-faced.example/")
    assert asked == ["two-faced.example"]
